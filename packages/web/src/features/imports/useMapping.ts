import type { Field } from "@bellwether/contracts/fields";
import type { ColumnMapping, Import, ImportOptions } from "@bellwether/contracts/imports";
import { useCallback, useMemo, useState } from "react";
import { client, isProblem, sentenceOf } from "../../api.ts";
import { useMay, useSession } from "../../session.tsx";
import {
  anythingMapped,
  badNewFields,
  doubled,
  firstOptions,
  firstTargets,
  identifiersIn,
  mappingOf,
  optionsFor,
  refusedColumns,
  type Target,
  type Targets,
} from "./model.ts";

export type DialectChoice = Pick<ImportOptions, "encoding" | "delimiter" | "header_row">;

/** The state of step two: the mapping, its options, what speaks against them, and the two ways on. */
export function useMapping(of: Import, fields: readonly Field[]) {
  const { workspace } = useSession();
  const may_create = useMay("fields:write");
  const [targets, setTargets] = useState<Targets>(() =>
    firstTargets(of.columns, of.mapping, may_create, fields),
  );
  const [chosen, setChosen] = useState<ImportOptions>(() =>
    firstOptions(of, workspace.default_country, targets),
  );
  const [refused, setRefused] = useState<ReadonlyMap<number, string>>(new Map());
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState("");

  const identifiers = useMemo(() => identifiersIn(targets), [targets]);
  const options = useMemo(() => optionsFor(chosen, targets, of.file_name), [chosen, targets, of.file_name]);
  const own = useMemo(
    () => new Map([...doubled(of.columns, targets), ...badNewFields(of.columns, targets, fields)]),
    [of.columns, targets, fields],
  );

  async function send(columns: ColumnMapping[], with_options: ImportOptions, then: (now: Import) => void) {
    setBusy(true);
    setFailure("");
    try {
      then(await client.imports.map({ id: of.id, columns, options: with_options }));
    } catch (error) {
      const about = isProblem(error)
        ? refusedColumns(error.errors, of.columns, targets)
        : new Map<number, string>();
      setRefused(about);
      setFailure(
        about.size > 0 ? "Some columns were refused. The reason stands beside each." : sentenceOf(error),
      );
    }
    setBusy(false);
  }

  return {
    targets,
    options,
    identifiers,
    problems: own.size > 0 ? own : refused,
    missing: whyNot(targets, options, own.size),
    busy,
    failure,
    may_create,
    setTarget: useCallback((index: number, target: Target) => {
      setRefused(new Map());
      setTargets((before) => ({ ...before, [index]: target }));
    }, []),
    setOptions: (patch: Partial<ImportOptions>) => setChosen({ ...options, ...patch }),
    check: (then: (now: Import) => void) => send(mappingOf(of.columns, targets), options, then),
    // Without columns the file is only read again; new suggestions come with the answer.
    readAgain: (dialect: DialectChoice, then: (now: Import) => void) =>
      send([], { ...options, ...dialect }, then),
  };
}

/** Why the check can't begin yet, or nothing. */
function whyNot(targets: Targets, options: ImportOptions, problems: number): string {
  if (problems > 0)
    return problems === 1 ? "One column needs another look." : `${problems} columns need another look.`;
  if (!anythingMapped(targets)) return "Choose a field for at least one column.";
  if (options.number_rows !== null && !options.number_rows.trim()) {
    return "Say how the rows are numbered, or map a column that identifies a lead.";
  }
  return "";
}
