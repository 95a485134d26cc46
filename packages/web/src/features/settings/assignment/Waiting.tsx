import type { AssignmentPreview } from "@bellwether/contracts/assignment";
import type { Stage } from "@bellwether/contracts/pipeline";
import { Button, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, queryClient } from "../../../api.ts";
import { Avatar, ErrorState, SkeletonRows, TextLink, toast } from "../../../ui/index.ts";
import { runBulk } from "../../changes/index.ts";
import { leadName, type Lookups } from "../../leads/index.ts";
import css from "../settings.module.css";
import own from "./assignment.module.css";
import { rereadAssignment } from "./data.ts";

/** What the rules would do with the leads that have no owner now, and doing it. */
export function Waiting({ lookups }: { lookups: Lookups }) {
  const preview = useQuery(api.assignment.rules.preview.queryOptions({ input: {}, staleTime: 0 }));
  const [busy, setBusy] = useState(false);
  const { data = [], unassigned = 0 } = preview.data ?? {};
  const some = data.some((each) => each.owner_id !== null);

  async function assignAll() {
    setBusy(true);
    try {
      await runBulk({
        rule: { all: [{ field: "owner_id", is: "unset" }, inOpenStage(lookups.names.stages)] },
        action: { kind: "assign_by_rules", reassign: false },
      });
    } catch (error) {
      toast.failed(error, "Nothing was assigned");
    }
    await Promise.all([
      rereadAssignment(),
      queryClient.invalidateQueries({ queryKey: api.leads.query.key() }),
    ]);
    setBusy(false);
  }

  return (
    <section className={css.section}>
      <div className={own.head}>
        <div>
          <Title order={2}>Leads without an owner</Title>
          <p className={css.hint}>{preview.data && introOf(data.length, unassigned)}</p>
        </div>
        {some && (
          <Button variant="default" loading={busy} onClick={() => void assignAll()}>
            Assign {unassigned === 1 ? "it" : `all ${unassigned.toLocaleString()}`} now
          </Button>
        )}
      </div>
      {preview.isPending && <SkeletonRows rows={4} height={44} />}
      {preview.isError && <ErrorState error={preview.error} retry={() => void preview.refetch()} />}
      {data.length > 0 && (
        <ul className={own.waiting} aria-label="The newest leads without an owner">
          {data.map((each) => (
            <li key={each.lead.id} className={css.row}>
              <TextLink className={css.grow ?? ""} to="/leads/$id" params={{ id: each.lead.id }}>
                {leadName(each.lead)}
              </TextLink>
              <Goes to={each} lookups={lookups} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function introOf(shown: number, unassigned: number): string {
  if (shown === 0) return "Every open lead has an owner.";
  const here =
    shown < unassigned
      ? `The newest ${shown} of ${unassigned.toLocaleString()}, and who would get them now.`
      : "Who would get them now.";
  return `${here} Leads that came before a rule wait here until somebody assigns them; those that came while everybody of their rule was away go to who is back first.`;
}

function Goes({ to: { rule, owner_id }, lookups }: { to: AssignmentPreview; lookups: Lookups }) {
  const name = lookups.names.members.find((member) => member.id === owner_id)?.name;
  if (rule === null) return <span className={css.sub}>No rule takes it</span>;
  if (name === undefined) return <span className={css.sub}>{rule.name}: everybody is away</span>;
  return (
    <span className={own.goes}>
      <Avatar name={name} size={20} />
      {name}
      <span className={css.sub}>by {rule.name}</span>
    </span>
  );
}

/** Final stages keep their owner, also where that is nobody. */
function inOpenStage(stages: readonly Stage[]) {
  const value = stages.filter((stage) => stage.kind === "open").map((stage) => stage.key);
  return { field: "stage", is: "in" as const, value };
}
