import type { WorkingSpan } from "@bellwether/contracts/assignment";
import { ActionIcon, TextInput } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import css from "./availability.module.css";
import { days, readEnd, shownEnd, spanAfter } from "./model.ts";

interface Props {
  hours: readonly WorkingSpan[];
  change: (hours: WorkingSpan[]) => void;
}

/** The week day by day, each with none, one or several spans. */
export function Week({ hours, change }: Props) {
  const all = hours.map((span, at) => ({ ...span, at }));
  const set = (at: number, part: Partial<WorkingSpan>) =>
    change(hours.map((span, place) => (place === at ? { ...span, ...part } : span)));
  return (
    <div role="group" aria-label="Hours of the week" className={css.week}>
      {days.map(({ day, label }) => {
        const spans = all.filter((span) => span.day === day);
        return (
          <div key={day} className={css.day} role="group" aria-label={label}>
            <span className={css.dayName}>{label}</span>
            <div className={css.spans}>
              {spans.length === 0 && <span className={css.none}>Not at work</span>}
              {spans.map((span) => (
                <div key={span.at} className={css.span}>
                  <TextInput
                    type="time"
                    aria-label={`${label} from`}
                    value={span.from}
                    onChange={(event) => set(span.at, { from: event.currentTarget.value })}
                  />
                  <span aria-hidden="true">–</span>
                  <TextInput
                    type="time"
                    aria-label={`${label} to`}
                    value={shownEnd(span.to)}
                    onChange={(event) => set(span.at, { to: readEnd(event.currentTarget.value) })}
                  />
                  <ActionIcon
                    aria-label={`Remove these hours of ${label}`}
                    onClick={() => change(hours.filter((_, place) => place !== span.at))}
                  >
                    <IconX size={14} />
                  </ActionIcon>
                </div>
              ))}
            </div>
            <ActionIcon
              aria-label={`Add hours on ${label}`}
              onClick={() => change([...hours, spanAfter(hours, day)])}
            >
              <IconPlus size={14} />
            </ActionIcon>
          </div>
        );
      })}
    </div>
  );
}
