import type { ImportOptions } from "@bellwether/contracts/imports";
import { may } from "@bellwether/contracts/permissions";
import { Select, Switch, TagsInput, TextInput, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { api } from "../../api.ts";
import { countries } from "../../ui/regions.ts";
import css from "./imports.module.css";
import { IntoSegment } from "./IntoSegment.tsx";
import { type Identifier, prefixFrom } from "./model.ts";

interface Props {
  options: ImportOptions;
  change: (patch: Partial<ImportOptions>) => void;
  identifiers: readonly Identifier[];
  file_name: string;
}

const matchWords: Record<Identifier, string> = {
  email: "E-mail",
  phone: "Phone",
  external_id: "External id",
};

/** A typed pick from a list whose values are all known: Mantine answers with a string, the options want a word. */
function pick<Value extends string>(values: Record<Value, string>) {
  const words: [string, string][] = Object.entries(values);
  const isOne = (value: string | null): value is Value => value !== null && value in values;
  return {
    data: words.map(([value, label]) => ({ value, label })),
    take: (use: (value: Value) => void) => (value: string | null) => {
      if (isOne(value)) use(value);
    },
  };
}

const matches = pick(matchWords);
const modes = pick({
  both: "Create new leads, update known ones",
  create: "Only create new leads",
  update: "Only update known leads",
});
const onExisting = pick({ overwrite: "The file's value wins", fill_blanks: "Only fill what is blank" });
const dateFormats = pick({
  auto: "Found from the values",
  iso: "2026-12-31",
  dmy: "31.12.2026, day first",
  mdy: "12/31/2026, month first",
});
const decimals = pick({ auto: "Found from the values", ".": "1,234.56", ",": "1.234,56" });

export function OptionsForm({ options, change, identifiers, file_name }: Props) {
  const lands = useMemo(countries, []);
  const members = useQuery(api.identity.members.list.queryOptions());
  const rules = useQuery(api.assignment.rules.list.queryOptions());
  const stages = useQuery(api.stages.list.queryOptions());
  const tags = useQuery(api.tags.list.queryOptions());
  return (
    <>
      {identifiers.length === 0 && <NumberRows options={options} change={change} file_name={file_name} />}
      <section className={css.section}>
        <Title order={2}>Rows that are known already</Title>
        <p className={css.hint}>A blank cell never clears a value.</p>
        <div className={css.options}>
          {identifiers.length > 0 && (
            <Select
              label="A lead is known by its"
              data={matches.data.filter((each) =>
                identifiers.some((identifier) => identifier === each.value),
              )}
              value={options.match_on}
              allowDeselect={false}
              onChange={matches.take((match_on) => change({ match_on }))}
            />
          )}
          <Select
            label="Do"
            data={modes.data}
            value={options.mode}
            allowDeselect={false}
            onChange={modes.take((mode) => change({ mode }))}
          />
          {options.mode !== "create" && (
            <Select
              label="When both have a value"
              data={onExisting.data}
              value={options.on_existing}
              allowDeselect={false}
              onChange={onExisting.take((on_existing) => change({ on_existing }))}
            />
          )}
        </div>
      </section>
      <section className={css.section}>
        <Title order={2}>How values are written</Title>
        <p className={css.hint}>
          A phone number without a country code is refused unless you say which country it is from.
        </p>
        <div className={css.options}>
          <Select
            label="Phone numbers are from"
            placeholder="No country"
            data={lands}
            value={options.default_country}
            searchable
            clearable
            clearButtonProps={{ "aria-label": "No country" }}
            nothingFoundMessage="No such country"
            onChange={(default_country) => change({ default_country })}
          />
          <Select
            label="Dates"
            data={dateFormats.data}
            value={options.date_format}
            allowDeselect={false}
            onChange={dateFormats.take((date_format) => change({ date_format }))}
          />
          <Select
            label="Numbers"
            data={decimals.data}
            value={options.decimal_mark}
            allowDeselect={false}
            onChange={decimals.take((decimal_mark) => change({ decimal_mark }))}
          />
        </div>
      </section>
      <section className={css.section}>
        <Title order={2}>What every new lead gets</Title>
        <p className={css.hint}>Where the file itself says something, the file wins.</p>
        <div className={css.options}>
          <Select
            label="Owner"
            placeholder="Nobody"
            data={(members.data?.data ?? [])
              .filter((member) => may(member.role, "leads:own"))
              .map((member) => ({ value: member.id, label: member.name }))}
            value={options.owner_id}
            searchable
            clearable
            clearButtonProps={{ "aria-label": "Nobody" }}
            onChange={(owner_id) => change({ owner_id, ...(owner_id === null ? {} : { assign: false }) })}
          />
          <Select
            label="Stage"
            placeholder="The first stage"
            data={(stages.data?.data ?? []).map((stage) => ({ value: stage.key, label: stage.name }))}
            value={options.stage}
            clearable
            clearButtonProps={{ "aria-label": "The first stage" }}
            onChange={(stage) => change({ stage })}
          />
          <TextInput
            label="Source"
            placeholder="Such as a trade fair"
            value={options.source ?? ""}
            maxLength={200}
            onChange={(event) => change({ source: event.currentTarget.value || null })}
          />
          <TagsInput
            label="Tags"
            placeholder={options.tags.length === 0 ? "Type and press Enter" : ""}
            data={(tags.data?.data ?? []).map((tag) => tag.name)}
            value={options.tags}
            maxTags={20}
            acceptValueOnBlur
            onChange={(next) => change({ tags: next })}
          />
        </div>
        {(rules.data?.data.some((rule) => rule.enabled) || options.assign) && (
          <Switch
            mt="md"
            label="Assign by the rules"
            description="New leads without an owner go to whom the assignment rules say, once all are written."
            checked={options.assign}
            disabled={options.owner_id !== null}
            onChange={(event) => change({ assign: event.currentTarget.checked })}
          />
        )}
        <IntoSegment options={options} change={change} />
      </section>
    </>
  );
}

function NumberRows({ options, change, file_name }: Pick<Props, "options" | "change" | "file_name">) {
  const prefix = options.number_rows ?? "";
  return (
    <section className={css.callout}>
      <Title order={2}>No column tells the leads apart</Title>
      <p className={css.hint}>
        Without an e-mail, phone or external id, every row gets a number as its external id:{" "}
        <b>{prefix || prefixFrom(file_name)}-1</b>, <b>{prefix || prefixFrom(file_name)}-2</b> and so on. The
        same file imported again finds the same leads.
      </p>
      <TextInput
        label="Number the rows with"
        maw={280}
        maxLength={50}
        value={prefix}
        error={
          prefix.trim() ? null : "Enter a word to begin the ids with, or map a column that identifies a lead."
        }
        onChange={(event) => change({ number_rows: event.currentTarget.value })}
      />
    </section>
  );
}
