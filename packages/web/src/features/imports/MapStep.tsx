import type { Field } from "@bellwether/contracts/fields";
import type { Import } from "@bellwether/contracts/imports";
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { api } from "../../api.ts";
import { ErrorState, Failure, SkeletonRows } from "../../ui/index.ts";
import { DialectBar } from "./DialectBar.tsx";
import css from "./imports.module.css";
import { MappingTable } from "./MappingTable.tsx";
import { fieldChoices } from "./model.ts";
import { OptionsForm } from "./OptionsForm.tsx";
import { useMapping } from "./useMapping.ts";

interface Props {
  of: Import;
  /** The check has begun. */
  checking: (now: Import) => void;
  /** The file is read again with another dialect; the columns come anew. */
  reread: (now: Import) => void;
}

/** Step two: where the columns go, and with which options. */
export function MapStep(props: Props) {
  const fields = useQuery(api.fields.list.queryOptions({ input: { archived: "true" } }));
  if (fields.isPending) return <SkeletonRows rows={8} />;
  if (fields.isError) return <ErrorState error={fields.error} retry={() => void fields.refetch()} />;
  return <Mapping {...props} fields={fields.data.data} />;
}

function Mapping({ of, checking, reread, fields }: Props & { fields: Field[] }) {
  const mapping = useMapping(of, fields);
  const { targets, options, may_create } = mapping;
  const choices = useMemo(() => fieldChoices(fields), [fields]);
  const going = Object.values(targets).filter((target) => target.kind !== "skip").length;
  return (
    <>
      <DialectBar dialect={of.dialect} reread={(dialect) => void mapping.readAgain(dialect, reread)} />
      <MappingTable
        columns={of.columns}
        targets={targets}
        problems={mapping.problems}
        choices={choices}
        may_create={may_create}
        change={mapping.setTarget}
      />
      {!may_create && (
        <p className={css.hint}>
          Something missing in the list? Ask an admin to add the field, then come back: this page keeps the
          file.
        </p>
      )}
      <OptionsForm
        options={options}
        change={mapping.setOptions}
        identifiers={mapping.identifiers}
        file_name={of.file_name}
      />
      <div className={css.foot}>
        <div className={css.footFailure}>
          <Failure>{mapping.failure}</Failure>
        </div>
        <Button
          loading={mapping.busy}
          disabled={mapping.missing !== ""}
          onClick={() => void mapping.check(checking)}
        >
          Check every row
        </Button>
        <span className={css.footNote} role="status">
          {mapping.missing ||
            `${going} of ${of.columns.length} columns are imported. The check writes nothing.`}
        </span>
      </div>
    </>
  );
}
