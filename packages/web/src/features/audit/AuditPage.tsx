import type { AuditEntry } from "@bellwether/contracts/audit";
import { standardFields } from "@bellwether/contracts/fields";
import { Button, Select, TextInput } from "@mantine/core";
import { IconDownload, IconListSearch } from "@tabler/icons-react";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo } from "react";
import { api, apiUrl } from "../../api.ts";
import { inPages, itemsOf } from "../../paging.ts";
import { useMay } from "../../session.tsx";
import {
  EmptyState,
  ErrorState,
  formatMoment,
  LoadMore,
  NotAllowed,
  PageHeader,
  SkeletonRows,
} from "../../ui/index.ts";
import css from "./audit.module.css";
import {
  type AuditSearch,
  filterOf,
  leadIdIn,
  queryOf,
  readAuditSearch,
  writeAuditSearch,
} from "./filter.ts";
import { detailsOf, kinds, type Known, whatWords } from "./words.ts";

/** Who did what to which record, from where, with before and after. */
export function AuditPage() {
  return useMay("audit:read") ? (
    <Log />
  ) : (
    <>
      <PageHeader title="Audit log" />
      <NotAllowed what="Admins see who did what in this workspace." />
    </>
  );
}

function Log() {
  const raw: Record<string, unknown> = useSearch({ strict: false });
  const navigate = useNavigate();
  const search = useMemo(() => readAuditSearch(raw), [raw]);
  const filter = useMemo(() => filterOf(search), [search]);
  const change = (to: Partial<AuditSearch>) =>
    void navigate({ to: "/settings/audit", search: writeAuditSearch({ ...search, ...to }), replace: true });
  const pages = useInfiniteQuery({
    ...api.audit.list.infiniteOptions(inPages({ ...filter, limit: 100 })),
    staleTime: 0,
  });
  const entries = itemsOf(pages.data);
  const known = useKnown();
  return (
    <>
      <PageHeader
        title="Audit log"
        lead="Who did what to which record, from where, with what was before."
        actions={
          <Button
            component="a"
            variant="default"
            href={apiUrl(`/audit.csv${queryOf(filter)}`)}
            download
            leftSection={<IconDownload size={15} stroke={1.7} />}
          >
            Download CSV
          </Button>
        }
      />
      <Filters search={search} change={change} />
      {pages.isPending && <SkeletonRows rows={8} height={44} />}
      {pages.isError && <ErrorState error={pages.error} retry={() => void pages.refetch()} />}
      {pages.isSuccess && entries.length === 0 && !pages.hasNextPage && (
        <EmptyState
          icon={IconListSearch}
          title="Nothing like that happened"
          action={
            <Button variant="default" onClick={() => change(readAuditSearch({}))}>
              Clear the filters
            </Button>
          }
        >
          Try another person, another kind or more days.
        </EmptyState>
      )}
      <ol className={css.log}>
        {entries.map((entry) => (
          <Entry key={entry.id} entry={entry} known={known} onlyLead={(lead) => change({ lead })} />
        ))}
      </ol>
      <LoadMore pages={pages}>{entries.length === 0 ? "Look further back" : "Load older ones"}</LoadMore>
    </>
  );
}

function Filters({ search, change }: { search: AuditSearch; change: (to: Partial<AuditSearch>) => void }) {
  const members = useQuery(api.identity.members.list.queryOptions()).data?.data ?? [];
  const wrong = search.lead !== "" && leadIdIn(search.lead) === null;
  return (
    <div className={css.filters} role="group" aria-label="Filters">
      <Select
        label="Who"
        placeholder="Everybody"
        data={members.map((member) => ({ value: member.id, label: member.name }))}
        value={search.who || null}
        onChange={(who) => change({ who: who ?? "" })}
        clearable
        searchable
      />
      <Select
        label="What"
        placeholder="Everything"
        data={kinds}
        value={search.what || null}
        onChange={(what) => change({ what: what ?? "" })}
        clearable
        searchable
        nothingFoundMessage="No such kind"
        withScrollArea={false}
        styles={{ dropdown: { maxHeight: 320, overflowY: "auto" } }}
      />
      <TextInput
        label="Lead"
        placeholder="Its address or id"
        value={search.lead}
        error={wrong ? "Paste the address of a lead’s page." : null}
        onChange={(event) => change({ lead: event.currentTarget.value })}
      />
      <TextInput
        label="From"
        type="date"
        value={search.from}
        max={search.to || undefined}
        onChange={(event) => change({ from: event.currentTarget.value })}
      />
      <TextInput
        label="To"
        type="date"
        value={search.to}
        min={search.from || undefined}
        onChange={(event) => change({ to: event.currentTarget.value })}
      />
    </div>
  );
}

function Entry({
  entry,
  known,
  onlyLead,
}: {
  entry: AuditEntry;
  known: Known;
  onlyLead: (lead: string) => void;
}) {
  const details = detailsOf(entry, known);
  const { lead_id } = entry;
  return (
    <li className={css.entry}>
      <time dateTime={entry.occurred_at} className={css.when}>
        {formatMoment(entry.occurred_at)}
      </time>
      <div className={css.what}>
        <div>
          <b>{entry.actor.kind === "import" ? `Import of ${entry.actor.name}` : entry.actor.name}</b>{" "}
          <span title={entry.name}>{whatWords(entry.name)}</span>
          {lead_id && (
            <span className={css.links}>
              <Link to="/leads/$id" params={{ id: lead_id }}>
                Open lead
              </Link>
              <button type="button" onClick={() => onlyLead(lead_id)}>
                Only this lead
              </button>
            </span>
          )}
        </div>
        {details.length > 0 && (
          <dl className={css.details}>
            {details.map(({ label, from, to }) => (
              <div key={label} data-change={from !== null || undefined}>
                <dt>{label}</dt>
                <dd>
                  {from !== null && (
                    <>
                      <del>{from}</del> <span aria-hidden="true">→</span>{" "}
                    </>
                  )}
                  {to}
                </dd>
              </div>
            ))}
          </dl>
        )}
      </div>
      <span className={css.ip}>{entry.ip ?? ""}</span>
    </li>
  );
}

/** What things are called now: ids and keys say nothing to people. */
function useKnown(): Known {
  const fields = useQuery(api.fields.list.queryOptions({ input: {} })).data?.data;
  const members = useQuery(api.identity.members.list.queryOptions()).data?.data;
  const stages = useQuery(api.stages.list.queryOptions()).data?.data;
  return useMemo(
    () => ({
      fields: new Map<string, string>([
        ...standardFields.map((field): [string, string] => [field.key, field.label]),
        ...(fields ?? []).map((field): [string, string] => [`attributes.${field.key}`, field.label]),
      ]),
      values: new Map<string, string>([
        ...(members ?? []).map((member): [string, string] => [member.id, member.name]),
        ...(stages ?? []).map((stage): [string, string] => [stage.key, stage.name]),
      ]),
    }),
    [fields, members, stages],
  );
}
