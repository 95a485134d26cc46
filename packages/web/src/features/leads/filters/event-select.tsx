import { nameFault } from "@bellwether/contracts/event-names";
import { type ComboboxParsedItem, Select } from "@mantine/core";
import type { ReactNode } from "react";
import { useMemo, useState } from "react";
import { longList } from "../long-list.ts";
import { eventLabel } from "../model/happened.ts";
import type { EventKind } from "../model/values.ts";
import css from "./filters.module.css";

/** `shop.*`: all whose names begin so. */
const prefix = /^[^*"\\]+\*$/;
const other_group = "By this name";

interface Props {
  events: readonly EventKind[];
  event: string;
  pick: (event: string) => void;
  /** Ready to be searched as soon as it is there. */
  focused: boolean;
  placeholder: string;
  label?: string;
  error?: ReactNode;
  /** `shop.*` may be asked for. */
  prefixes?: boolean;
  /** Stays inside the popover, whose outside would otherwise be clicked. */
  inside?: boolean;
}

/** An event by its label or name; another name that it could have is offered as it is typed. */
export function EventSelect(props: Props) {
  const { events, event, pick, focused, prefixes = false, inside = false } = props;
  const [typed, setTyped] = useState("");
  const wanted = typed.trim();
  const fault = prefixes && prefix.test(wanted) ? null : nameFault(wanted);
  const data = useMemo(
    () => groupsOf(events, event, fault === null ? wanted : ""),
    [events, event, fault, wanted],
  );
  return (
    <Select
      {...(props.label === undefined ? { "aria-label": "Which event" } : { label: props.label })}
      placeholder={props.placeholder}
      error={props.error}
      data={data}
      value={event === "" ? null : event}
      onChange={(picked) => picked !== null && pick(picked)}
      onSearchChange={setTyped}
      filter={({ options, search }) => matching(options, search.trim().toLowerCase())}
      renderOption={({ option }) => (
        <span className={css.eventOption}>
          {option.label}
          {option.label !== option.value && <code>{option.value}</code>}
        </span>
      )}
      searchable
      allowDeselect={false}
      nothingFoundMessage={fault ?? "No event by that name"}
      {...longList(260)}
      {...(inside ? { comboboxProps: { withinPortal: false } } : {})}
      {...(focused ? { "data-autofocus": true, defaultDropdownOpened: inside } : {})}
    />
  );
}

function groupsOf(events: readonly EventKind[], event: string, typed: string) {
  const offered = events.filter((each) => !each.hidden || each.name === event);
  const items = (kind: EventKind["kind"]) =>
    offered.filter((each) => each.kind === kind).map(({ name, label }) => ({ value: name, label }));
  const known = new Set(offered.flatMap(({ name, label }) => [name, label]));
  const others = [...new Set([event, typed])].filter((name) => name !== "" && !known.has(name));
  return [
    { group: "Your events", items: items("reported") },
    { group: "Usual events", items: items("usual") },
    { group: "In Bellwether", items: items("built_in") },
    { group: other_group, items: others.map((name) => ({ value: name, label: eventLabel(name, events) })) },
  ].filter((group) => group.items.length > 0);
}

function matching(options: ComboboxParsedItem[], wanted: string): ComboboxParsedItem[] {
  return options.flatMap((option): ComboboxParsedItem[] => {
    if (!("group" in option)) return [option];
    const items = option.items.filter(
      ({ value, label }) =>
        option.group === other_group || [value, label].some((text) => text.toLowerCase().includes(wanted)),
    );
    return items.length === 0 ? [] : [{ ...option, items }];
  });
}
