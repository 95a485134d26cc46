import { Radio, Select } from "@mantine/core";
import { type Lookups, RuleFields } from "../leads/index.ts";
import type { Audience } from "./preview.tsx";
import css from "./segments.module.css";

interface Props {
  label: string;
  start: Audience;
  value: Audience;
  lookups: Lookups;
  change: (audience: Audience) => void;
  error?: string | null;
  /** What the choice of everybody is called. */
  everyone: string;
  matching: string;
}

/** Everybody, or those who meet conditions: never everybody by leaving the conditions empty. */
export function AudienceFields({ start, value, lookups, change, error, label, everyone, matching }: Props) {
  return (
    <div className={css.audience}>
      <Radio.Group
        label={label}
        value={value.everyone ? "everyone" : "matching"}
        onChange={(to) => change({ ...value, everyone: to === "everyone" })}
      >
        <div className={css.radios}>
          <Radio value="matching" label={matching} />
          <Radio value="everyone" label={everyone} />
        </div>
      </Radio.Group>
      {/* Kept while everyone is chosen, so that coming back finds what was typed. */}
      <div hidden={value.everyone}>
        <RuleFields start={start.rule} lookups={lookups} change={(rule) => change({ ...value, rule })} />
      </div>
      {error && (
        <p className={css.wrong} role="alert">
          {error}
        </p>
      )}
    </div>
  );
}

export type Pace = "live" | "hourly";

/** A rule that can't be kept live says why, and offers the hour instead. */
export function PaceField({
  costly,
  value,
  change,
}: {
  costly: string | null;
  value: Pace;
  change: (pace: Pace) => void;
}) {
  if (costly === null && value === "live") return null;
  return (
    <div className={css.pace}>
      {costly && value === "live" && (
        <p className={css.warn} role="status">
          {costly}
        </p>
      )}
      <Select
        label="Keep members up to date"
        description={
          value === "hourly"
            ? "When a lead changes, at once; what only time changes, once an hour."
            : "At once, also when only time passes."
        }
        data={[
          { value: "live", label: costly ? "Live (not for this rule)" : "Live", disabled: costly !== null },
          { value: "hourly", label: "Every hour" },
        ]}
        value={value}
        onChange={(picked) => change(picked === "hourly" ? "hourly" : "live")}
        allowDeselect={false}
      />
    </div>
  );
}
