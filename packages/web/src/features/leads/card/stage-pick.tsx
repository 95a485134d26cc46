import { Button, Menu, VisuallyHidden } from "@mantine/core";
import type { Lead } from "@bellwether/contracts/leads";
import type { Stage } from "@bellwether/contracts/pipeline";
import { IconChevronDown, IconLock } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { client } from "../../../api.ts";
import { useMay } from "../../../session.tsx";
import { ageOf, StageBadge, toast, useNow } from "../../../ui/index.ts";
import { rereadLead, showLead } from "../edits.tsx";
import type { Lookups } from "../lookups.ts";
import { leadName } from "../model/columns.ts";
import { heldBy } from "../model/edits.ts";
import { useMove } from "../moving/moving.tsx";
import { StageItems } from "../moving/stage-items.tsx";
import { StageValue } from "../value.tsx";
import css from "./card.module.css";

interface Props {
  lead: Lead;
  lookups: Lookups;
}

/** Where the lead stands, for how long, and the way on. A final stage is left by reopening alone. */
export function StagePick({ lead, lookups: { names } }: Props) {
  const may_write = useMay("leads:write");
  const stage = names.stages.find((each) => each.key === lead.stage);
  const held = heldBy(lead, names.stages);
  return (
    <span className={css.axis}>
      <span className={css.axisLabel}>Stage</span>
      {held ? (
        <Held lead={lead} stage={held} stages={names.stages} />
      ) : may_write ? (
        <StageMenu lead={lead} stages={names.stages} />
      ) : (
        <span className={css.fixed}>
          <StageValue stage={lead.stage} names={names} />
        </span>
      )}
      {stage?.kind === "open" && <Age lead={lead} stage={stage} />}
    </span>
  );
}

function StageMenu({ lead, stages }: { lead: Lead; stages: readonly Stage[] }) {
  const move = useMove();
  const now = stages.find((each) => each.key === lead.stage);
  return (
    <Menu position="bottom-start">
      <Menu.Target>
        <button type="button" className={css.pick} aria-label={`Stage: ${now?.name ?? lead.stage}`}>
          {now ? <StageBadge stage={now} /> : lead.stage}
          <IconChevronDown size={13} aria-hidden="true" />
        </button>
      </Menu.Target>
      <Menu.Dropdown className={css.stages ?? ""}>
        <StageItems
          lead={lead}
          stages={stages}
          move={(to) => void move({ leads: [lead], to, how: "card" })}
        />
      </Menu.Dropdown>
    </Menu>
  );
}

/** How long it has stood there, against the stage's target. */
function Age({ lead, stage }: { lead: Lead; stage: Stage }) {
  const { words, spoken, state } = ageOf(lead, stage, useNow());
  return (
    <span className={`${css.age} bw-num`} data-state={state} title={spoken}>
      <span aria-hidden="true">
        {state === "over" ? "overdue, " : ""}
        {stage.target_days !== null
          ? `${words === "now" ? "0 min" : words} of ${stage.target_days} d`
          : words === "now"
            ? "just now"
            : `for ${words}`}
      </span>
      <VisuallyHidden>{spoken}</VisuallyHidden>
    </span>
  );
}

/** A final stage holds stage and owner; managers take the lead back out of it. */
function Held({ lead, stage, stages }: { lead: Lead; stage: Stage; stages: readonly Stage[] }) {
  const may_reopen = useMay("leads:reopen");
  const { reopen, busy } = useReopening(lead, stages);
  return (
    <>
      <span className={css.fixed}>
        <StageBadge stage={stage} />
        {lead.lost_reason && <span className={css.reason}>{lead.lost_reason}</span>}
      </span>
      {may_reopen && (
        <Button size="compact-sm" variant="default" loading={busy} onClick={() => void reopen()}>
          Reopen
        </Button>
      )}
      <span className={css.final}>
        <IconLock size={13} stroke={1.6} aria-hidden="true" />
        Final: stage and owner stay.{may_reopen ? "" : " Ask a manager to reopen it."}
      </span>
    </>
  );
}

/** Back to the open stage it came from. */
function useReopening(lead: Lead, stages: readonly Stage[]) {
  const queries = useQueryClient();
  const [busy, setBusy] = useState(false);
  async function reopen() {
    setBusy(true);
    try {
      const now = await client.leads.reopen({ id: lead.id });
      showLead(queries, lead.id, () => now);
      const to = stages.find((each) => each.key === now.stage)?.name ?? now.stage;
      toast.done(`${leadName(lead)} is open again, in ${to}.`);
    } catch (error) {
      toast.failed(error, "The lead wasn’t reopened");
    }
    rereadLead(queries, lead.id);
    setBusy(false);
  }
  return { reopen, busy };
}
