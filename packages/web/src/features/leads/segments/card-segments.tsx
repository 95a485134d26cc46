import type { Lead } from "@bellwether/contracts/leads";
import type { LeadSegment } from "@bellwether/contracts/segments";
import { ActionIcon, Button, Select } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { api } from "../../../api.ts";
import { useMay } from "../../../session.tsx";
import { AddButton, ErrorState, relativeWords } from "../../../ui/index.ts";
import { longList } from "../long-list.ts";
import type { Lookups } from "../lookups.ts";
import { updatingWords } from "../model/filters.ts";
import { addToSegment, removeFromSegment } from "./members.ts";
import css from "./segments.module.css";
import { type WhyAsked, WhyDialog } from "./why.tsx";

/** The segments that a lead is in, each with its reasons; static ones are left and joined here too. */
export function CardSegments({ lead, lookups }: { lead: Lead; lookups: Lookups }) {
  const may_write = useMay("segments:write");
  const segments = useQuery(api.segments.ofLead.queryOptions({ input: { id: lead.id } }));
  const [asked, setAsked] = useState<WhyAsked | null>(null);
  const ins = segments.data?.data ?? [];
  const open = lookups.names.segments.filter(
    ({ id, type, state }) => type === "static" && state === "active" && !ins.some((each) => each.id === id),
  );
  const may_add = may_write && open.length > 0;
  if (segments.isPending || (segments.isSuccess && ins.length === 0 && !may_add)) return null;
  return (
    <section aria-label="Segments" className={css.card}>
      <h3>Segments</h3>
      {segments.isError && !segments.data && (
        <ErrorState
          error={segments.error}
          retry={() => void segments.refetch()}
          title="Its segments can’t be shown"
        />
      )}
      <ul className={css.list}>
        {ins.map((segment) => (
          <Row
            key={segment.id}
            segment={segment}
            building={nameOf(segment, lookups)?.building ?? null}
            why={() => setAsked({ lead, segment })}
            remove={
              may_write && segment.type === "static" && nameOf(segment, lookups)?.state === "active"
                ? () => void removeFromSegment(segment, lead)
                : null
            }
          />
        ))}
        {may_add && (
          <li>
            <AddTo
              choices={open.map(({ id, name }) => ({ value: id, label: name }))}
              add={(id) => {
                const segment = open.find((each) => each.id === id);
                if (segment) void addToSegment(segment, lead);
              }}
            />
          </li>
        )}
      </ul>
      <WhyDialog asked={asked} lookups={lookups} close={() => setAsked(null)} />
    </section>
  );
}

const nameOf = ({ id }: LeadSegment, { names }: Lookups) => names.segments.find((each) => each.id === id);

interface RowProps {
  segment: LeadSegment;
  /** How far members by a new rule are found. */
  building: number | null;
  why: () => void;
  /** Null where members aren't taken out by hand. */
  remove: (() => void) | null;
}

function Row({ segment, building, why, remove }: RowProps) {
  return (
    <li>
      <Link to="/segments/$id" params={{ id: segment.id }} className="bw-quiet">
        {segment.name}
      </Link>
      <span className={css.since}>
        {building === null ? relativeWords(segment.entered_at) : updatingWords(building)}
      </span>
      <Button
        variant="subtle"
        color="gray"
        size="compact-xs"
        aria-label={`Why in ${segment.name}?`}
        onClick={why}
      >
        Why?
      </Button>
      {remove && (
        <ActionIcon size={16} aria-label={`Remove from ${segment.name}`} onClick={remove}>
          <IconX size={11} />
        </ActionIcon>
      )}
    </li>
  );
}

function AddTo({ choices, add }: { choices: { value: string; label: string }[]; add: (id: string) => void }) {
  const [choosing, setChoosing] = useState(false);
  if (!choosing) {
    return (
      <AddButton small onClick={() => setChoosing(true)}>
        Add to segment
      </AddButton>
    );
  }
  return (
    <Select
      size="xs"
      w={200}
      aria-label="Segment to add to"
      placeholder="Static segment"
      data={choices}
      searchable
      autoFocus
      defaultDropdownOpened
      nothingFoundMessage="No static segment of that name"
      {...longList(240)}
      onChange={(id) => {
        setChoosing(false);
        if (id !== null) add(id);
      }}
      onBlur={() => setChoosing(false)}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        setChoosing(false);
      }}
    />
  );
}
