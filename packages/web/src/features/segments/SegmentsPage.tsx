import { type Segment, type SegmentListed, SegmentState, SegmentType } from "@bellwether/contracts/segments";
import { SegmentedControl, Select, TextInput } from "@mantine/core";
import { IconAlertTriangle, IconPlus, IconSearch, IconUsersGroup } from "@tabler/icons-react";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useRef } from "react";
import { useMay } from "../../session.tsx";
import { Page } from "../../shell/Shell.tsx";
import {
  EmptyState,
  ErrorState,
  LinkButton,
  PageHeader,
  RelativeTime,
  SkeletonRows,
  useHotkeys,
} from "../../ui/index.ts";
import { StateBadge, TypeBadge } from "./badges.tsx";
import { useSegments } from "./data.ts";
import { Deleted } from "./deleted.tsx";
import css from "./segments.module.css";
import { buildShare, changeWords, matches, percentWords, sizeWords, stateWords, typeWords } from "./words.ts";

const what_it_is =
  "A segment is a group of leads with a name: a list you keep by hand, or everybody who meets a rule right now. Lists, exports and bulk changes can use it.";

/** All segments: found by name, state and kind, opened by Enter. */
export function SegmentsPage() {
  const may_write = useMay("segments:write");
  const segments = useSegments();
  const { search, change } = useFilter();
  const box = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLTableSectionElement>(null);
  const navigate = useNavigate();
  useHotkeys([
    ["/", () => box.current?.focus()],
    ["c", () => may_write && void navigate({ to: "/segments/new" })],
    ["j", () => step(list.current, 1)],
    ["k", () => step(list.current, -1)],
  ]);
  const all = segments.data?.data ?? [];
  const shown = all.filter(
    (segment) =>
      (search.state ?? segment.state) === segment.state &&
      (search.type ?? segment.type) === segment.type &&
      matches(segment, search.q),
  );
  return (
    <Page>
      <PageHeader
        title="Segments"
        lead={what_it_is}
        actions={
          may_write && (
            <LinkButton to="/segments/new" leftSection={<IconPlus size={15} />}>
              New segment
            </LinkButton>
          )
        }
      />
      {segments.isPending && <SkeletonRows rows={6} height={44} />}
      {segments.isError && !segments.data && (
        <ErrorState error={segments.error} retry={() => void segments.refetch()} />
      )}
      {segments.data && all.length === 0 && <NoneYet may_write={may_write} />}
      {all.length > 0 && (
        <>
          <Filters box={box} search={search} change={change} toList={() => step(list.current, 1)} />
          {shown.length === 0 ? (
            <EmptyState title="No segment matches">Try another word, or show every state.</EmptyState>
          ) : (
            <table className={`bw-table ${css.table}`}>
              <thead>
                <tr>
                  <th scope="col">Name</th>
                  <th scope="col">Kind</th>
                  <th scope="col">State</th>
                  <th scope="col">Leads</th>
                  <th scope="col">In 7 days</th>
                  <th scope="col">Used in</th>
                  <th scope="col">Updated</th>
                </tr>
              </thead>
              <tbody ref={list}>
                {shown.map((segment) => (
                  <Row key={segment.id} segment={segment} />
                ))}
              </tbody>
            </table>
          )}
        </>
      )}
      {segments.data && may_write && <Deleted />}
    </Page>
  );
}

function NoneYet({ may_write }: { may_write: boolean }) {
  return (
    <EmptyState
      icon={IconUsersGroup}
      title="No segments yet"
      action={may_write && <LinkButton to="/segments/new">New segment</LinkButton>}
    >
      {may_write
        ? "Describe the leads you mean once, such as “in Germany, score over 50”, and its members follow as leads change."
        : "Managers and admins make them. As soon as there is one, it appears here."}
    </EmptyState>
  );
}

