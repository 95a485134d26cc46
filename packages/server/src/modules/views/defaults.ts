import type { Stage } from "@bellwether/contracts/leads";
import type { Rule } from "@bellwether/contracts/rule";
import type { View } from "@bellwether/contracts/views";

/**
 * The views that every workspace has. They are code and not rows: so they are the same in a workspace that is years old,
 * and follow its stages. Ids are stable words, which links and a member's order of them name.
 */
export function standardViews(stages: readonly Stage[]): View[] {
  const final = stages.filter((stage) => stage.kind !== "open").map((stage) => stage.key);
  return [
    standard("all", "All", null),
    standard("mine", "Mine", { field: "owner_id", is: "eq", value: "me" }),
    standard("unassigned", "Unassigned", { field: "owner_id", is: "unset" }),
    standard("hot", "Hot", { field: "score", is: "gte", value: 50 }),
    standard("new_this_week", "New this week", { field: "created_at", is: "in_last", value: "7d" }),
    standard("final", "Final", { field: "stage", is: "in", value: final }),
  ];
}

function standard(id: string, name: string, rule: Rule | null): View {
  return {
    id,
    name,
    rule,
    shared: true,
    q: "",
    sort: [],
    columns: [],
    layout: null,
    card_fields: null,
    standard: true,
    mine: false,
    may_change: false,
    made_by: "Bellwether",
    broken: null,
    updated_at: null,
  };
}
