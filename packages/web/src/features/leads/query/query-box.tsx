import { ActionIcon, CloseButton, TextInput, Tooltip } from "@mantine/core";
import { useDebouncedCallback, useDebouncedValue } from "@mantine/hooks";
import { IconFilterPlus, IconSearch } from "@tabler/icons-react";
import type { KeyboardEvent, RefObject } from "react";
import { useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from "react";
import { Kbd } from "../../../ui/index.ts";
import type { Lookups } from "../lookups.ts";
import { useLostReasons } from "../lookups.ts";
import type { Completion, Suggestion } from "../model/completion.ts";
import { completionAt } from "../model/completion.ts";
import type { QueryFault } from "../model/query.ts";
import { faultIn } from "../model/query.ts";
import { choicesOf } from "../value-input.tsx";
import css from "./query.module.css";

const typing_pause_ms = 150;
/** Half a query is no mistake while it is being typed. */
const fault_pause_ms = 600;

interface Props {
  box: RefObject<HTMLInputElement | null>;
  q: string;
  change: (q: string) => void;
  /** What the server refused, in a sentence. */
  refused: string | null;
  toList: () => void;
  phone: boolean;
  lookups: Lookups;
  /** Makes filters of the conditions in the text; null where it holds none. */
  turn: (() => void) | null;
}

/** Words, or `field:value`: completed while it is typed; what can't be asked is underlined and said. */
export function QueryBox({ box, q, change, refused, toList, phone, lookups, turn }: Props) {
  const [text, setText] = useState(q);
  const [caret, setCaret] = useState<number | null>(null);
  const [active, setActive] = useState<number | null>(null);
  const fields = lookups.filters;
  const { segments } = lookups.names;
  const list = useId();
  const moveTo = useRef<number | null>(null);
  // The caret can be put only where the new text already stands, and before the next key is typed.
  useLayoutEffect(() => {
    if (moveTo.current !== null) box.current?.setSelectionRange(moveTo.current, moveTo.current);
    moveTo.current = null;
  }, [box, text]);
  const ask = useDebouncedCallback((next: string) => {
    if (faultIn(next, fields, segments) === null) change(next);
  }, typing_pause_ms);
  // What was typed before fields and segments were known could mean nothing yet.
  useEffect(() => {
    if (lookups.ready && text.trim() !== q.trim()) ask(text);
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- when they are known, not with each key
  }, [lookups.ready, segments]);
  // The address changes from outside too: by Back, by “clear filters”, by a view.
  useEffect(() => setText((typed) => (typed.trim() === q.trim() ? typed : q)), [q]);

  const reasons = useLostReasons(text.includes("lost_reason"));
  const completion = useMemo(
    () =>
      caret === null
        ? null
        : completionAt(
            text,
            caret,
            fields,
            (column) => (column.id === "lost_reason" ? reasons : choicesOf(column, lookups.names)),
            segments,
            lookups.names.events,
          ),
    [text, caret, fields, lookups.names, segments, reasons],
  );
  // A value's first suggestion is ready for Enter; while words are typed, Enter goes on to the list.
  const ready = completion?.kind === "value" && completion.from < completion.to ? 0 : -1;
  const at = completion ? Math.min(active ?? ready, completion.suggestions.length - 1) : -1;
  const set = (next: string, to: number | null) => {
    setText(next);
    setCaret(to);
    setActive(null);
    ask(next);
  };
  const take = ({ insert }: Suggestion, { from, to }: Completion) => {
    const next = text.slice(0, from) + insert + text.slice(to);
    const end = from + insert.length;
    set(next, insert.endsWith(" ") ? null : end);
    moveTo.current = end;
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    const done = completion
      ? keyInList(event, { completion, at, setActive, take, close: () => setCaret(null) })
      : keyInBox(event, { text, clear: () => set("", null), toList });
    if (!done) return;
    event.preventDefault();
    event.stopPropagation();
  };
  const fault = useFault(text, lookups, completion !== null);

  return (
    <div className={css.box}>
      <TextInput
        ref={box}
        type="search"
        role="combobox"
        aria-label="Search leads"
        aria-autocomplete="list"
        aria-expanded={completion !== null}
        aria-controls={list}
        {...(completion && at >= 0 ? { "aria-activedescendant": `${list}-${at}` } : {})}
        autoComplete="off"
        spellCheck={false}
        placeholder={phone ? "Search leads" : "Name, e-mail, phone, company, or field:value"}
        value={text}
        error={fault !== null || refused !== null}
        onChange={({ currentTarget: { value, selectionStart } }) =>
          set(value, selectionStart ?? value.length)
        }
        onBlur={() => setCaret(null)}
        onKeyDown={onKeyDown}
        leftSection={<IconSearch size={15} stroke={1.7} />}
        rightSectionWidth={(text && turn ? 2 : 1) * (phone ? 44 : 28) + 8}
        rightSection={
          text ? (
            <Ends
              turn={turn}
              clear={() => {
                set("", null);
                box.current?.focus();
              }}
            />
          ) : phone ? null : (
            <Kbd>/</Kbd>
          )
        }
      />
      {fault && <Underline box={box} text={text} fault={fault} />}
      {completion ? (
        <Suggestions id={list} completion={completion} at={at} take={take} />
      ) : (
        (fault ?? refused) && (
          <p className={css.refused} role="alert">
            {fault ? fault.message : refused}
          </p>
        )
      )}
    </div>
  );
}

/** What can be done with the text as a whole. */
function Ends({ turn, clear }: { turn: (() => void) | null; clear: () => void }) {
  return (
    <>
      {turn && (
        <Tooltip label="Turn into filters">
          <ActionIcon size={26} aria-label="Turn the search into filters" onClick={turn}>
            <IconFilterPlus size={15} stroke={1.7} />
          </ActionIcon>
        </Tooltip>
      )}
      <CloseButton size={26} iconSize={16} aria-label="Clear the search" onClick={clear} />
    </>
  );
}

function useFault(text: string, { filters, names }: Lookups, completing: boolean): QueryFault | null {
  const [settled] = useDebouncedValue(text, fault_pause_ms);
  const fault = useMemo(() => faultIn(settled, filters, names.segments), [settled, filters, names.segments]);
  return settled === text && !completing ? fault : null;
}

interface InList {
  completion: Completion;
  at: number;
  setActive: (at: number) => void;
  take: (suggestion: Suggestion, completion: Completion) => void;
  close: () => void;
}

function keyInList(event: KeyboardEvent, { completion, at, setActive, take, close }: InList): boolean {
  const { length } = completion.suggestions;
  const chosen = completion.suggestions[at];
  if (event.key === "ArrowDown") setActive((at + 1) % length);
  else if (event.key === "ArrowUp") setActive(at <= 0 ? length - 1 : at - 1);
  else if ((event.key === "Enter" || event.key === "Tab") && chosen) take(chosen, completion);
  else if (event.key === "Escape" || event.key === "Enter") close();
  else return false;
  return true;
}

function keyInBox(
  event: KeyboardEvent,
  { text, clear, toList }: { text: string; clear: () => void; toList: () => void },
): boolean {
  if (event.key === "Escape" && text) clear();
  else if (event.key === "Escape" || event.key === "Enter" || event.key === "ArrowDown") toList();
  else return false;
  return true;
}

function Suggestions({
  id,
  completion,
  at,
  take,
}: {
  id: string;
  completion: Completion;
  at: number;
  take: InList["take"];
}) {
  const title = { field: "Fields", operator: "Comparisons", value: "Values" }[completion.kind];
  return (
    <div id={id} role="listbox" aria-label={title} className={css.list}>
      {completion.suggestions.map((suggestion, index) => (
        <div
          key={suggestion.insert}
          id={`${id}-${index}`}
          role="option"
          tabIndex={-1}
          aria-selected={index === at}
          className={css.option}
          // Before the box loses the focus, which would close the list.
          onMouseDown={(event) => {
            event.preventDefault();
            take(suggestion, completion);
          }}
        >
          <span>{suggestion.label}</span>
          {suggestion.hint !== suggestion.label && <code>{suggestion.hint}</code>}
        </div>
      ))}
    </div>
  );
}

/** The same text under the box's own, invisible but for the line under what is wrong. */
function Underline({
  box,
  text,
  fault,
}: {
  box: RefObject<HTMLInputElement | null>;
  text: string;
  fault: QueryFault;
}) {
  const mirror = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const input = box.current;
    if (!input) return;
    const follow = () => mirror.current?.scrollTo({ left: input.scrollLeft });
    follow();
    input.addEventListener("scroll", follow);
    return () => input.removeEventListener("scroll", follow);
  }, [box, text]);
  return (
    <div ref={mirror} className={css.mirror} aria-hidden="true">
      {text.slice(0, fault.from)}
      <span className={css.wrong}>{text.slice(fault.from, fault.to) || " "}</span>
      {text.slice(fault.to)}
    </div>
  );
}
