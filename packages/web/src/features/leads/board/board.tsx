import type { Lead } from "@bellwether/contracts/leads";
import type { Stage } from "@bellwether/contracts/pipeline";
import type { Ref, RefObject } from "react";
import { useCallback, useImperativeHandle, useLayoutEffect, useRef, useState } from "react";
import { createPortal } from "react-dom";
import type { GridHandle } from "../grid/lead-grid.tsx";
import type { Column } from "../model/columns.ts";
import { leadName } from "../model/columns.ts";
import { isChosen } from "../model/selection.ts";
import type { Names } from "../model/values.ts";
import type { Selecting } from "../selecting.ts";
import type { ColumnHandle, Showing } from "./board-column.tsx";
import { BoardColumn } from "./board-column.tsx";
import css from "./board.module.css";
import { useChoosing } from "./choosing.ts";
import type { BoardData } from "./data.ts";
import { useDragging } from "./dragging.ts";
import type { BoardMoves } from "./moves.ts";
import type { BoardLooks } from "./prefs.ts";
import { StageSwitch } from "./stage-switch.tsx";
import { type Keys, useKeys } from "./use-keys.ts";

export interface BoardProps {
  ref?: Ref<GridHandle>;
  data: BoardData;
  /** In the order of the board. */
  stages: readonly Stage[];
  fields: readonly Column[];
  names: Names;
  looks: BoardLooks;
  moves: BoardMoves;
  may_move: boolean;
  phone: boolean;
  open: string | null;
  onOpen: (lead: Lead, how: { page: boolean; tab?: boolean }) => void;
  /** Null: this person has no use for choosing several. */
  selecting: Selecting | null;
}

/** The pipeline as columns of cards, moved by mouse, finger, keyboard or menu. */
export function Board(props: BoardProps) {
  const { ref, data, stages, fields, names, looks, moves, may_move, phone, open, selecting } = props;
  const box = useRef<HTMLDivElement>(null);
  const ghost = useRef<HTMLDivElement>(null);
  const point = useRef("");
  const columns = useRef(new Map<string, ColumnHandle>());
  const [menu, setMenu] = useState<string | null>(null);
  const [said, say] = useState("");
  const [shown_stage, showStage] = useState<string | null>(null);
  const register = useCallback((stage: string, handle: ColumnHandle | null) => {
    if (handle) columns.current.set(stage, handle);
    else columns.current.delete(stage);
  }, []);
  const one = phone ? (stages.find((stage) => stage.key === shown_stage) ?? stages[0]) : undefined;
  const seen = one ? [one] : stages.filter((stage) => !looks.folded.has(stage.key));

  const find = (id: string) =>
    [...columns.current.values()].flatMap((column) => column.leads).find((lead) => lead.id === id);
  /** A chosen card takes the other chosen ones along. */
  const handful = (lead: Lead): Lead[] => {
    if (!selecting || !selecting.selection.ids.has(lead.id)) return [lead];
    const all = [...columns.current.values()].flatMap((column) => column.leads);
    return all.filter((each) => selecting.selection.ids.has(each.id));
  };
  const move = useMovingCards({ ...props, handful, say });
  const keys = useKeys({ ...props, box, columns, seen, find, handful, say, move, setMenu });
  const choosing = useChoosing(selecting, columns);
  const { dragged, onPointerDown } = useDragging(box, {
    follow: (x, y) => {
      point.current = `${x}px ${y}px`;
      if (ghost.current) ghost.current.style.translate = point.current;
    },
    lift: (id) => {
      const lead = find(id);
      if (lead) keys.setHeld({ leads: handful(lead), over: null, by: "pointer" });
    },
    drop: (_id, stage) => {
      const leads = keys.held?.leads ?? [];
      keys.setHeld(null);
      if (stage !== null) void move(leads, stage);
    },
  });
  const over = dragged?.over ?? keys.held?.over ?? null;
  const moveFromMenu = useLatest((lead: Lead, to: string) => void move(handful(lead), to));
  useImperativeHandle(ref, () => handleOf(columns.current, keys));

  const showing: Showing = {
    stages,
    fields,
    names,
    compact: looks.compact,
    current: keys.current,
    isChosen: (id) => selecting !== null && isChosen(selecting.selection, id),
    lifted: new Set(keys.held?.leads.map((lead) => lead.id)),
    open,
    move: may_move ? moveFromMenu : null,
    menu,
    setMenu,
    refusals: moves.refusals,
  };
  const heads = new Map(data.columns?.map((column) => [column.stage, column]));
  return (
    <>
      {one && <StageSwitch stages={stages} heads={heads} now={one.key} over={over} show={showStage} />}
      <div
        ref={box}
        role="group"
        aria-label="Board"
        className={css.board}
        data-phone={phone || undefined}
        data-outdated={data.outdated || undefined}
        data-dragging={dragged !== null || undefined}
        aria-busy={data.outdated}
        onKeyDown={keys.onKeyDown}
        onFocus={keys.onFocus}
        onBlur={keys.onBlur}
        onPointerDown={may_move ? onPointerDown : undefined}
        onClick={(event) => {
          const id = cardAt(event.target);
          const lead = id && find(id);
          if (!lead) return;
          event.preventDefault();
          if (!choosing(lead, event)) props.onOpen(lead, { page: false });
        }}
      >
        {(one ? [one] : stages).map((stage) => (
          <BoardColumn
            key={`${stage.key} ${JSON.stringify(data.input)}`}
            input={data.input}
            head={
              heads.get(stage.key) ?? {
                stage: stage.key,
                count: 0,
                exact: true,
                leads: [],
                next_cursor: null,
              }
            }
            stage={stage}
            moved={moves.moved}
            over={over === stage.key}
            folded={looks.folded.has(stage.key)}
            fold={one ? null : (folded) => looks.fold(stage.key, folded)}
            showing={showing}
            register={register}
          />
        ))}
      </div>
      <p id="board-keys" className={css.spoken}>
        {may_move
          ? "Space lifts the card, arrow keys choose a stage, Space drops it, Escape puts it back. Enter opens the lead, M moves it by a menu."
          : "Enter opens the lead."}
      </p>
      <p className={css.spoken} role="status" aria-live="assertive">
        {said}
      </p>
      {dragged &&
        keys.held &&
        createPortal(<Ghost ref={ghost} point={point} leads={keys.held.leads} />, document.body)}
    </>
  );
}

