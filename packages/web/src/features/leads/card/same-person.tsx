import type { Lead } from "@bellwether/contracts/leads";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { api } from "../../../api.ts";
import { useMay } from "../../../session.tsx";
import { leadName } from "../model/columns.ts";
import css from "./merge-with.module.css";

/** Says quietly that another card may be of the same person, to whoever may merge the two. */
export function SamePerson({ lead }: { lead: Lead }) {
  const may_merge = useMay("leads:merge");
  const pairs = useQuery({
    ...api.duplicates.list.queryOptions({ input: { lead_id: lead.id, limit: 3 } }),
    enabled: may_merge,
  });
  const others = (pairs.data?.data ?? []).flatMap((pair) =>
    pair.leads.filter((each) => each.id !== lead.id).slice(0, 1),
  );
  const [first, ...more] = others;
  if (!first) return null;
  return (
    <p className={css.same}>
      <span>
        May be the same person as {leadName(first)}
        {first.company ? ` of ${first.company}` : ""}
        {more.length > 0 ? ` and ${more.length === 1 ? "one more" : "others"}` : ""}.
      </span>
      <Link to="/leads/$id/merge/$other" params={{ id: lead.id, other: first.id }}>
        Review
      </Link>
    </p>
  );
}
