import * as z from "zod";

const kept = 8;
const key = (workspace_id: string): string => `bellwether.recent.${workspace_id}`;

/** Ids only: what the leads are called is asked of the server, which shows no more than one may see now. */
export function recentLeads(workspace_id: string): string[] {
  try {
    return z.array(z.uuid()).parse(JSON.parse(localStorage.getItem(key(workspace_id)) ?? "[]"));
  } catch {
    return [];
  }
}

export function rememberLead(workspace_id: string, lead_id: string): void {
  const ids = [lead_id, ...recentLeads(workspace_id).filter((id) => id !== lead_id)].slice(0, kept);
  try {
    localStorage.setItem(key(workspace_id), JSON.stringify(ids));
  } catch {
    // Storage may be full or forbidden; nothing is remembered then.
  }
}
