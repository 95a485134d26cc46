import { dayAway, daysAway, isPeriod, periods, periodWords } from "@bellwether/contracts/periods";
import { Group, Select, TextInput } from "@mantine/core";
import { useState } from "react";
import { longList } from "../long-list.ts";

type Kind = "date" | "in" | "ago" | (typeof periods)[number];

const capital = (words: string) => `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
const kinds: { value: Kind; label: string }[] = [
  { value: "date", label: "A date" },
  ...periods.map((value) => ({ value, label: capital(periodWords(value)) })),
  { value: "ago", label: "… days ago" },
  { value: "in", label: "In … days" },
];
const usual_days = 7;
// Dropdowns stay inside the popover or dialog, whose outside would otherwise be clicked.
const inside = { withinPortal: false } as const;

interface Props {
  label: string;
  value: string | undefined;
  change: (day: string | undefined) => void;
  /** It says what it is, beside another. */
  labelled?: boolean;
}

/** A day, by its date or by what it is to today, so that the rule moves on with the days. */
export function DayInput({ label, value, change, labelled = false }: Props) {
  const [kind, setKind] = useState(() => kindOf(value));
  const away = Math.abs(daysAway(value ?? "") ?? usual_days);
  const pick = (picked: Kind) => {
    setKind(picked);
    change(picked === "date" ? undefined : isPeriod(picked) ? picked : dayAway(signed(picked, away)));
  };
  return (
    <Group gap="xs" align="flex-end" flex={1} miw={0}>
      <Select
        {...(labelled ? { label } : {})}
        aria-label={`${label}: which day`}
        data={kinds}
        value={kind}
        onChange={(picked) => {
          const known = kinds.find((each) => each.value === picked);
          if (known) pick(known.value);
        }}
        allowDeselect={false}
        {...longList(260)}
        comboboxProps={inside}
        flex="1 1 120px"
      />
      {kind === "date" && <DateInput label={label} value={value ?? ""} change={change} />}
      {(kind === "in" || kind === "ago") && (
        <DaysInput
          label={label}
          days={away}
          change={(days) => change(days === undefined ? undefined : dayAway(signed(kind, days)))}
        />
      )}
    </Group>
  );
}

function kindOf(value = ""): Kind {
  const away = daysAway(value);
  return isPeriod(value) ? value : away === null ? "date" : away < 0 ? "ago" : "in";
}

const signed = (kind: Kind, days: number) => (kind === "ago" ? -days : days);

/** What was written elsewhere may be a moment, which no date is. */
function DateInput({ label, value, change }: { label: string; value: string; change: Props["change"] }) {
  const [plain] = useState(() => value === "" || /^\d{4}-\d{2}-\d{2}$/.test(value));
  return (
    <TextInput
      aria-label={label}
      type={plain ? "date" : "text"}
      value={value}
      onChange={(event) => change(event.currentTarget.value.trim() || undefined)}
      flex="1 1 130px"
    />
  );
}

function DaysInput({
  label,
  days,
  change,
}: {
  label: string;
  days: number;
  change: (days: number | undefined) => void;
}) {
  const [text, setText] = useState(String(days));
  return (
    <TextInput
      aria-label={`${label}: how many days`}
      inputMode="numeric"
      value={text}
      onChange={(event) => {
        const typed = event.currentTarget.value.trim();
        setText(typed);
        change(/^[1-9]\d{0,3}$/.test(typed) ? Number(typed) : undefined);
      }}
      w={72}
    />
  );
}
