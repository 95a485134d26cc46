import type { Lead } from "@bellwether/contracts/leads";
import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useState } from "react";
import { api } from "../../../api.ts";
import { type Outcome, useMove } from "../moving/moving.tsx";
import type { Moved } from "./columns.ts";

const none: Moved = new Map();
const no_refusals: ReadonlyMap<string, string> = new Map();

export interface BoardMoves {
  moved: Moved;
  /** Why a card came back, by lead. */
  refusals: ReadonlyMap<string, string>;
  move: (leads: readonly Lead[], to: string) => Promise<Outcome>;
}

/** Moves on the board: shown at once, and kept until the board was read again; a refused card returns with the reason. */
export function useBoardMoves(): BoardMoves {
  const client = useQueryClient();
  const send = useMove();
  const [moved, setMoved] = useState(none);
  const [refusals, setRefusals] = useState(no_refusals);

  const move = useCallback(
    async (leads: readonly Lead[], to: string) => {
      const ids = leads.map((lead) => lead.id);
      const at = new Date().toISOString();
      const shown = (on: boolean) =>
        setMoved((now) =>
          on
            ? new Map([...now, ...leads.map((lead) => [lead.id, { lead, to, at }] as const)])
            : without(now, ids),
        );
      setRefusals((now) => without(now, ids));
      const outcome = await send({ leads, to, how: "board", shown });
      if (outcome.kind === "refused") {
        setRefusals((now) => new Map([...now, ...ids.map((id) => [id, outcome.say] as const)]));
      }
      if (outcome.kind !== "cancelled") {
        // An answer that was under way before the move would put the card back for a moment.
        await client.cancelQueries({ queryKey: api.board.key() });
        await client.invalidateQueries({ queryKey: api.board.key() });
        setMoved((now) => without(now, ids));
      }
      return outcome;
    },
    [client, send],
  );
  return { moved, refusals, move };
}

function without<T>(map: ReadonlyMap<string, T>, ids: readonly string[]): ReadonlyMap<string, T> {
  if (!ids.some((id) => map.has(id))) return map;
  const gone = new Set(ids);
  return new Map([...map].filter(([id]) => !gone.has(id)));
}