function Row({ segment }: { segment: SegmentListed }) {
  const { building, broken, recent, uses } = segment;
  return (
    <tr>
      <td className={css.name}>
        <Link to="/segments/$id" params={{ id: segment.id }} data-row>
          {segment.name}
        </Link>
        {broken && (
          <span className={css.broken}>
            <IconAlertTriangle size={13} stroke={1.8} aria-hidden="true" /> Can’t be kept up to date
          </span>
        )}
        {segment.description && !broken && <span className={css.about}>{segment.description}</span>}
      </td>
      <td className={css.kind}>
        <TypeBadge type={segment.type} />
      </td>
      <td className={css.stateCell}>
        <StateBadge state={segment.state} />
      </td>
      <td className={css.number}>
        {sizeWords(segment)}
        {building && (
          <span className={css.under}>
            {segment.size === null ? "finding members" : `new rule ${percentWords(buildShare(building))}`}
          </span>
        )}
      </td>
      <td className={css.change}>{recent ? changeWords(recent.entered, recent.left) : "–"}</td>
      <td className={css.uses}>{uses === 0 ? "–" : uses === 1 ? "1 place" : `${uses} places`}</td>
      <td className={css.when}>
        <RelativeTime at={segment.updated_at} />
      </td>
    </tr>
  );
}

interface Filter {
  q: string;
  state: Segment["state"] | null;
  type: Segment["type"] | null;
}

/** What is searched for stands in the address. */
function useFilter(): { search: Filter; change: (to: Partial<Filter>) => void } {
  const raw: Record<string, unknown> = useSearch({ strict: false });
  const navigate = useNavigate();
  const search: Filter = {
    q: typeof raw["q"] === "string" || typeof raw["q"] === "number" ? String(raw["q"]) : "",
    state: SegmentState.safeParse(raw["state"]).data ?? null,
    type: SegmentType.safeParse(raw["type"]).data ?? null,
  };
  const change = (to: Partial<Filter>) => {
    const { q, state, type } = { ...search, ...to };
    void navigate({
      to: "/segments",
      search: { ...(q ? { q } : {}), ...(state ? { state } : {}), ...(type ? { type } : {}) },
      replace: true,
    });
  };
  return { search, change };
}

interface FiltersProps {
  box: React.RefObject<HTMLInputElement | null>;
  search: Filter;
  change: (to: Partial<Filter>) => void;
  toList: () => void;
}

function Filters({ box, search, change, toList }: FiltersProps) {
  return (
    <div className={css.filters}>
      <TextInput
        ref={box}
        type="search"
        aria-label="Search segments"
        placeholder="Search"
        leftSection={<IconSearch size={15} stroke={1.7} />}
        value={search.q}
        onChange={(event) => change({ q: event.currentTarget.value })}
        onKeyDown={(event) => {
          if (event.key !== "ArrowDown" && event.key !== "Enter") return;
          event.preventDefault();
          toList();
        }}
      />
      <SegmentedControl
        aria-label="State"
        value={search.state ?? "all"}
        onChange={(value) => change({ state: SegmentState.safeParse(value).data ?? null })}
        data={[
          { value: "all", label: "All" },
          ...SegmentState.options.map((value) => ({ value, label: stateWords[value] })),
        ]}
      />
      <Select
        aria-label="Kind"
        value={search.type ?? "all"}
        onChange={(value) => change({ type: SegmentType.safeParse(value).data ?? null })}
        allowDeselect={false}
        data={[
          { value: "all", label: "Every kind" },
          ...SegmentType.options.map((value) => ({ value, label: typeWords[value] })),
        ]}
      />
    </div>
  );
}

/** The focus goes to the next or previous name. */
function step(list: HTMLElement | null, by: 1 | -1): void {
  const rows = [...(list?.querySelectorAll<HTMLElement>("[data-row]") ?? [])];
  const at = rows.findIndex((row) => row === document.activeElement);
  const to = at < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.max(0, Math.min(rows.length - 1, at + by));
  rows[to]?.focus();
}
