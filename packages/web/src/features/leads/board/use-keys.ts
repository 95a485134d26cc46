import type { Lead } from "@bellwether/contracts/leads";
import type { Stage } from "@bellwether/contracts/pipeline";
import type { FocusEvent, KeyboardEvent, RefObject } from "react";
import { useEffect, useRef, useState } from "react";
import { leadName } from "../model/columns.ts";
import { toggle } from "../model/selection.ts";
import type { BoardProps } from "./board.tsx";
import type { ColumnHandle } from "./board-column.tsx";
import { liftedStep, type Place, restingStep } from "./steps.ts";

/** Cards in the hand, by pointer or by keyboard. */
export interface Held {
  leads: readonly Lead[];
  over: string | null;
  by: "pointer" | "keys";
}

export interface Keys {
  held: Held | null;
  setHeld: (held: Held | null) => void;
  /** The card that has the keyboard, or had it last. */
  current: string | null;
  onKeyDown: (event: KeyboardEvent) => void;
  onFocus: (event: FocusEvent) => void;
  onBlur: () => void;
  focus: () => void;
}

interface Ask extends BoardProps {
  box: RefObject<HTMLElement | null>;
  columns: RefObject<ReadonlyMap<string, ColumnHandle>>;
  /** Whose cards can be gone through. */
  seen: readonly Stage[];
  find: (id: string) => Lead | undefined;
  handful: (lead: Lead) => Lead[];
  say: (words: string) => void;
  move: (leads: readonly Lead[], to: string) => Promise<unknown>;
  setMenu: (lead_id: string | null) => void;
}

const frames_max = 30;
const dialogOpen = () => document.querySelector('[role="dialog"][aria-modal="true"]') !== null;

export function useKeys(ask: Ask): Keys {
  const { stages, seen, columns, box, find, say } = ask;
  const [held, setHeld] = useState<Held | null>(null);
  const [current, setCurrent] = useState<string | null>(null);
  const wanted = useRef<string | null>(null);
  const has_focus = useRef(false);

  // A card that moved, or that was out of sight, is drawn some frames after it is asked for.
  const focusOn = (id: string | undefined) => {
    wanted.current = id ?? null;
    if (id === undefined) return;
    setCurrent(id);
    const seek = (left: number) => {
      if (wanted.current !== id || dialogOpen()) return;
      const card = box.current?.querySelector<HTMLElement>(`[data-card="${CSS.escape(id)}"]`);
      if (card) card.focus();
      else if (left > 0) requestAnimationFrame(() => seek(left - 1));
    };
    seek(frames_max);
  };
  useEffect(() => {
    // Somebody else moved the card that had the keyboard: go after it.
    if (has_focus.current && document.activeElement === document.body) focusOn(current ?? undefined);
  });
  const leadsAt = (column: number) => columns.current.get(seen[column]?.key ?? "")?.leads ?? [];
  const placeOf = (id: string): Place | null => {
    for (let column = 0; column < seen.length; column++) {
      const row = leadsAt(column).findIndex((lead) => lead.id === id);
      if (row >= 0) return { column, row };
    }
    return null;
  };
  const go = ({ column, row }: Place) => {
    columns.current.get(seen[column]?.key ?? "")?.reveal(row);
    focusOn(leadsAt(column)[row]?.id);
  };
  const hoverOver = (now: Held, column: number) => {
    const stage = stages[column];
    if (!stage) return;
    setHeld({ ...now, over: stage.key });
    box.current
      ?.querySelector(`[data-drop="${CSS.escape(stage.key)}"]`)
      ?.scrollIntoView({ inline: "nearest", block: "nearest" });
    say(`Over ${stage.name}, stage ${column + 1} of ${stages.length}.`);
  };
  const drop = async (now: Held) => {
    const [first] = now.leads;
    setHeld(null);
    if (now.over !== null) await ask.move(now.leads, now.over);
    // Where it ended up, be it the stage it was dropped on or the one it came back to.
    focusOn(first?.id);
  };
  const lift = (lead: Lead) => {
    if (!ask.may_move) return say("Your role can read leads but not move them.");
    const leads = ask.handful(lead);
    setHeld({ leads, over: lead.stage, by: "keys" });
    const who = leads.length === 1 ? leadName(lead) : `${leads.length} leads`;
    say(`${who} lifted. Arrow keys choose a stage, Space drops, Escape puts back.`);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const target = event.target instanceof HTMLElement ? event.target : null;
    const id = target?.dataset["card"];
    if (id === undefined || event.altKey) return;
    const key = { key: event.key, ctrl: event.ctrlKey || event.metaKey };
    const place = placeOf(id);
    const step =
      held?.by === "keys"
        ? liftedStep(
            key,
            stages.findIndex((stage) => stage.key === held.over),
            stages.length,
          )
        : place &&
          restingStep(
            key,
            place,
            seen.map((_, column) => leadsAt(column).length),
          );
    const lead = find(id);
    if (!step || !lead) return;
    event.preventDefault();
    event.stopPropagation();
    switch (step.do) {
      case "go":
        return go(step.to);
      case "over":
        return held ? hoverOver(held, step.column) : undefined;
      case "lift":
        return lift(lead);
      case "drop":
        return held ? void drop(held) : undefined;
      case "cancel":
        setHeld(null);
        return say("Put back. Nothing moved.");
      case "open":
        return ask.onOpen(lead, { page: event.ctrlKey || event.metaKey });
      case "choose":
        return ask.selecting?.select((now) => toggle(now, 0, () => id, []));
      case "menu":
        return ask.may_move ? ask.setMenu(id) : undefined;
    }
  };
  return {
    held,
    setHeld,
    current,
    onKeyDown,
    onFocus: (event) => {
      const id = event.target instanceof HTMLElement ? event.target.dataset["card"] : undefined;
      has_focus.current = id !== undefined;
      if (id !== undefined) setCurrent(id);
    },
    onBlur: () => {
      has_focus.current = false;
    },
    focus: () => {
      const id =
        current !== null && placeOf(current)
          ? current
          : leadsAt(seen.findIndex((_, at) => leadsAt(at).length > 0))[0]?.id;
      focusOn(id);
    },
  };
}
