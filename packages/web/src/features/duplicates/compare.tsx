import type { MergePreview } from "@bellwether/contracts/duplicates";
import type { Lead } from "@bellwether/contracts/leads";
import { Skeleton } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Avatar, RelativeTime } from "../../ui/index.ts";
import { type Column, inWords, leadName, LeadValue, type Lookups, valueOf } from "../leads/index.ts";
import { Choice, Choices } from "./choice.tsx";
import css from "./compare.module.css";
import { type Difference, difference, type Draft, picked, takenFrom, type Two } from "./model.ts";
import { joinWords } from "./words.ts";

interface Props {
  two: Two;
  draft: Draft;
  change: (draft: Draft) => void;
  /** Undefined until the server has said it. */
  preview: MergePreview | undefined;
  lookups: Lookups;
}

/** What one of the two cards gives; the rest is kept by Bellwether itself, and tags join. */
const isGiven = (column: Column) => column.custom || column.writable || column.id === "owner_id";

/** Two cards field by field: what differs is chosen, what one lacks comes along, what agrees stays. */
export function Compare(props: Props) {
  const { two, lookups, preview } = props;
  const fields = lookups.fields
    .filter(isGiven)
    .map((column) => ({ column, is: difference([valueOf(two[0], column), valueOf(two[1], column)]) }));
  const of = (is: Difference) => fields.filter((field) => field.is === is).map(({ column }) => column);
  const tags = lookups.fields.filter(
    (column) => column.id === "tags" && two.some((lead) => lead.tags.length > 0),
  );
  const joins = preview ? joinWords(preview.joins) : "";
  return (
    <div className={css.compare}>
      <Heads {...props} />
      <Group title="Choose" empty="Nothing to choose: where both cards say something, they agree.">
        {of("different").map((column) => (
          <Different key={column.id} column={column} {...props} />
        ))}
      </Group>
      <Group title="Comes along">
        {[...of("one"), ...tags].map((column) => (
          <Row key={column.id} column={column} {...props} />
        ))}
      </Group>
      {joins && <p className={css.joins}>{joins}</p>}
      <Group title="The same on both">
        {of("same").map((column) => (
          <Row key={column.id} column={column} {...props} />
        ))}
      </Group>
    </div>
  );
}

/** Which card stays: it keeps its link, its date and every value that isn't chosen otherwise. */
function Heads({ two, draft, change, preview }: Props) {
  return (
    <div className={css.row} data-head>
      <span className={css.label} id="kept">
        Card that stays
      </span>
      <Choices labelledby="kept">
        {two.map((lead) => (
          <div key={lead.id} className={css.card}>
            <Choice chosen={draft.kept === lead.id} choose={() => change({ ...draft, kept: lead.id })}>
              <span className={css.head}>
                <Avatar name={leadName(lead)} src={lead.avatar_url} size={32} />
                <span className={css.headText}>
                  <span className={css.name}>{leadName(lead)}</span>
                  <span className={css.since}>
                    Created <RelativeTime at={lead.created_at} />
                  </span>
                </span>
              </span>
            </Choice>
            <Link
              to="/leads/$id"
              params={{ id: lead.id }}
              target="_blank"
              aria-label={`Open the card of ${leadName(lead)} in a new tab`}
            >
              Open the card
            </Link>
          </div>
        ))}
      </Choices>
      <span className={css.merged}>
        <span className={css.headText}>
          <span className={css.since}>Merged</span>
          <span className={css.name}>
            {preview ? leadName(preview.lead) : <Skeleton height={12} width={120} />}
          </span>
        </span>
      </span>
    </div>
  );
}

function Group({ title, empty, children }: { title: string; empty?: string; children: ReactNode[] }) {
  if (children.length === 0 && !empty) return null;
  return (
    <section aria-label={title} className={css.group}>
      <h3>{title}</h3>
      {children.length === 0 ? <p className={css.quiet}>{empty}</p> : children}
    </section>
  );
}

function Different({ column, two, draft, change, preview, lookups }: Props & { column: Column }) {
  const id = `choose-${column.id}`;
  const taken = takenFrom(draft, column.id);
  return (
    <div className={css.row} data-different>
      <span className={css.label} id={id}>
        {column.label}
      </span>
      <Choices labelledby={id}>
        {two.map((lead) => (
          <Choice
            key={lead.id}
            chosen={taken === lead.id}
            choose={() => change(picked(draft, column.id, lead))}
          >
            {column.type === "url" ? (
              inWords(column, valueOf(lead, column), lookups.names)
            ) : (
              <LeadValue lead={lead} column={column} names={lookups.names} />
            )}
          </Choice>
        ))}
      </Choices>
      <Merged lead={preview?.lead} column={column} lookups={lookups} />
    </div>
  );
}

function Row({ column, two, preview, lookups }: Props & { column: Column }) {
  return (
    <div className={css.row}>
      <span className={css.label}>{column.label}</span>
      <span className={css.sides}>
        {two.map((lead) => (
          <span key={lead.id} className={css.side}>
            <LeadValue lead={lead} column={column} names={lookups.names} />
          </span>
        ))}
      </span>
      <Merged lead={preview?.lead} column={column} lookups={lookups} />
    </div>
  );
}

function Merged({ lead, column, lookups }: { lead: Lead | undefined; column: Column; lookups: Lookups }) {
  return (
    <span className={css.merged}>
      {lead ? (
        <LeadValue lead={lead} column={column} names={lookups.names} />
      ) : (
        <Skeleton height={12} width="60%" />
      )}
    </span>
  );
}
