import type { ColumnMapping, Import, ImportOptions } from "@bellwether/contracts/imports";
import { Button, Select, Title } from "@mantine/core";
import { countries } from "../../ui/regions.ts";
import css from "./imports.module.css";
import { headerOf } from "./model.ts";
import { formatNumber } from "./words.ts";

type Group = NonNullable<Import["check"]>["problems"][number];
export type Mend = (change: { columns?: ColumnMapping[]; options?: Partial<ImportOptions> }) => void;

interface Props {
  of: Import;
  groups: readonly Group[];
  busy: boolean;
  /** Check again with something changed. */
  mend: Mend;
}

/** Said of rows that are imported all the same. */
const remarks = new Set([
  "stage_kept",
  "more_cells_than_columns",
  "first_of_several",
  "stray_quote",
  "line_cut",
  "nul_removed",
]);

/** What the check found, the refusals first, each with what can be done about it right here. */
export function Problems(props: Props) {
  const refusals = props.groups.filter((group) => !remarks.has(group.code));
  const notes = props.groups.filter((group) => remarks.has(group.code));
  return (
    <>
      {refusals.length > 0 && (
        <section className={css.section}>
          <Title order={2}>What is wrong</Title>
          <p className={css.hint}>
            Mend it here or in the columns. If you go on as it is, these rows are left out and given back to
            you as a file.
          </p>
          {refusals.map((group) => (
            <Problem key={keyOf(group)} group={group} {...props} />
          ))}
        </section>
      )}
      {notes.length > 0 && (
        <section className={css.section}>
          <Title order={2}>Good to know</Title>
          <p className={css.hint}>These rows are imported.</p>
          {notes.map((group) => (
            <Problem key={keyOf(group)} group={group} {...props} />
          ))}
        </section>
      )}
    </>
  );
}

const keyOf = (group: Group): string => `${group.code} ${group.column ?? ""}`;

function Problem({ group, ...props }: Props & { group: Group }) {
  return (
    <div className={css.group}>
      <div className={css.groupCount}>{formatNumber(group.count)}</div>
      <div>
        {group.column && <b>{group.column}: </b>}
        {group.message}
      </div>
      {group.samples.length > 0 && (
        <div className={css.groupSamples}>
          {group.samples.map((sample) => (
            <span key={sample.line}>
              line {formatNumber(sample.line)}: <code>{sample.value === "" ? "(empty)" : sample.value}</code>
            </span>
          ))}
        </div>
      )}
      <div className={css.groupFix}>
        <Fix group={group} {...props} />
      </div>
    </div>
  );
}

const dates = [
  { value: "dmy", label: "Day first: 31.12.2026" },
  { value: "mdy", label: "Month first: 12/31/2026" },
  { value: "iso", label: "2026-12-31" },
] as const;
const marks = [
  { value: ".", label: "Point: 1,234.56" },
  { value: ",", label: "Comma: 1.234,56" },
] as const;

function Fix({ group, of, busy, mend }: Props & { group: Group }) {
  switch (group.code) {
    case "phone_without_country":
      return (
        <Choose
          label="Read them as numbers of"
          data={countries()}
          busy={busy}
          take={(default_country) => mend({ options: { default_country } })}
        />
      );
    case "date_ambiguous":
    case "date_invalid":
      return (
        <Choose
          label="Read dates as"
          data={dates}
          busy={busy}
          take={(value) => {
            const date_format = dates.find((each) => each.value === value)?.value;
            if (date_format) mend({ options: { date_format } });
          }}
        />
      );
    case "number_ambiguous":
      return (
        <Choose
          label="The decimal mark is a"
          data={marks}
          busy={busy}
          take={(value) => {
            const decimal_mark = marks.find((each) => each.value === value)?.value;
            if (decimal_mark) mend({ options: { decimal_mark } });
          }}
        />
      );
    case "exists":
    case "missing":
      return (
        <Button
          size="compact-sm"
          variant="default"
          disabled={busy}
          onClick={() => mend({ options: { mode: "both" } })}
        >
          {group.code === "exists" ? "Update these leads too" : "Create these leads too"}
        </Button>
      );
    default:
      return <LeaveOut group={group} of={of} busy={busy} mend={mend} />;
  }
}

/** Not importing a column at all is a way out of whatever is wrong with it, unless the leads are known by it. */
function LeaveOut({ group, of, busy, mend }: Omit<Props, "groups"> & { group: Group }) {
  const column = of.columns.find((each) => headerOf(each) === group.column);
  const mapped = of.mapping?.find((each) => each.index === column?.index);
  const field = mapped && "field" in mapped ? mapped.field : null;
  if (!column || !of.mapping || remarks.has(group.code) || field === of.options?.match_on) return null;
  const columns = of.mapping.map((each) =>
    each.index === column.index ? { index: each.index, skip: true as const } : each,
  );
  return (
    <Button size="compact-sm" variant="default" disabled={busy} onClick={() => mend({ columns })}>
      Leave out this column
    </Button>
  );
}

interface ChooseProps {
  label: string;
  data: readonly { value: string; label: string }[];
  busy: boolean;
  take: (value: string) => void;
}

function Choose({ label, data, busy, take }: ChooseProps) {
  return (
    <Select
      aria-label={label}
      placeholder={`${label}…`}
      data={[...data]}
      value={null}
      searchable={data.length > 5}
      disabled={busy}
      w={260}
      nothingFoundMessage="Nothing like it"
      onChange={(value) => value !== null && take(value)}
    />
  );
}
