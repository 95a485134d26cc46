import { nameFault } from "@bellwether/contracts/event-names";
import { countIs, type Happened } from "@bellwether/contracts/happened";
import { type ComboboxParsedItem, Group, SegmentedControl, Select, TextInput } from "@mantine/core";
import { useMemo, useState } from "react";
import { longList } from "../long-list.ts";
import { eventLabel, oftenChoices, withPart } from "../model/happened.ts";
import type { Names } from "../model/values.ts";
import { EventWhen } from "./event-when.tsx";
import { EventWhere } from "./event-where.tsx";
import css from "./filters.module.css";

interface Props {
  names: Names;
  rule: Happened;
  set: (rule: Happened) => void;
  /** Ready to be searched as soon as it is there. */
  focused: boolean;
}

/** What happened or didn't: which event, how often, when, with which properties. */
export function EventFields({ names, rule, set, focused }: Props) {
  const change = (part: Partial<Happened>) => set(withPart(rule, part));
  return (
    <div className={css.event} role="group" aria-label="Event">
      <SegmentedControl
        size="xs"
        aria-label="Did it happen"
        data={[
          { value: "did", label: "Happened" },
          { value: "not", label: "Did not happen" },
        ]}
        value={rule.did === false ? "not" : "did"}
        onChange={(did) => change({ did: did === "did" })}
      />
      <EventSelect
        names={names}
        event={rule.event}
        focused={focused}
        // Of another event, the properties mean something else.
        pick={(event) => change({ event, where: undefined })}
      />
      {rule.event !== "" && (
        <>
          {(rule.which ?? "any") === "any" && <Often rule={rule} change={change} />}
          <EventWhen rule={rule} set={set} />
          <EventWhere rule={rule} names={names} change={(where) => change({ where })} />
        </>
      )}
    </div>
  );
}

const inside = { withinPortal: false } as const;
/** `shop.*`: all whose names begin so. */
const prefix = /^[^*"\\]+\*$/;

function EventSelect({
  names,
  event,
  focused,
  pick,
}: {
  names: Names;
  event: string;
  focused: boolean;
  pick: (event: string) => void;
}) {
  const [typed, setTyped] = useState("");
  const data = useMemo(() => {
    const offered = names.events.filter((each) => !each.hidden || each.name === event);
    const items = (kind: (kind: string) => boolean) =>
      offered.filter((each) => kind(each.kind)).map((each) => ({ value: each.name, label: each.label }));
    const wanted = typed.trim();
    const known = [event, ...offered.flatMap(({ name, label }) => [name, label])].includes(wanted);
    const may_be = prefix.test(wanted) || nameFault(wanted) === null;
    const other = [
      ...(event !== "" && !offered.some(({ name }) => name === event) ? [event] : []),
      ...(wanted !== "" && !known && may_be ? [wanted] : []),
    ].map((value) => ({ value, label: eventLabel(value, names.events) }));
    return [
      { group: "Your events", items: items((kind) => kind === "reported") },
      { group: "Usual events", items: items((kind) => kind === "usual") },
      { group: "In Bellwether", items: items((kind) => kind === "built_in") },
      { group: "By this name", items: other },
    ].filter((group) => group.items.length > 0);
  }, [names.events, event, typed]);
  return (
    <Select
      aria-label="Which event"
      placeholder="Search events, or shop.* for all that begin so"
      data={data}
      value={event === "" ? null : event}
      onChange={(picked) => picked !== null && pick(picked)}
      onSearchChange={setTyped}
      filter={({ options, search }) => {
        const wanted = search.trim().toLowerCase();
        const fits = (option: { value: string; label: string }) =>
          [option.value, option.label].some((text) => text.toLowerCase().includes(wanted)) ||
          option.value.toLowerCase() === wanted;
        return options.flatMap((option): ComboboxParsedItem[] => {
          if (!("group" in option)) return fits(option) ? [option] : [];
          const items = option.items.filter((item) => option.group === "By this name" || fits(item));
          return items.length === 0 ? [] : [{ ...option, items }];
        });
      }}
      renderOption={({ option }) => (
        <span className={css.eventOption}>
          {option.label}
          {option.label !== option.value && <code>{option.value}</code>}
        </span>
      )}
      searchable
      allowDeselect={false}
      nothingFoundMessage="No event by that name"
      {...longList(260)}
      comboboxProps={inside}
      {...(focused && event === "" ? { "data-autofocus": true, defaultDropdownOpened: true } : {})}
    />
  );
}

const once = "";
function Often({ rule, change }: { rule: Happened; change: (part: Partial<Happened>) => void }) {
  const { count, did } = rule;
  const [text, setText] = useState(count === undefined ? "" : String(count.value));
  const read = (typed: string, is: string) => {
    setText(typed);
    const known = countIs.find((each) => each === is);
    // What is no whole number yet leaves the condition incomplete.
    const value = /^\d{1,7}$/.test(typed) ? Number(typed) : Number.NaN;
    change({ count: known === undefined ? undefined : { is: known, value } });
  };
  return (
    <Group gap="xs" wrap="nowrap">
      <Select
        aria-label="How often"
        data={[{ value: once, label: did === false ? "even once" : "at least once" }, ...oftenChoices]}
        value={count?.is ?? once}
        onChange={(is) => is !== null && read(text === "" ? "2" : text, is)}
        allowDeselect={false}
        comboboxProps={inside}
        flex={1}
        miw={0}
      />
      {count !== undefined && (
        <>
          <TextInput
            aria-label="How many times"
            inputMode="numeric"
            value={text}
            onChange={(event) => read(event.currentTarget.value.trim(), count.is)}
            w={64}
          />
          <span className={css.beside}>{text === "1" ? "time" : "times"}</span>
        </>
      )}
    </Group>
  );
}
