/** A transaction writes so many leads: 5,000 hold the readers of the event log back for about half a second. Tests make it small. */
export const bounds = { part_leads: 5_000 };
