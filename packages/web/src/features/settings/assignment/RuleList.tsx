import type { AssignmentRule } from "@bellwether/contracts/assignment";
import { Menu, Switch } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { client } from "../../../api.ts";
import { toast } from "../../../ui/index.ts";
import { type Lookups, ruleWords } from "../../leads/index.ts";
import { menu_icon, OrderedList, RowMenu } from "../OrderedList.tsx";
import css from "../settings.module.css";
import own from "./assignment.module.css";
import { rereadAssignment } from "./data.ts";
import { waitingWords, wayWords } from "./words.ts";

interface Props {
  rules: AssignmentRule[];
  lookups: Lookups;
  may_write: boolean;
  edit: (rule: AssignmentRule) => void;
}

/** The rules in their order; the first that takes a lead decides. */
export function RuleList({ rules, lookups, may_write, edit }: Props) {
  return (
    <OrderedList
      label="Rules in their order"
      className={own.rules}
      items={rules.map((rule) => ({ ...rule, key: rule.id }))}
      nameOf={(rule) => rule.name}
      may_write={may_write}
      send={async (ids, was) => {
        try {
          await client.assignment.rules.order({ ids, was });
        } finally {
          // When somebody else was faster, what they made of it is shown.
          await rereadAssignment();
        }
      }}
    >
      {(rule, steps) => (
        <>
          <RuleWords rule={rule} lookups={lookups} />
          {may_write ? (
            <>
              <Switch
                aria-label={`${rule.name} is on`}
                checked={rule.enabled}
                onChange={(event) => void turn(rule, event.currentTarget.checked)}
              />
              <RowMenu name={rule.name} edit={() => edit(rule)} {...steps}>
                <Menu.Item
                  leftSection={<IconTrash {...menu_icon} />}
                  onClick={() => void remove(rule, rules)}
                >
                  Remove
                </Menu.Item>
              </RowMenu>
            </>
          ) : (
            <span className={css.sub}>{rule.enabled ? "On" : "Off"}</span>
          )}
        </>
      )}
    </OrderedList>
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
      {rule.waiting > 0 && <div className={own.waits}>{waitingWords(rule.waiting)}</div>}
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
