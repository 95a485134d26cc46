import { isReported } from "@bellwether/contracts/event-names";
import type { TimelineEvent } from "@bellwether/contracts/leads";
import { ActionIcon, Menu, UnstyledButton } from "@mantine/core";
import { IconDots, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { useMay } from "../../../session.tsx";
import { RelativeTime } from "../../../ui/index.ts";
import { useMe } from "../me.ts";
import type { Column } from "../model/columns.ts";
import { actorName, tell } from "../model/story.ts";
import { formatClock, type Names } from "../model/values.ts";
import { takeBack } from "./taking-back.ts";
import css from "./timeline.module.css";

const changes_shown = 6;

interface Props {
  lead_id: string;
  event: TimelineEvent;
  fields: readonly Column[];
  names: Names;
  today: boolean;
}

export function TimelineItem({ lead_id, event, fields, names, today }: Props) {
  const { title, sentence, changes, quote } = tell(event, fields, names);
  const [whole, setWhole] = useState(false);
  const shown = whole ? changes : changes.slice(0, changes_shown);
  return (
    <li className={css.event} data-event={event.id} data-reported={title !== undefined || undefined}>
      <div>
        <EventMenu lead_id={lead_id} event={event} label={title ?? event.name} />
        <b>{title ?? actorName(event)}</b>{" "}
        <span className={title === undefined ? undefined : css.by}>{sentence}</span>
        <span className={css.when}>
          {today ? (
            <RelativeTime at={event.occurred_at} />
          ) : (
            <time dateTime={event.occurred_at}>{formatClock(event.occurred_at, names)}</time>
          )}
        </span>
      </div>
      {quote && <p className={css.quote}>{quote}</p>}
      {shown.map(({ label, from, to }) => (
        <div key={label} className={css.change}>
          <span className={css.changeLabel}>{label}</span>
          {from && (
            <>
              <span className={css.from}>{from}</span>
              <span aria-label="became" role="img" className={css.arrow}>
                →
              </span>
            </>
          )}
          <span>{to}</span>
        </div>
      ))}
      {changes.length > shown.length && (
        <UnstyledButton className={css.more} onClick={() => setWhole(true)}>
          {changes.length - shown.length} more
        </UnstyledButton>
      )}
    </li>
  );
}

/** For who may take the event back: who added it, and managers. What Bellwether itself tells stays. */
function EventMenu({ lead_id, event, label }: { lead_id: string; event: TimelineEvent; label: string }) {
  const me = useMe();
  const may_write = useMay("events:write");
  const manages = useMay("leads:delete");
  const mine = event.actor.kind === "member" && event.actor.id === me.member_id;
  if (!isReported(event.name) || !may_write || !(mine || manages)) return null;
  return (
    <span className={css.menu}>
      <Menu position="bottom-end" width={160}>
        <Menu.Target>
          <ActionIcon size="sm" aria-label={`What to do with ${label}`}>
            <IconDots size={14} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<IconTrash size={15} stroke={1.6} />}
            onClick={() => void takeBack({ lead_id, event, label })}
          >
            Remove
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </span>
  );
}
