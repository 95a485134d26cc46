import type { Lead } from "@bellwether/contracts/leads";

/** What to call a lead: its name, else whatever address it has. */
export function leadName(lead: Lead): string {
  const name = [lead.first_name, lead.last_name].filter(Boolean).join(" ");
  return name || lead.email || lead.phone || lead.whatsapp_id || lead.external_id || "Unnamed lead";
}
