import type { Lead } from "@bellwether/contracts/leads";
import { Button, Checkbox, CloseButton, Popover, Skeleton, TextInput } from "@mantine/core";
import { IconFilter } from "@tabler/icons-react";
import { useState } from "react";
import { sentenceOf } from "../../../api.ts";
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

const search_from = 9;
function Kinds({ lead, chosen, choose }: Omit<Props, "names">) {
  const groups = useGroups(lead.id);
  const [find, setFind] = useState("");
  const wanted = find.trim().toLowerCase();
  const all = groups.data?.data ?? [];
  return (
    <div role="group" aria-label="Kinds of events" className={css.kinds}>
      {groups.isPending && <Skeleton height={11} width="70%" my={8} />}
      {groups.isError && !groups.data && <p className={css.quiet}>{sentenceOf(groups.error)}</p>}
      {groups.data && all.length === 0 && <p className={css.quiet}>Nothing has happened yet.</p>}
      {all.length >= search_from && (
        <TextInput
          aria-label="Search kinds of events"
          placeholder="Search"
          mb={8}
          value={find}
          onChange={(event) => setFind(event.currentTarget.value)}
        />
      )}
      <div className={css.checklist}>
        {all
          .filter(({ name, label }) => `${name} ${label}`.toLowerCase().includes(wanted))
          .map(({ name, label, count }) => (
            <Checkbox
              key={name}
              label={
                <>
                  {label} <span className={css.times}>×{count.toLocaleString()}</span>
                </>
              }
              checked={chosen.includes(name)}
              onChange={(event) =>
                choose(
                  event.currentTarget.checked ? [...chosen, name] : chosen.filter((other) => other !== name),
                )
              }
            />
          ))}
      </div>
    </div>
  );
}
