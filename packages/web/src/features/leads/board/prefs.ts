import type { View } from "@bellwether/contracts/views";
import { useCallback, useState } from "react";
import * as z from "zod";
import { useSession } from "../../../session.tsx";
import { usual_view } from "../search.ts";

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
  /** The fields as the view is saved with them, and whether they were changed since. */
  cards: { now: string[] | null; changed: boolean; reset: () => void };
}

/**
 * How the board looks to this person: kept in the browser for each workspace. Fields are those chosen here for the view,
 * until they are saved with it, else the view's own.
 */
export function useBoardLooks(view: View | undefined): BoardLooks {
  const view_id = view?.id ?? usual_view;
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
  const chosen = looks.fields[view_id];
  const own = view?.card_fields ?? null;
  const fields = chosen ?? own ?? usual_fields;
  return {
    folded: new Set(looks.folded),
    fold: (stage, folded) =>
      change((now) => {
        const others = now.folded.filter((each) => each !== stage);
        return { ...now, folded: folded ? [...others, stage] : others };
      }),
    compact: looks.compact,
    setCompact: (compact) => change((now) => ({ ...now, compact })),
    fields,
    setFields: (to) => change((now) => ({ ...now, fields: { ...now.fields, [view_id]: to } })),
    cards: {
      now: chosen ?? own,
      // The views of every workspace can't be saved: there, the choice is this browser's alone.
      changed: view?.standard === false && fields.join(" ") !== (own ?? usual_fields).join(" "),
      reset: () =>
        change((now) => {
          const { [view_id]: _mine, ...others } = now.fields;
          return { ...now, fields: others };
        }),
    },
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
