import { useCallback, useState } from "react";
import * as z from "zod";
import { useSession } from "../../../session.tsx";

const Looks = z.object({
  /** Stages whose column is folded away. */
  folded: z.array(z.string()).default([]),
  compact: z.boolean().default(false),
  /** What cards show beside name, company, owner and age, by view. */
  fields: z.record(z.string(), z.array(z.string())).default({}),
});
type Looks = z.infer<typeof Looks>;

const usual_fields = ["score", "tags", "lost_reason"];

export interface BoardLooks {
  folded: ReadonlySet<string>;
  fold: (stage: string, folded: boolean) => void;
  compact: boolean;
  setCompact: (compact: boolean) => void;
  fields: readonly string[];
  setFields: (fields: string[]) => void;
}

/** How the board looks to this person: kept in the browser for each workspace, the fields for each view. */
export function useBoardLooks(view_id: string): BoardLooks {
  const { workspace } = useSession();
  const key = `bellwether.board.${workspace.id}`;
  const [looks, setLooks] = useState(() => read(key));
  const change = useCallback(
    (to: (now: Looks) => Looks) =>
      setLooks((now) => {
        const next = to(now);
        write(key, next);
        return next;
      }),
    [key],
  );
  return {
    folded: new Set(looks.folded),
    fold: (stage, folded) =>
      change((now) => {
        const others = now.folded.filter((each) => each !== stage);
        return { ...now, folded: folded ? [...others, stage] : others };
      }),
    compact: looks.compact,
    setCompact: (compact) => change((now) => ({ ...now, compact })),
    fields: looks.fields[view_id] ?? usual_fields,
    setFields: (fields) => change((now) => ({ ...now, fields: { ...now.fields, [view_id]: fields } })),
  };
}

// Storage may be full or forbidden; the looks then last as long as the page.
function read(key: string): Looks {
  try {
    return Looks.parse(JSON.parse(localStorage.getItem(key) ?? "{}"));
  } catch {
    return Looks.parse({});
  }
}

function write(key: string, looks: Looks): void {
  try {
    localStorage.setItem(key, JSON.stringify(looks));
  } catch {
    return;
  }
}
