import type { Column } from "@bellwether/contracts/imports";
import { Select, TextInput, Tooltip } from "@mantine/core";
import { memo } from "react";
import { isFieldType, keyFrom, typeChoices } from "../../ui/field-types.ts";
import css from "./imports.module.css";
import { type Choice, headerOf, type NewField, type Target, type Targets } from "./model.ts";

interface Props {
  columns: readonly Column[];
  targets: Targets;
  problems: ReadonlyMap<number, string>;
  choices: { standard: Choice[]; custom: Choice[] };
  may_create: boolean;
  change: (index: number, target: Target) => void;
}

/** Each column of the file: what it is called, what is in it, where it goes. */
export function MappingTable({ columns, targets, problems, choices, may_create, change }: Props) {
  return (
    <table className={css.map}>
      <colgroup>
        <col style={{ width: "19%" }} />
        <col style={{ width: "25%" }} />
        <col />
      </colgroup>
      <thead>
        <tr>
          <th scope="col">Column in the file</th>
          <th scope="col">First values</th>
          <th scope="col">Goes to</th>
        </tr>
      </thead>
      <tbody>
        {columns.map((column) => (
          <Row
            key={column.index}
            column={column}
            target={targets[column.index] ?? nowhere}
            problem={problems.get(column.index) ?? ""}
            choices={choices}
            may_create={may_create}
            change={change}
          />
        ))}
      </tbody>
    </table>
  );
}

// The list is wider than the box, which is narrow beside a new field's name and type.
const wide = { width: 280, position: "bottom-start" } as const;
const nowhere: Target = { kind: "skip", guess: false };

interface RowProps extends Omit<Props, "columns" | "targets" | "problems"> {
  column: Column;
  target: Target;
  problem: string;
}

// A file may have hundreds of columns: only the one that changed is drawn again.
const Row = memo(function Row({ column, target, problem, choices, may_create, change }: RowProps) {
  const header = headerOf(column);
  const value = target.kind === "field" ? target.field : target.kind === "new" ? "new" : "skip";
  const create: Choice = { value: "new", label: target.kind === "new" ? "New field" : "Create a field…" };
  const data = [
    { value: "skip", label: "Don't import" },
    ...(may_create || target.kind === "new" ? [create] : []),
    ...(choices.custom.length > 0 ? [{ group: "Your fields", items: choices.custom }] : []),
    { group: "Standard fields", items: choices.standard },
  ];

  function choose(next: string | null) {
    if (next === null || next === value) return;
    if (next === "skip") change(column.index, nowhere);
    else if (next !== "new") change(column.index, { kind: "field", field: next, guess: false });
    else {
      const { suggestion } = column;
      const new_field =
        suggestion && "new_field" in suggestion
          ? suggestion.new_field
          : { key: keyFrom(header), label: header, type: "text" as const };
      change(column.index, { kind: "new", new_field, guess: false });
    }
  }

  return (
    <tr data-skip={target.kind === "skip" || undefined}>
      <td className={css.colName}>{header}</td>
      <td className={css.samples} title={column.samples.join("\n")}>
        {column.samples.length === 0 ? (
          <i>empty</i>
        ) : (
          column.samples.slice(0, 4).map((sample, i) => <span key={i}>{sample}</span>)
        )}
      </td>
      <td>
        <div className={css.target} data-new={target.kind === "new" || undefined}>
          <Select
            aria-label={`${header} goes to`}
            data={data}
            value={value}
            onChange={choose}
            allowDeselect={false}
            searchable
            nothingFoundMessage="No such field"
            maxDropdownHeight={320}
            comboboxProps={wide}
            error={problem !== ""}
          />
          {target.kind === "new" && (
            <NewFieldInputs
              header={header}
              value={target.new_field}
              change={(new_field) => change(column.index, { kind: "new", new_field, guess: false })}
            />
          )}
          {target.guess && (
            <Tooltip label="Guessed from the header and the values. Change it if it's wrong.">
              <span className={css.guess} tabIndex={0} role="note">
                guess
              </span>
            </Tooltip>
          )}
        </div>
        {problem && (
          <div className={css.problem} role="alert">
            {problem}
          </div>
        )}
      </td>
    </tr>
  );
});

function NewFieldInputs({
  header,
  value,
  change,
}: {
  header: string;
  value: NewField;
  change: (value: NewField) => void;
}) {
  return (
    <>
      <TextInput
        aria-label={`Name of the new field for ${header}`}
        value={value.label}
        onChange={(event) => {
          const label = event.currentTarget.value;
          change({ ...value, label, key: keyFrom(label) });
        }}
      />
      <Select
        aria-label={`Type of the new field for ${header}`}
        data={typeChoices}
        value={value.type}
        allowDeselect={false}
        onChange={(type) => isFieldType(type) && change({ ...value, type })}
      />
    </>
  );
}
