import { Button } from "@mantine/core";
import { useState } from "react";
import type { Column } from "../model/columns.ts";
import { type Asked, isWhole } from "../model/groups.ts";
import type { Names } from "../model/values.ts";
import { ConditionFields } from "./condition-fields.tsx";
import css from "./filters.module.css";

interface Props {
  fields: Column[];
  names: Names;
  start: Asked | null;
  apply: (condition: Asked) => void;
  /** Asks for several conditions joined otherwise than by “and”. */
  group?: () => void;
}

/** One condition: which field, how it is compared, with what; or what happened. */
export function FilterEditor({ fields, names, start, apply, group }: Props) {
  const [condition, setCondition] = useState<Asked | null>(start);
  const ready = condition !== null && isWhole(condition);
  return (
    <form
      className={css.editor}
      aria-label="Filter"
      onSubmit={(event) => {
        event.preventDefault();
        if (condition && ready) apply(condition);
      }}
    >
      <ConditionFields
        fields={fields}
        names={names}
        condition={condition}
        set={setCondition}
        settled={start !== null}
        focused
      />
      <Button type="submit" disabled={!ready} fullWidth>
        Apply
      </Button>
      {group && condition === null && (
        <Button variant="subtle" color="gray" onClick={group} fullWidth>
          Add a group (any of, none of)
        </Button>
      )}
    </form>
  );
}
