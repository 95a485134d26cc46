import type { AssignmentRule } from "@bellwether/contracts/assignment";
import { assignment_rules_max } from "@bellwether/contracts/assignment";
import { Button } from "@mantine/core";
import { IconUsersGroup } from "@tabler/icons-react";
import { useDebouncedCallback } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../../../api.ts";
import { useLive } from "../../../live.ts";
import { useMay } from "../../../session.tsx";
import { EmptyState, ErrorState, NotAllowed, PageHeader, SkeletonRows } from "../../../ui/index.ts";
import { useLookups } from "../../leads/index.ts";
import { rereadAssignment } from "./data.ts";
import { RuleDrawer } from "./RuleDrawer.tsx";
import { RuleList } from "./RuleList.tsx";
import { Takers } from "./Takers.tsx";
import { Waiting } from "./Waiting.tsx";

type Open = { kind: "create" } | { kind: "edit"; rule: AssignmentRule } | null;

/** What changes who would get what. */
const news = /^(lead\.(created|assigned)|bulk\.|assignment_rule\.|member\.|live\.)/;
const news_pause_ms = 800;

/** Who gets new leads by themselves. */
export function AssignmentPage() {
  const may_read = useMay("leads:assign");
  return may_read ? (
    <Assignment />
  ) : (
    <>
      <PageHeader title="Assignment" />
      <NotAllowed what="Managers see who gets new leads." />
    </>
  );
}

function Assignment() {
  const may_write = useMay("settings:write");
  const rules = useQuery(api.assignment.rules.list.queryOptions());
  const lookups = useLookups();
  const [open, setOpen] = useState<Open>(null);
  const again = useDebouncedCallback(rereadAssignment, news_pause_ms);
  useLive((event) => {
    if (news.test(event.name)) again();
  });
  const all = rules.data?.data ?? [];
  const create = () => setOpen({ kind: "create" });
  return (
    <>
      <PageHeader
        title="Assignment"
        lead={`The first rule that takes a new lead says who gets it, unless it has an owner already. Imports use the rules when asked to.${may_write ? "" : " Only admins change them."}`}
        actions={
          may_write &&
          all.length > 0 && (
            <Button disabled={all.length >= assignment_rules_max} onClick={create}>
              New rule
            </Button>
          )
        }
      />
      {rules.isPending && <SkeletonRows rows={3} height={64} />}
      {rules.isError && <ErrorState error={rules.error} retry={() => void rules.refetch()} />}
      {rules.isSuccess && all.length === 0 && (
        <EmptyState
          icon={IconUsersGroup}
          title="No rules yet"
          action={may_write && <Button onClick={create}>New rule</Button>}
        >
          New leads stay unassigned until somebody takes them. A rule gives them to your members by turns, or
          to who has the fewest.
        </EmptyState>
      )}
      <RuleList
        rules={all}
        lookups={lookups}
        may_write={may_write}
        edit={(rule) => setOpen({ kind: "edit", rule })}
      />
      {all.length > 0 && <Waiting lookups={lookups} />}
      {rules.isSuccess && <Takers lookups={lookups} may_write={may_write} />}
      <RuleDrawer
        opened={open !== null}
        rule={open?.kind === "edit" ? open.rule : null}
        lookups={lookups}
        close={() => setOpen(null)}
      />
    </>
  );
}
