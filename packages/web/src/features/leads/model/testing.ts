import { Lead } from "@bellwether/contracts/leads";

/** A lead with nothing but its id, and what a test is about. */
export function leadOf(id: string, values: Partial<Lead> = {}): Lead {
  return { ...empty, id, ...values };
}

const empty = Lead.parse({
  id: "01a1fc16-3285-7ca1-95e1-e7cd903ce345",
  email: null,
  first_name: null,
  last_name: null,
  company: null,
  job_title: null,
  phone: null,
  whatsapp_id: null,
  avatar_url: null,
  owner_id: null,
  stage: "new",
  stage_since: "2026-01-01T00:00:00Z",
  lost_reason: null,
  overdue: false,
  score: 0,
  tier: "cold",
  qualification: null,
  source: null,
  tags: [],
  country: null,
  region: null,
  city: null,
  time_zone: null,
  language: null,
  external_id: null,
  anonymous_id: null,
  attributes: {},
  created_at: "2026-01-01T00:00:00Z",
  updated_at: "2026-01-01T00:00:00Z",
  last_seen_at: null,
  hidden: false,
  revision: 3,
});