interface GhostProps {
  ref: RefObject<HTMLDivElement | null>;
  /** Where the pointer is now. */
  point: RefObject<string>;
  leads: readonly Lead[];
}

/** What is under the pointer while it carries cards. */
function Ghost({ ref, point, leads }: GhostProps) {
  useLayoutEffect(() => {
    if (ref.current) ref.current.style.translate = point.current;
  }, [ref, point]);
  const [first, ...others] = leads;
  return (
    <div ref={ref} className={css.ghost} aria-hidden="true">
      <div className={css.ghostCard} data-many={others.length > 0 || undefined}>
        <span className={css.cardName}>{first ? leadName(first) : ""}</span>
        {others.length > 0 && <span className={css.company}>and {others.length} more</span>}
      </div>
    </div>
  );
}

type MovingCards = BoardProps & { handful: (lead: Lead) => Lead[]; say: (words: string) => void };

/** Moves what was let go of, and says how it went to who can't see it. */
function useMovingCards({ moves, stages, selecting, say }: MovingCards) {
  return useLatest(async (leads: readonly Lead[], to: string) => {
    const moving = leads.filter((lead) => lead.stage !== to);
    const stage = stages.find((each) => each.key === to);
    const [first] = moving;
    if (!first || !stage) return say("Put back. Nothing moved.");
    const who = moving.length === 1 ? leadName(first) : `${moving.length} leads`;
    const outcome = await moves.move(moving, to);
    if (outcome.kind === "moved") {
      say(`${who} moved to ${stage.name}.`);
      if (moving.length > 1) selecting?.clear();
    } else {
      say(outcome.kind === "cancelled" ? "Put back. Nothing moved." : `${who} came back: ${outcome.say}`);
    }
  });
}

/** The same function for as long as the board is there, doing what it would do now. */
function useLatest<A extends unknown[], R>(run: (...args: A) => R): (...args: A) => R {
  const latest = useRef(run);
  latest.current = run;
  return useCallback((...args: A) => latest.current(...args), []);
}

function cardAt(target: EventTarget | null): string | undefined {
  if (!(target instanceof Element) || target.closest("button")) return undefined;
  return target.closest<HTMLElement>("[data-card]")?.dataset["card"];
}

function handleOf(columns: ReadonlyMap<string, ColumnHandle>, keys: Keys): GridHandle {
  return {
    focus: keys.focus,
    neighbour: (id, by) => {
      const { leads } = [...columns.values()].find((each) => each.leads.some((lead) => lead.id === id)) ?? {};
      const row = leads?.findIndex((lead) => lead.id === id) ?? -1;
      return row < 0 ? undefined : leads?.[row + by];
    },
    // A card has no place in the list: its page leafs through nothing.
    rowOf: () => undefined,
  };
}
