import type { Lead } from "@bellwether/contracts/leads";
import type { Rule } from "@bellwether/contracts/rule";
import type { Explained, SegmentPreview } from "@bellwether/contracts/segments";
import { UnstyledButton } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { api, sentenceOf } from "../../api.ts";
import { Avatar } from "../../ui/index.ts";
import {
  ExplainedRule,
  hasWords,
  leadName,
  type Lookups,
  reasonsIn,
  ruleWords,
  valueWords,
} from "../leads/index.ts";
import css from "./segments.module.css";
import { leadsWords } from "./words.ts";

/** Who is meant: everybody, or those who meet a rule; null while a part of it is still empty. */
export interface Audience {
  everyone: boolean;
  rule: Rule | null;
}

export const isWhole = ({ everyone, rule }: Audience): boolean => everyone || rule !== null;

const typing_pause_ms = 250;

/** How many that are and some of them with the reasons, while it is edited. What was typed over is given up, on the server too. */
export function usePreview(audience: Audience) {
  const [settled] = useDebouncedValue(audience, typing_pause_ms, { leading: true });
  const ask = {
    rule: settled.everyone ? null : settled.rule,
    everyone: settled.everyone,
  };
  const whole = isWhole(audience) && isWhole(settled);
  const estimate = useQuery({
    ...api.segments.preview.queryOptions({ input: { ...ask, count: "estimate" } }),
    enabled: whole,
    placeholderData: keepPreviousData,
    retry: false,
  });
  const exact = useQuery({
    ...api.segments.preview.queryOptions({ input: { ...ask, count: "exact" } }),
    enabled: whole && estimate.data?.count.exact === false && !estimate.isPlaceholderData,
    retry: false,
  });
  return {
    whole: isWhole(audience),
    shown: whole ? (exact.data ?? estimate.data) : undefined,
    outdated: settled !== audience || estimate.isPlaceholderData,
    failed: whole && !estimate.isFetching ? (estimate.error ?? null) : null,
  };
}

export type Previewed = ReturnType<typeof usePreview>;

export function Preview({ preview, lookups }: { preview: Previewed; lookups: Lookups }) {
  const { whole, shown, outdated, failed } = preview;
  return (
    <section className={css.preview} aria-label="Preview">
      <h2>Preview</h2>
      <div data-old={(whole && outdated) || undefined}>
        <p className={css.count} role="status">
          {failed ? "" : whole ? countWords(shown) : ""}
        </p>
        {!whole && (
          <p className={css.hint}>Choose conditions, or everyone. Without a condition nobody is in it.</p>
        )}
        {failed && (
          <p className={css.wrong} role="alert">
            {sentenceOf(failed)}
          </p>
        )}
        {whole && !failed && shown && <Sample shown={shown} lookups={lookups} />}
      </div>
    </section>
  );
}

function countWords(shown: SegmentPreview | undefined): string {
  if (!shown) return "Counting…";
  const { value, exact } = shown.count;
  return exact ? leadsWords(value) : `≈ ${leadsWords(value)}`;
}

function Sample({ shown, lookups }: { shown: SegmentPreview; lookups: Lookups }) {
  if (shown.sample.length === 0) return <p className={css.hint}>No lead meets these conditions now.</p>;
  return (
    <>
      <p className={css.hint}>
        {shown.count.exact && shown.count.value <= shown.sample.length ? "All of them:" : "Some of them:"}
      </p>
      <ul className={css.sample}>
        {shown.sample.map(({ lead, explained }) => (
          <Sampled key={lead.id} lead={lead} explained={explained} lookups={lookups} />
        ))}
      </ul>
    </>
  );
}

function Sampled({
  lead,
  explained,
  lookups,
}: {
  lead: Lead;
  explained: Explained | null;
  lookups: Lookups;
}) {
  const [opened, setOpened] = useState(false);
  const name = leadName(lead);
  const Chevron = opened ? IconChevronDown : IconChevronRight;
  const reasons = explained ? reasonLine(explained, lookups) : "";
  return (
    <li>
      <div className={css.sampled}>
        <Avatar name={name} src={lead.avatar_url} size={24} />
        <span className={css.who}>
          <Link to="/leads/$id" params={{ id: lead.id }} target="_blank" className="bw-quiet">
            {name}
          </Link>
          {reasons && !opened && <span className={css.reasons}>{reasons}</span>}
        </span>
        {explained && (
          <UnstyledButton
            className={css.chevron}
            aria-expanded={opened}
            aria-label={`Reasons for ${name}`}
            onClick={() => setOpened(!opened)}
          >
            <Chevron size={15} stroke={1.8} aria-hidden="true" />
          </UnstyledButton>
        )}
      </div>
      {opened && explained && <ExplainedRule explained={explained} lookups={lookups} />}
    </li>
  );
}

/** “Plan: Pro · Seats: 12”; what isn’t a field’s value is said whole. */
function reasonLine(explained: Explained, lookups: Lookups): string {
  return reasonsIn(explained)
    .map((each) => {
      const { rule } = each;
      const label = "field" in rule && lookups.fields.find((field) => field.id === rule.field)?.label;
      if (label) return `${label}: ${valueWords(each, lookups) ?? ""}`;
      const words = ruleWords(rule, lookups.fields, lookups.names);
      return "event" in rule ? `${words} (${hasWords(each, lookups)})` : words;
    })
    .join(" · ");
}
