import type { AssignmentRule } from "@bellwether/contracts/assignment";
import { ActionIcon, Menu, Switch, VisuallyHidden } from "@mantine/core";
import {
  IconArrowDown,
  IconArrowUp,
  IconDots,
  IconGripVertical,
  IconPencil,
  IconTrash,
} from "@tabler/icons-react";
import { client } from "../../../api.ts";
import { toast } from "../../../ui/index.ts";
import { type Lookups, ruleWords } from "../../leads/index.ts";
import css from "../settings.module.css";
import { useOrder } from "../useOrder.ts";
import own from "./assignment.module.css";
import { rereadAssignment } from "./data.ts";
import { wayWords } from "./words.ts";

interface Props {
  rules: AssignmentRule[];
  lookups: Lookups;
  may_write: boolean;
  edit: (rule: AssignmentRule) => void;
}

/** The rules in their order; the first that takes a lead decides. */
export function RuleList({ rules, lookups, may_write, edit }: Props) {
  const { ordered, move, drag, arrows, announced } = useOrder({
    items: rules.map((rule) => ({ ...rule, key: rule.id })),
    labelOf: (rule) => rule.name,
    send: async (ids, was) => {
      try {
        await client.assignment.rules.order({ ids, was });
      } finally {
        // When somebody else was faster, what they made of it is shown.
        await rereadAssignment();
      }
    },
  });
  return (
    <>
      <div role="list" className={own.rules} aria-label="Rules in their order">
        {ordered.map((rule, index) => (
          <div key={rule.id} role="listitem" className={css.row} {...(may_write ? drag(index) : {})}>
            {may_write && (
              <button
                type="button"
                className={css.handle}
                aria-label={`Move ${rule.name} with the arrow keys`}
                {...arrows(index)}
              >
                <IconGripVertical size={16} stroke={1.6} aria-hidden="true" />
              </button>
            )}
            <RuleWords rule={rule} lookups={lookups} />
            {may_write ? (
              <>
                <Switch
                  aria-label={`${rule.name} is on`}
                  checked={rule.enabled}
                  onChange={(event) => void turn(rule, event.currentTarget.checked)}
                />
                <RuleMenu
                  rule={rule}
                  edit={() => edit(rule)}
                  remove={() => void remove(rule, rules)}
                  up={index > 0 ? () => move(index, index - 1) : null}
                  down={index < ordered.length - 1 ? () => move(index, index + 1) : null}
                />
              </>
            ) : (
              <span className={css.sub}>{rule.enabled ? "On" : "Off"}</span>
            )}
          </div>
        ))}
      </div>
      <VisuallyHidden role="status">{announced}</VisuallyHidden>
    </>
  );
}

function RuleWords({ rule, lookups: { filters, names } }: { rule: AssignmentRule; lookups: Lookups }) {
  const who = rule.members.flatMap((id) => names.members.find((member) => member.id === id)?.name ?? []);
  return (
    <div className={css.grow} data-off={!rule.enabled || undefined}>
      <div className={css.name}>{rule.name}</div>
      <div className={css.sub}>
        {rule.condition === null ? "Every lead" : ruleWords(rule.condition, filters, names)}
      </div>
      <div className={css.sub}>
        {wayWords(rule)}: {who.length === 0 ? "nobody who is still here" : who.join(", ")}
      </div>
      {rule.broken !== null && (
        <div className={own.broken}>It takes no leads: {rule.broken} Change its conditions.</div>
      )}
    </div>
  );
}

async function turn(rule: AssignmentRule, enabled: boolean): Promise<void> {
  try {
    await client.assignment.rules.update({ id: rule.id, enabled });
  } catch (error) {
    toast.failed(error, `${rule.name} stays ${rule.enabled ? "on" : "off"}`);
  }
  await rereadAssignment();
}

/** Taken away at once; the way back makes it anew, in its old place. */
async function remove(rule: AssignmentRule, rules: AssignmentRule[]): Promise<void> {
  try {
    await client.assignment.rules.remove({ id: rule.id });
    toast.done(`${rule.name} is removed. Leads keep their owners.`, () => void putBack(rule, rules));
  } catch (error) {
    toast.failed(error, `${rule.name} is still there`);
  }
  await rereadAssignment();
}

async function putBack(rule: AssignmentRule, rules: AssignmentRule[]): Promise<void> {
  const { name, enabled, condition, method, members, only_at_work } = rule;
  try {
    const { id } = await client.assignment.rules.create({
      name,
      enabled,
      condition,
      method,
      members,
      only_at_work,
    });
    const now = (await client.assignment.rules.list()).data.map((each) => each.id);
    const place = rules.findIndex((each) => each.id === rule.id);
    const others = now.filter((each) => each !== id);
    await client.assignment.rules.order({ ids: others.toSpliced(place, 0, id), was: now });
  } catch (error) {
    toast.failed(error, `${name} isn’t back where it was`);
  }
  await rereadAssignment();
}

interface MenuProps {
  rule: AssignmentRule;
  edit: () => void;
  remove: () => void;
  up: (() => void) | null;
  down: (() => void) | null;
}

const icon = { size: 15, stroke: 1.6 } as const;

function RuleMenu({ rule, edit, remove: take, up, down }: MenuProps) {
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon aria-label={`More for ${rule.name}`}>
          <IconDots size={16} stroke={1.6} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconPencil {...icon} />} onClick={edit}>
          Change
        </Menu.Item>
        <Menu.Item leftSection={<IconArrowUp {...icon} />} disabled={!up} onClick={() => up?.()}>
          Move up
        </Menu.Item>
        <Menu.Item leftSection={<IconArrowDown {...icon} />} disabled={!down} onClick={() => down?.()}>
          Move down
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item leftSection={<IconTrash {...icon} />} onClick={take}>
          Remove
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
