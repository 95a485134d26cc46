import * as z from "zod";

/**
 * Every failure the API may answer with: its HTTP status and its title. `code` is what programs
 * compare, `detail` is the sentence for people. RFC 9457 problem details.
 */
export const problems = {
  bad_request: [400, "The request can't be understood"],
  bad_json: [400, "The body isn't valid JSON"],
  bad_cursor: [400, "This cursor belongs to another query"],
  bad_query: [400, "The query can't be understood"],
  unknown_field: [400, "There is no such field"],
  not_signed_in: [401, "Sign in first"],
  wrong_credentials: [401, "E-mail or password is wrong"],
  forbidden: [403, "Not allowed"],
  cross_site: [403, "Request from another site"],
  not_found: [404, "Not found"],
  lead_merged: [404, "Merged into another lead"],
  method_not_allowed: [405, "Method not allowed"],
  lead_exists: [409, "A lead with this identifier already exists"],
  name_taken: [409, "This name is taken"],
  email_taken: [409, "This e-mail already has an account"],
  final_stage: [409, "The lead's stage is final"],
  not_in_state: [409, "Not possible in this state"],
  last_owner: [409, "A workspace needs an owner"],
  request_in_flight: [409, "The same request is still being worked on"],
  changed_meanwhile: [412, "Changed in the meantime"],
  too_large: [413, "Too large"],
  unsupported_file: [415, "This file can't be read"],
  unsupported_media_type: [415, "This content type isn't accepted"],
  invalid: [422, "Some values can't be accepted"],
  idempotency_key_reused: [422, "This Idempotency-Key was used for another request"],
  too_many_requests: [429, "Too many requests"],
  internal: [500, "Something went wrong on our side"],
  not_ready: [503, "Not ready yet"],
} as const satisfies Record<string, readonly [number, string]>;
export type ProblemCode = keyof typeof problems;

export const FieldError = z.object({
  path: z.string().describe("Where: a property path such as `attributes.plan`"),
  code: z.string(),
  message: z.string(),
});
export type FieldError = z.infer<typeof FieldError>;

export const Problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string(),
    errors: z.array(FieldError),
    request_id: z.string(),
  })
  .loose();
export type Problem = z.infer<typeof Problem>;
