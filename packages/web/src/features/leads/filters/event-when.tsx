import type { Happened, Within } from "@bellwether/contracts/happened";
import { Group, Select } from "@mantine/core";
import { type When, whenOf, withPart, withWhen } from "../model/happened.ts";
import { SpanInput } from "./condition-value.tsx";
import { DayInput } from "./day-input.tsx";
import css from "./filters.module.css";

const kinds: { value: When; label: string }[] = [
  { value: "any", label: "at any time" },
  { value: "last", label: "in the last …" },
  { value: "ago", label: "from … to … ago" },
  { value: "dates", label: "between dates" },
];
const occurrences = [
  { value: "any", label: "any time it happened" },
  { value: "first", label: "the first time it happened" },
  { value: "last", label: "the last time it happened" },
];
const inside = { withinPortal: false } as const;

/** Within which time; and whether any occurrence counts, or only the first or the last of all. */
export function EventWhen({ rule, set }: { rule: Happened; set: (rule: Happened) => void }) {
  const { within } = rule;
  const when = whenOf(rule);
  const change = (next: Within) => set(withPart(rule, { within: next }));
  return (
    <>
      <Select
        aria-label="When"
        data={kinds}
        value={when}
        onChange={(picked) => {
          const kind = kinds.find(({ value }) => value === picked);
          if (kind) set(withWhen(rule, kind.value));
        }}
        allowDeselect={false}
        comboboxProps={inside}
      />
      {within !== undefined && "last" in within && (
        <>
          <SpanInput
            key={when}
            label={when === "ago" ? "From so long ago" : "In the last"}
            value={within.last}
            change={(last) => change({ ...within, last: last ?? "" })}
          />
          {within.until !== undefined && (
            <Group gap="xs" wrap="nowrap">
              <span className={css.beside}>to</span>
              <SpanInput
                label="To so long ago"
                value={within.until}
                change={(until) => change({ ...within, until: until ?? "" })}
              />
              <span className={css.beside}>ago</span>
            </Group>
          )}
        </>
      )}
      {within !== undefined && !("last" in within) && (
        <>
          <DayInput
            label="From"
            value={within.from}
            change={(from) => change({ ...within, from })}
            labelled
          />
          <DayInput label="To" value={within.to} change={(to) => change({ ...within, to })} labelled />
        </>
      )}
      {within !== undefined && rule.count === undefined && (
        <Select
          aria-label="Which occurrence"
          data={occurrences}
          value={rule.which ?? "any"}
          onChange={(which) =>
            set(withPart(rule, { which: which === "first" || which === "last" ? which : undefined }))
          }
          allowDeselect={false}
          comboboxProps={inside}
        />
      )}
    </>
  );
}
