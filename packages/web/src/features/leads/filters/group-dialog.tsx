import type { Rule } from "@bellwether/contracts/rule";
import { ActionIcon, Button, Group as Row, Modal, SegmentedControl } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { useState } from "react";
import { FormFooter } from "../../../ui/index.ts";
import type { Column } from "../model/columns.ts";
import type { Group, Item, Mode } from "../model/groups.ts";
import {
  emptyCondition,
  emptyGroup,
  group_depth_max,
  groupItem,
  ruleWords,
  toGroup,
  toRule,
} from "../model/groups.ts";
import type { Names } from "../model/values.ts";
import { ConditionFields } from "./condition-fields.tsx";
import css from "./filters.module.css";

interface Props {
  /** Null: a new one. */
  start: Rule | null;
  opened: boolean;
  close: () => void;
  fields: Column[];
  names: Names;
  apply: (rule: Rule) => void;
}

/** Conditions joined by any, all or none, in groups up to three deep. */
export function GroupDialog(props: Props) {
  return (
    <Modal
      opened={props.opened}
      onClose={props.close}
      title={props.start ? "Change filter group" : "New filter group"}
      size="lg"
      centered
    >
      {props.opened && <Form {...props} />}
    </Modal>
  );
}

function Form({ start, close, fields, names, apply }: Props) {
  const [group, setGroup] = useState<Group>(() => (start ? toGroup(start) : emptyGroup("any")));
  const rule = toRule(group);
  return (
    <form
      aria-label="Filter group"
      onSubmit={(event) => {
        event.preventDefault();
        if (!rule) return;
        apply(rule);
        close();
      }}
    >
      <GroupFields group={group} depth={1} fields={fields} names={names} change={setGroup} />
      <p className={css.whole} role="status">
        {rule ? ruleWords(rule, fields, names) : ""}
      </p>
      <FormFooter unready={!rule} close={close}>
        Apply
      </FormFooter>
    </form>
  );
}

const modes: { value: Mode; label: string }[] = [
  { value: "any", label: "Any of" },
  { value: "all", label: "All of" },
  { value: "none", label: "None of" },
];

interface FieldsProps {
  group: Group;
  depth: number;
  fields: Column[];
  names: Names;
  change: (group: Group) => void;
}

export function GroupFields({ group, depth, fields, names, change }: FieldsProps) {
  const { items } = group;
  const set = (next: Item[]) => change({ ...group, items: next });
  const setAt = (at: number, item: Item) => set(items.with(at, item));
  return (
    <div className={css.group} data-depth={depth} role="group" aria-label={`Group, level ${depth}`}>
      <SegmentedControl
        size="xs"
        aria-label="These hold together by"
        data={modes}
        value={group.mode}
        onChange={(mode) =>
          change({ ...group, mode: modes.find(({ value }) => value === mode)?.value ?? "any" })
        }
      />
      {items.map((item, at) => (
        <div key={item.id} className={css.item}>
          <div className={css.itemFields}>
            {item.kind === "condition" && (
              <ConditionFields
                fields={fields}
                names={names}
                condition={item.condition}
                set={(condition) => setAt(at, { ...item, condition })}
              />
            )}
            {item.kind === "group" && (
              <GroupFields
                group={item.group}
                depth={depth + 1}
                fields={fields}
                names={names}
                change={(inner) => setAt(at, { ...item, group: inner })}
              />
            )}
            {item.kind === "fixed" && <p>{ruleWords(item.rule, fields, names)}</p>}
          </div>
          <ActionIcon
            aria-label={item.kind === "group" ? "Remove this group" : "Remove this condition"}
            onClick={() => set(items.toSpliced(at, 1))}
          >
            <IconX size={14} />
          </ActionIcon>
        </div>
      ))}
      <Row gap="xs">
        <Button
          variant="default"
          size="compact-sm"
          leftSection={<IconPlus size={13} />}
          onClick={() => set([...items, emptyCondition()])}
        >
          Add condition
        </Button>
        {depth < group_depth_max && (
          <Button
            variant="default"
            size="compact-sm"
            leftSection={<IconPlus size={13} />}
            onClick={() => set([...items, groupItem(emptyGroup(group.mode === "all" ? "any" : "all"))])}
          >
            Add group
          </Button>
        )}
      </Row>
    </div>
  );
}
