import type { Lead } from "@bellwether/contracts/leads";
import type { Stage } from "@bellwether/contracts/pipeline";
import type { QueryClient } from "@tanstack/react-query";
import { useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { createContext, use, useCallback, useRef, useState } from "react";
import { api, client, isProblem, sentenceOf } from "../../../api.ts";
import { useMay } from "../../../session.tsx";
import { toast } from "../../../ui/index.ts";
import { runBulk, tellUndoable } from "../../changes/index.ts";
import { rereadLead, showLead } from "../edits.tsx";
import type { Lookups } from "../lookups.ts";
import { asksBoth, asksIn, asksNothing, asksOf } from "../model/asks.ts";
import { leadName } from "../model/columns.ts";
import type { Answer, Asking, Said } from "./move-form.tsx";
import { MoveForm, nothing_said } from "./move-form.tsx";

export interface MoveAsk {
  leads: readonly Lead[];
  /** The key of the stage. */
  to: string;
  how: "card" | "board" | "list";
  /** Told when the move is on its way, to show it at once, and when it was refused. */
  shown?: (moved: boolean) => void;
}
export type Outcome = { kind: "moved" } | { kind: "cancelled" } | { kind: "refused"; say: string };

/** Moves leads to a stage, asking first for what the stage asks for; tells what came of it, with the way back. */
type Move = (ask: MoveAsk) => Promise<Outcome>;

const MovingContext = createContext<Move | null>(null);

export function useMove(): Move {
  const move = use(MovingContext);
  if (!move) throw new Error("useMove needs a MovingProvider above it.");
  return move;
}

type Given = { answer: Answer; said: Said };

/** The one way in which the screens move leads: list, card, board and what is done to many. */
export function MovingProvider({ lookups, children }: { lookups: Lookups; children: ReactNode }) {
  const queries = useQueryClient();
  const [asking, setAsking] = useState<Asking | null>(null);
  const given = useRef<((given: Given | null) => void) | null>(null);
  const may_reopen = useMay("leads:reopen");
  const latest = useRef({ lookups, may_reopen });
  latest.current = { lookups, may_reopen };

  const ask = useCallback((next: Asking) => {
    given.current?.(null);
    setAsking(next);
    return new Promise<Given | null>((resolve) => (given.current = resolve));
  }, []);
  const settle = (result: Given | null) => {
    given.current?.(result);
    given.current = null;
    setAsking(null);
  };
  const move = useCallback<Move>(
    async (wanted) => moveLeads(wanted, { queries, ask, ...latest.current }),
    [queries, ask],
  );
  return (
    <MovingContext value={move}>
      {children}
      <MoveForm
        asking={asking}
        names={lookups.names}
        answer={(answer, said) => settle({ answer, said })}
        cancel={() => settle(null)}
      />
    </MovingContext>
  );
}

interface Means {
  queries: QueryClient;
  lookups: Lookups;
  may_reopen: boolean;
  ask: (asking: Asking) => Promise<Given | null>;
}

async function moveLeads(wanted: MoveAsk, means: Means): Promise<Outcome> {
  const { lookups, ask } = means;
  const stage = lookups.names.stages.find((each) => each.key === wanted.to);
  const leads = wanted.leads.filter((lead) => lead.stage !== wanted.to);
  const [first] = leads;
  if (!stage) return { kind: "refused", say: "That stage isn’t there any more." };
  if (!first) return { kind: "cancelled" };
  const who = leads.length === 1 ? leadName(first) : `${leads.length.toLocaleString()} leads`;
  let asks = asksOf(stage, leads, lookups.fields);
  let given: Given = { answer: {}, said: nothing_said };
  let errors: Record<string, string> = {};
  let asked = asksNothing(asks);
  for (;;) {
    if (!asked) {
      // oxlint-disable-next-line no-await-in-loop -- each try follows from what was wrong with the one before
      const next = await ask({ who, stage, asks, said: given.said, errors });
      if (next === null) return { kind: "cancelled" };
      given = next;
    }
    try {
      wanted.shown?.(true);
      // oxlint-disable-next-line no-await-in-loop
      await (leads.length === 1
        ? moveOne(first, stage, { ...wanted, answer: given.answer }, means)
        : moveMany(leads, stage, given.answer));
      return { kind: "moved" };
    } catch (error) {
      wanted.shown?.(false);
      const missing = isProblem(error, "invalid") ? asksIn(error.errors, lookups.fields) : null;
      if (missing === null || !isProblem(error)) {
        toast.failed(error, `${who} stayed where ${leads.length === 1 ? "it was" : "they were"}`);
        return { kind: "refused", say: sentenceOf(error) };
      }
      asks = asksBoth(asks, missing);
      errors = Object.fromEntries(error.errors.map((each) => [each.path, each.message]));
      asked = false;
    }
  }
}

async function moveMany(leads: readonly Lead[], stage: Stage, { reason }: Answer): Promise<void> {
  const action = {
    kind: "set_stage" as const,
    stage: stage.key,
    ...(reason === undefined ? {} : { reason }),
  };
  await runBulk({ lead_ids: leads.map((lead) => lead.id), action });
}

async function moveOne(
  lead: Lead,
  stage: Stage,
  { how, answer }: Pick<MoveAsk, "how"> & { answer: Answer },
  { queries, lookups, may_reopen }: Means,
): Promise<void> {
  const from = lookups.names.stages.find((each) => each.key === lead.stage);
  const show = (next: Lead) => showLead(queries, lead.id, () => next);
  showLead(queries, lead.id, (now) => ({ ...now, stage: stage.key }));
  try {
    show(await send(lead, stage, { from, how, answer, may_reopen }));
  } catch (error) {
    showLead(queries, lead.id, (now) => ({ ...now, stage: lead.stage }));
    throw error;
  } finally {
    rereadLead(queries, lead.id);
  }
  tellUndoable(`moved-${lead.id}`, `${leadName(lead)} is in ${stage.name} now.`, () =>
    undoMove(lead, { from, to: stage }, queries),
  );
}

interface Way {
  from: Stage | undefined;
  how: MoveAsk["how"];
  answer: Answer;
  may_reopen: boolean;
}

function send(lead: Lead, to: Stage, { from, how, answer, may_reopen }: Way): Promise<Lead> {
  const leaves_final = from !== undefined && from.kind !== "open";
  return leaves_final && may_reopen && to.kind === "open"
    ? client.leads.reopen({ id: lead.id, stage: to.key })
    : client.leads.setStage({ id: lead.id, stage: to.key, from: lead.stage, how, ...answer });
}

/** As if it hadn't been: also out of a final stage, which is otherwise left by reopening alone. */
async function undoMove(
  lead: Lead,
  { from, to }: { from: Stage | undefined; to: Stage },
  queries: QueryClient,
): Promise<void> {
  try {
    const back = await client.moves.undo({ id: lead.id, from: to.key });
    showLead(queries, lead.id, () => back);
    toast.done(`${leadName(lead)} is back in ${from?.name ?? back.stage}.`);
  } catch (error) {
    toast.failed(error, "The move wasn’t undone");
  }
  rereadLead(queries, lead.id);
  await queries.invalidateQueries({ queryKey: api.board.key() });
}
