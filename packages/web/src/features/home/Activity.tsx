import type { LiveEvent } from "@bellwether/contracts/live";
import { Link } from "@tanstack/react-router";
import { useRef, useState } from "react";
import { useLive } from "../../live.ts";
import { RelativeTime } from "../../ui/index.ts";
import css from "./home.module.css";

const rows_max = 10;

/** What each kind of event is called here; others are left to the timelines. */
const words: Record<string, string> = {
  "lead.created": "created a lead",
  "lead.updated": "changed a lead",
  "lead.assigned": "assigned a lead",
  "stage.changed": "moved a lead",
  "lead.deleted": "deleted a lead",
  "lead.restored": "restored a lead",
  "tag.added": "tagged a lead",
  "tag.removed": "took a tag off a lead",
  "note.added": "wrote a note",
  "note.edited": "edited a note",
  "import.started": "started an import",
  "import.finished": "finished an import",
  "import.cancelled": "stopped an import",
  "field.created": "added a field",
  "member.invited": "invited somebody",
  "member.joined": "joined the workspace",
};

/**
 * What happens while one looks. Drawn at most four times a second and only the last few, so that
 * a busy hour costs this page no more than a quiet one.
 */
export function Activity() {
  const [shown, setShown] = useState<readonly LiveEvent[]>([]);
  const latest = useRef<LiveEvent[]>([]);
  const timer = useRef(0);
  useLive((event) => {
    if (!(event.name in words)) return;
    latest.current = [event, ...latest.current].slice(0, rows_max);
    timer.current ||= window.setTimeout(() => {
      timer.current = 0;
      setShown(latest.current);
    }, 250);
  });
  return (
    <section aria-label="Live activity">
      <div className={css.head}>
        <h2>Happening now</h2>
      </div>
      {shown.length === 0 ? (
        <p className={css.quietText}>What you and others do appears here as it happens.</p>
      ) : (
        <ul className={css.list}>
          {shown.map((event) => (
            <li key={event.id}>
              <span className={css.grow}>
                <b style={{ fontWeight: 550 }}>{event.actor.name}</b> <What event={event} />
              </span>
              <span className={css.dim}>
                <RelativeTime at={event.occurred_at} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function What({ event }: { event: LiveEvent }) {
  const what = words[event.name] ?? event.name;
  if (event.lead_id && event.name !== "lead.deleted") {
    return (
      <Link to="/leads/$id" params={{ id: event.lead_id }} className="bw-quiet">
        {what}
      </Link>
    );
  }
  return <>{what}</>;
}
