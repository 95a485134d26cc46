import type { Lead } from "@bellwether/contracts/leads";
import { Button, CloseButton, Popover, Skeleton } from "@mantine/core";
import { IconFilter } from "@tabler/icons-react";
import { useState } from "react";
import { sentenceOf } from "../../../api.ts";
import { Checklist } from "../checklist.tsx";
import { eventLabel } from "../model/happened.ts";
import type { Names } from "../model/values.ts";
import css from "./timeline.module.css";
import { useGroups } from "./use-groups.ts";

interface Props {
  lead: Lead;
  names: Names;
  chosen: readonly string[];
  choose: (names: readonly string[]) => void;
}

/** Which kinds of events the timeline shows: of those that happened to this lead. */
export function KindFilter({ lead, names, chosen, choose }: Props) {
  const [opened, setOpened] = useState(false);
  const [only] = chosen;
  const words =
    only === undefined
      ? "Filter"
      : chosen.length === 1
        ? eventLabel(only, names.events)
        : `${chosen.length} kinds`;
  return (
    <span className={css.filter}>
      <Popover opened={opened} onChange={setOpened} position="bottom-end" trapFocus withinPortal>
        <Popover.Target>
          <Button
            {...(chosen.length > 0 ? { variant: "light" } : { variant: "subtle", color: "gray" })}
            size="compact-sm"
            leftSection={<IconFilter size={13} />}
            aria-label={`Kinds of events: ${only === undefined ? "all" : words}`}
            onClick={() => setOpened(!opened)}
          >
            {words}
          </Button>
        </Popover.Target>
        <Popover.Dropdown>{opened && <Kinds lead={lead} chosen={chosen} choose={choose} />}</Popover.Dropdown>
      </Popover>
      {chosen.length > 0 && (
        <CloseButton size={22} iconSize={14} aria-label="Show all kinds" onClick={() => choose([])} />
      )}
    </span>
  );
}

function Kinds({ lead, chosen, choose }: Omit<Props, "names">) {
  const groups = useGroups(lead.id);
  const kinds = (groups.data?.data ?? []).map(({ name, label, count }) => ({
    value: name,
    words: `${name} ${label}`,
    label: (
      <>
        {label} <span className={css.times}>×{count.toLocaleString()}</span>
      </>
    ),
  }));
  return (
    <div className={css.kinds}>
      {groups.isPending && <Skeleton height={11} width="70%" my={8} />}
      {groups.isError && !groups.data && <p className={css.quiet}>{sentenceOf(groups.error)}</p>}
      {groups.data && kinds.length === 0 && <p className={css.quiet}>Nothing has happened yet.</p>}
      <Checklist what="Kinds of events" choices={kinds} picked={chosen} change={choose} />
    </div>
  );
}
