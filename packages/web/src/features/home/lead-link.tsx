import type { Lead } from "@bellwether/contracts/leads";
import { Link } from "@tanstack/react-router";
import { Avatar, leadName } from "../../ui/index.ts";
import css from "./home.module.css";

/** Who it is, on the way to their page. */
export function LeadLink({ lead }: { lead: Lead }) {
  return (
    <>
      <Avatar name={leadName(lead)} src={lead.avatar_url} />
      <Link to="/leads/$id" params={{ id: lead.id }} className={`bw-quiet ${css.grow}`}>
        <b>{leadName(lead)}</b>
        {lead.company && <span className={css.dim}> · {lead.company}</span>}
      </Link>
    </>
  );
}
