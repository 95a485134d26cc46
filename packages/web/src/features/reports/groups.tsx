import type { GroupFigures, PipelineFilter, PipelineReport } from "@bellwether/contracts/reports";
import { SegmentedControl } from "@mantine/core";
import { IconArrowDown, IconArrowUp } from "@tabler/icons-react";
import css from "./reports.module.css";
import { type GroupSort, type ReportSearch } from "./search.ts";
import { Key } from "./funnel.tsx";
import { percent, RowHead, Section } from "./section.tsx";
import { few, numberWords, shareWords, sortedGroups } from "./words.ts";

interface Props {
  report: PipelineReport;
  filter: PipelineFilter;
  search: ReportSearch;
  change: (to: Partial<ReportSearch>) => void;
}

const columns: readonly { by: GroupSort; label: string; wide?: boolean }[] = [
  { by: "created", label: "New" },
  { by: "won", label: "Won" },
  { by: "lost", label: "Lost" },
  { by: "rate", label: "Win rate" },
  { by: "open", label: "Open", wide: true },
  { by: "total", label: "All" },
];

/** Whose leads they are, or where they came from; a name narrows the whole report down to its own. */
export function Groups({ report, filter, search, change }: Props) {
  const rows = sortedGroups(report.groups, search.sort);
  const most = Math.max(1, ...rows.map((group) => group.won + group.lost));
  const title = search.by === "owner" ? "By owner" : "By source";
  return (
    <Section
      title={title}
      file={{ table: "groups", filter }}
      lead={
        <>
          Leads that ended in these days:
          <Key look="won">won</Key>
          <Key look="lost">lost</Key>
        </>
      }
      beside={
        !report.own_only && (
          <SegmentedControl
            size="xs"
            aria-label="Grouped by"
            value={search.by}
            onChange={(value) => change({ by: value === "source" ? "source" : "owner" })}
            data={[
              { value: "owner", label: "Owner" },
              { value: "source", label: "Source" },
            ]}
          />
        )
      }
    >
      <table className={`bw-table ${css.table}`}>
        <thead>
          <tr>
            <Head
              by="label"
              label={search.by === "owner" ? "Owner" : "Source"}
              search={search}
              change={change}
            />
            {columns.map((column) => (
              <Head key={column.by} {...column} search={search} change={change} />
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((group) => (
            <Row key={group.key ?? ""} group={group} most={most} search={search} change={change} />
          ))}
        </tbody>
      </table>
      {report.groups_left_off > 0 && (
        <p className={css.note}>
          The {numberWords(rows.length)} with the most leads; {numberWords(report.groups_left_off)} more are
          left off.
        </p>
      )}
    </Section>
  );
}

type HeadProps = { by: GroupSort; label: string; wide?: boolean } & Pick<Props, "search" | "change">;
function Head({ by, label, wide, search, change }: HeadProps) {
  const { sort } = search;
  const sorted = sort.by === by;
  // Figures are looked at from the largest on, names from A on.
  const down = sorted ? !sort.down : by !== "label";
  const Arrow = sort.down ? IconArrowDown : IconArrowUp;
  return (
    <th
      scope="col"
      className={wide ? css.wide : undefined}
      aria-sort={sorted ? (sort.down ? "descending" : "ascending") : "none"}
    >
      <button type="button" className={css.sort} onClick={() => change({ sort: { by, down } })}>
        {label}
        {sorted && <Arrow size={13} stroke={1.8} aria-hidden="true" />}
      </button>
    </th>
  );
}

type RowProps = { group: GroupFigures; most: number } & Pick<Props, "search" | "change">;
function Row({ group, most, search, change }: RowProps) {
  const ended = group.won + group.lost;
  const bar = ended > 0 && (
    <>
      <span className={css.won} style={{ width: percent(group.won, most) }} />
      <span className={css.lost} style={{ width: percent(group.lost, most) }} />
    </>
  );
  const narrow = search.by === "owner" ? { owner: group.key ?? "none" } : { source: group.key ?? "" };
  const narrowed = search[search.by] !== null;
  return (
    <tr>
      <RowHead bar={bar}>
        {narrowed ? (
          group.label
        ) : (
          <button
            type="button"
            className={css.name}
            title={`Only ${group.label}`}
            onClick={() => change(narrow)}
          >
            {group.label}
          </button>
        )}
      </RowHead>
      <td>{numberWords(group.created)}</td>
      <td>{numberWords(group.won)}</td>
      <td>{numberWords(group.lost)}</td>
      <td>
        {shareWords(group.won, ended)}
        {ended > 0 && ended < few && <span className={css.under}>of only {ended}</span>}
      </td>
      <td className={css.wide}>{numberWords(group.open)}</td>
      <td>{numberWords(group.total)}</td>
    </tr>
  );
}
