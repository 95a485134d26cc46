import type { Rule } from "@bellwether/contracts/rule";
import { useState } from "react";
import type { Lookups } from "../lookups.ts";
import type { Group } from "../model/groups.ts";
import { emptyGroup, ruleWords, toGroup, toRule } from "../model/groups.ts";
import css from "./filters.module.css";
import { GroupFields } from "./group-dialog.tsx";

interface Props {
  start: Rule | null;
  lookups: Pick<Lookups, "filters" | "names">;
  /** Null while a part of it is still empty. */
  change: (rule: Rule | null) => void;
}

/** Which leads, as a part of a form about something else: the conditions, and below them the same in words. */
export function RuleFields({ start, lookups, change }: Props) {
  const [group, setGroup] = useState<Group>(() => (start ? toGroup(start) : emptyGroup("all")));
  const rule = toRule(group);
  return (
    <>
      <GroupFields
        group={group}
        depth={1}
        fields={lookups.filters}
        names={lookups.names}
        change={(next) => {
          setGroup(next);
          change(toRule(next));
        }}
      />
      <p className={css.whole} role="status">
        {rule ? ruleWords(rule, lookups.filters, lookups.names) : ""}
      </p>
    </>
  );
}
