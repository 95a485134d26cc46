import { ActionIcon, Button, CopyButton, Tooltip } from "@mantine/core";
import type { Lead } from "@bellwether/contracts/leads";
import { IconCheck, IconChevronDown, IconEyeOff, IconLink } from "@tabler/icons-react";
import { useState } from "react";
import { useMay } from "../../../session.tsx";
import { Avatar } from "../../../ui/index.ts";
import { useEdits } from "../edits.tsx";
import type { Lookups } from "../lookups.ts";
import type { Me } from "../me.ts";
import type { Column } from "../model/columns.ts";
import { leadName } from "../model/columns.ts";
import { heldBy, mayAssignTo, whyNotEdited } from "../model/edits.ts";
import { inWords } from "../model/values.ts";
import { Score } from "../value.tsx";
import { ValueInput } from "../value-input.tsx";
import css from "./card.module.css";
import { MoreMenu, useHiding } from "./more-menu.tsx";
import { SamePerson } from "./same-person.tsx";
import { StagePick } from "./stage-pick.tsx";

interface Props {
  lead: Lead;
  lookups: Lookups;
  me: Me;
  heading: "h1" | "h2";
  gone: () => void;
}

export function CardHeader({ lead, lookups, me, heading: Heading, gone }: Props) {
  const name = leadName(lead);
  const owner = lookups.fields.find((field) => field.id === "owner_id");
  const work = [lead.job_title, lead.company].filter(Boolean).join(" · ");
  return (
    <>
      <header className={css.header}>
        <Avatar name={name} src={lead.avatar_url} size={44} />
        <div className={css.headText}>
          <Heading className={css.name}>{name}</Heading>
          {work && <p className={css.work}>{work}</p>}
        </div>
        <div className={css.headActions}>
          <CopyLink id={lead.id} />
          <MoreMenu lead={lead} held={heldBy(lead, lookups.names.stages) !== null} gone={gone} />
        </div>
        <SamePerson lead={lead} />
      </header>
      <div className={css.axes}>
        {lead.hidden && <Hidden lead={lead} />}
        <StagePick lead={lead} lookups={lookups} />
        {owner && <OwnerPick lead={lead} lookups={lookups} me={me} column={owner} />}
        <span className={css.axis}>
          <span className={css.axisLabel}>Score</span> <Score lead={lead} />
        </span>
      </div>
    </>
  );
}

/** Why the lead isn't in the lists. */
function Hidden({ lead }: { lead: Lead }) {
  const may_write = useMay("leads:write");
  const { show } = useHiding(lead);
  return (
    <p className={css.hidden}>
      <IconEyeOff size={15} stroke={1.6} aria-hidden="true" />
      <span>Hidden until active again. Lists leave it out.</span>
      {may_write && (
        <Button size="compact-sm" variant="default" onClick={() => void show()}>
          Show
        </Button>
      )}
    </p>
  );
}

interface PickProps {
  lead: Lead;
  lookups: Lookups;
  me: Me;
  column: Column;
}

function OwnerPick({ lead, lookups: { names }, me, column }: PickProps) {
  const { save } = useEdits();
  const [picking, setPicking] = useState(false);
  const manages = useMay("leads:assign");
  const why = whyNotEdited(column, lead, me, names.stages);
  const held = heldBy(lead, names.stages) !== null;
  const name = inWords(column, lead.owner_id, names);
  const shown = (
    <>
      {lead.owner_id && <Avatar name={name} size={18} />}
      <span>{name}</span>
    </>
  );
  return (
    <span className={css.axis}>
      <span className={css.axisLabel}>Owner</span>
      {picking ? (
        <span className={css.ownerInput}>
          <ValueInput
            column={column}
            value={lead.owner_id}
            names={names}
            mayPick={(to) => mayAssignTo(lead, me, to)}
            commit={(value) => {
              setPicking(false);
              void save(lead, column, value);
            }}
            cancel={() => setPicking(false)}
          />
        </span>
      ) : manages && !held ? (
        <button
          type="button"
          className={css.pick}
          onClick={() => setPicking(true)}
          aria-label={`Owner: ${name}`}
        >
          {shown}
          <IconChevronDown size={13} aria-hidden="true" />
        </button>
      ) : (
        <Tooltip label={why ?? ""} disabled={why === null}>
          <span className={css.fixed}>{shown}</span>
        </Tooltip>
      )}
      {!manages && !held && me.member_id && mayAssignTo(lead, me, me.member_id) && lead.owner_id === null && (
        <Button size="compact-sm" variant="light" onClick={() => void save(lead, column, me.member_id)}>
          Take
        </Button>
      )}
      {!manages && !held && lead.owner_id !== null && mayAssignTo(lead, me, null) && (
        <Button size="compact-sm" variant="subtle" color="gray" onClick={() => void save(lead, column, null)}>
          Give up
        </Button>
      )}
    </span>
  );
}

function CopyLink({ id }: { id: string }) {
  return (
    <CopyButton value={`${window.location.origin}/leads/${id}`} timeout={1500}>
      {({ copied, copy }) => (
        <Tooltip label={copied ? "Link copied" : "Copy link"}>
          <ActionIcon onClick={copy} aria-label={copied ? "Link copied" : "Copy link"}>
            {copied ? <IconCheck size={16} /> : <IconLink size={16} stroke={1.6} />}
          </ActionIcon>
        </Tooltip>
      )}
    </CopyButton>
  );
}
