import type { Segment } from "@bellwether/contracts/segments";
import { IconBolt, IconListDetails } from "@tabler/icons-react";
import css from "./segments.module.css";
import { stateWords, typeWords } from "./words.ts";

/** A shape and a word: ring, full, square. */
export function StateBadge({ state }: Pick<Segment, "state">) {
  return (
    <span className={css.badge}>
      <span className={css.state} data-state={state} aria-hidden="true" />
      {stateWords[state]}
    </span>
  );
}

export function TypeBadge({ type }: Pick<Segment, "type">) {
  const Icon = type === "dynamic" ? IconBolt : IconListDetails;
  return (
    <span className={css.badge}>
      <Icon size={14} stroke={1.6} aria-hidden="true" />
      {typeWords[type]}
    </span>
  );
}
