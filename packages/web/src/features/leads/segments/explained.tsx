import type { Explained } from "@bellwether/contracts/segments";
import { IconCheck, IconX } from "@tabler/icons-react";
import type { Lookups } from "../lookups.ts";
import { ruleWords } from "../model/groups.ts";
import { hasWords, unfolded } from "./words.ts";
import css from "./segments.module.css";

interface Props {
  explained: Explained;
  lookups: Pick<Lookups, "fields" | "names">;
}

/** A rule with each of its conditions marked true or false for one lead. */
export function ExplainedRule({ explained, lookups }: Props) {
  return (
    <ul className={css.explained}>
      <Part explained={explained} lookups={lookups} />
    </ul>
  );
}

function Part({ explained, lookups }: Props) {
  if (explained.kind === "condition") {
    const has = hasWords(explained, lookups);
    return (
      <li className={css.part}>
        <Mark met={explained.met} />
        <span>
          {ruleWords(explained.rule, lookups.fields, lookups.names)}
          {has !== null && <span className={css.has}> ({has})</span>}
        </span>
      </li>
    );
  }
  const { words, parts } = unfolded(explained);
  return (
    <li>
      <span className={css.part}>
        <Mark met={explained.met} />
        <span className={css.joined}>{words}</span>
      </span>
      <ul className={css.explained} data-inner="true">
        {parts.map((part, at) => (
          // Parts have no identity but their place.
          <Part key={at} explained={part} lookups={lookups} />
        ))}
      </ul>
    </li>
  );
}

function Mark({ met }: { met: boolean }) {
  return (
    <span className={css.mark} data-met={met} role="img" aria-label={met ? "True:" : "False:"}>
      {met ? <IconCheck size={14} stroke={2.2} /> : <IconX size={14} stroke={2.2} />}
    </span>
  );
}
