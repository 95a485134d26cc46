export { BinPage } from "./bin/bin-page.tsx";
export { NewLead } from "./create-lead.tsx";
export { LeadPage } from "./lead-page.tsx";
export { LeadsPage } from "./leads-page.tsx";
export { type Lookups, useLookups } from "./lookups.ts";
export { type Column, leadName, valueOf } from "./model/columns.ts";
export { inWords } from "./model/values.ts";
export { LeadValue } from "./value.tsx";
export { useWaitingPairs, WaitingPairs } from "./waiting-pairs.tsx";
