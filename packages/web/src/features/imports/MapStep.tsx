import type { Import, ImportOptions } from "@bellwether/contracts/imports";
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useCallback, useMemo, useState } from "react";
import { api, client, sentenceOf } from "../../api.ts";
import { useMay, useSession } from "../../session.tsx";
import { ErrorState, Failure, SkeletonRows } from "../../ui/index.ts";
import { DialectBar, type DialectChoice } from "./DialectBar.tsx";
import css from "./imports.module.css";
import { MappingTable } from "./MappingTable.tsx";
import {
  anythingMapped,
  badNewFields,
  doubled,
  fieldChoices,
  firstOptions,
  firstTargets,
  identifiersIn,
  mappingOf,
  optionsFor,
  type Target,
  type Targets,
} from "./model.ts";
import { OptionsForm } from "./OptionsForm.tsx";

interface Props {
  of: Import;
  /** The check has begun. */
  checking: (now: Import) => void;
  /** The file is read again with another dialect; the columns come anew. */
  reread: (now: Import) => void;
}

/** Step two: where the columns go, and with which options. */
export function MapStep({ of, checking, reread }: Props) {
  const { workspace } = useSession();
  const may_create = useMay("fields:write");
  const fields = useQuery(api.fields.list.queryOptions({ input: { archived: "true" } }));
  const [targets, setTargets] = useState<Targets>(() => firstTargets(of.columns, of.mapping, may_create));
  const [options, setOptions] = useState<ImportOptions>(() =>
    firstOptions(of, workspace.default_country, targets),
  );
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState("");

  const custom = fields.data?.data;
  const choices = useMemo(() => fieldChoices(custom ?? []), [custom]);
  const problems = useMemo(
    () => new Map([...doubled(of.columns, targets), ...badNewFields(of.columns, targets, custom ?? [])]),
    [of.columns, targets, custom],
  );
  const identifiers = useMemo(() => identifiersIn(targets), [targets]);
  const change = useCallback(
    (index: number, target: Target) => setTargets((before) => ({ ...before, [index]: target })),
    [],
  );
  const missing = whyNot(targets, options, identifiers.length > 0, problems.size);

  async function send(
    columns: ReturnType<typeof mappingOf>,
    with_options: ImportOptions,
    then: (now: Import) => void,
  ) {
    setBusy(true);
    setFailure("");
    try {
      then(await client.imports.map({ id: of.id, columns, options: with_options }));
    } catch (error) {
      setFailure(sentenceOf(error));
    }
    setBusy(false);
  }
  const readAgain = (dialect: DialectChoice) =>
    void send([], { ...optionsFor(options, targets), ...dialect }, reread);

  if (fields.isPending) return <SkeletonRows rows={8} />;
  if (fields.isError) return <ErrorState error={fields.error} retry={() => void fields.refetch()} />;
  const going = Object.values(targets).filter((target) => target.kind !== "skip").length;
  return (
    <>
      <DialectBar dialect={of.dialect} reread={readAgain} />
      <MappingTable
        columns={of.columns}
        targets={targets}
        problems={problems}
        choices={choices}
        may_create={may_create}
        change={change}
      />
      {!may_create && (
        <p className={css.hint}>
          Something missing in the list? Ask an admin to add the field, then come back: this page keeps the
          file.
        </p>
      )}
      <OptionsForm
        options={{ ...options, match_on: optionsFor(options, targets).match_on }}
        change={(patch) => setOptions((before) => ({ ...before, ...patch }))}
        identifiers={identifiers}
        file_name={of.file_name}
      />
      <Failure>{failure}</Failure>
      <div className={css.foot}>
        <Button
          loading={busy}
          disabled={missing !== ""}
          onClick={() => void send(mappingOf(of.columns, targets), optionsFor(options, targets), checking)}
        >
          Check every row
        </Button>
        <span className={css.footNote} role="status">
          {missing || `${going} of ${of.columns.length} columns are imported. The check writes nothing.`}
        </span>
      </div>
    </>
  );
}

function whyNot(targets: Targets, options: ImportOptions, identified: boolean, problems: number): string {
  if (problems > 0)
    return problems === 1 ? "One column needs another look." : `${problems} columns need another look.`;
  if (!anythingMapped(targets)) return "Choose a field for at least one column.";
  if (!identified && !options.number_rows?.trim())
    return "Say how the rows are numbered, or map a column that identifies a lead.";
  return "";
}
