export function LeadsPage() { return null; }
export function LeadPage() { return null; }
