import type { Absence } from "@bellwether/contracts/assignment";
import { ActionIcon, Button, TextInput } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import css from "./availability.module.css";

interface Props {
  absences: readonly Absence[];
  change: (absences: Absence[]) => void;
}

/** Whole days away, the first and the last among them. */
export function Absences({ absences, change }: Props) {
  const set = (at: number, part: Partial<Absence>) =>
    change(absences.map((absence, place) => (place === at ? { ...absence, ...part } : absence)));
  return (
    <div role="group" aria-labelledby="absences">
      <div id="absences" className={css.label}>
        Absences
      </div>
      <p className={css.hint}>Whole days. Who is absent gets no new leads by the rules.</p>
      {absences.map((absence, at) => (
        // Absences have no identity of their own; their place is what the person sees.
        <div key={at} className={css.span}>
          <TextInput
            type="date"
            aria-label={`First day of absence ${at + 1}`}
            value={absence.from}
            onChange={(event) => {
              const from = event.currentTarget.value;
              set(at, { from, ...(absence.to === "" || absence.to < from ? { to: from } : {}) });
            }}
          />
          <span aria-hidden="true">–</span>
          <TextInput
            type="date"
            aria-label={`Last day of absence ${at + 1}`}
            value={absence.to}
            onChange={(event) => set(at, { to: event.currentTarget.value })}
          />
          <ActionIcon
            aria-label={`Remove absence ${at + 1}`}
            onClick={() => change(absences.filter((_, place) => place !== at))}
          >
            <IconX size={14} />
          </ActionIcon>
        </div>
      ))}
      <Button
        variant="default"
        size="compact-sm"
        leftSection={<IconPlus size={13} />}
        disabled={absences.length >= 50}
        onClick={() => change([...absences, { from: "", to: "" }])}
      >
        Add absence
      </Button>
    </div>
  );
}
