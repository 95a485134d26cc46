import { countIs, type Happened } from "@bellwether/contracts/happened";
import { Group, SegmentedControl, Select, TextInput } from "@mantine/core";
import { useState } from "react";
import { oftenChoices, withPart } from "../model/happened.ts";
import type { Names } from "../model/values.ts";
import { EventSelect } from "./event-select.tsx";
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
        events={names.events}
        event={rule.event}
        placeholder="Search events, or type shop.*"
        prefixes
        inside
        focused={focused && rule.event === ""}
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
