import type { TimelineEvent } from "@bellwether/contracts/leads";
import { UnstyledButton } from "@mantine/core";
import { useState } from "react";
import { RelativeTime } from "../../../ui/index.ts";
import type { Column } from "../model/columns.ts";
import { actorName, tell } from "../model/story.ts";
import { formatClock, type Names } from "../model/values.ts";
import css from "./timeline.module.css";

const changes_shown = 6;

interface Props {
  event: TimelineEvent;
  fields: readonly Column[];
  names: Names;
  today: boolean;
}

export function TimelineItem({ event, fields, names, today }: Props) {
  const { title, sentence, changes, quote } = tell(event, fields, names);
  const [whole, setWhole] = useState(false);
  const shown = whole ? changes : changes.slice(0, changes_shown);
  return (
    <li className={css.event} data-event={event.id} data-reported={title !== undefined || undefined}>
      <div>
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
