import { createORPCClient, ORPCError } from "@orpc/client";
import type { ContractRouterClient } from "@orpc/contract";
import { OpenAPILink } from "@orpc/openapi-client/fetch";
import { createTanstackQueryUtils } from "@orpc/tanstack-query";
import { contract, type Contract } from "@bellwether/contracts";
import { type FieldError, Problem } from "@bellwether/contracts/problems";
import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";

const base_url = `${window.location.origin}/api/v1`;

/** A refusal of the server in the words it chose for people, with what a bug report needs. */
export class ProblemError extends ORPCError<string, Problem> {
  readonly detail: string;
  readonly errors: readonly FieldError[];
  readonly request_id: string;

  constructor(problem: Problem) {
    super(problem.code, { status: problem.status, message: problem.detail || problem.title, data: problem });
    this.name = "ProblemError";
    this.detail = problem.detail || problem.title;
    this.errors = problem.errors;
    this.request_id = problem.request_id;
  }
}

/** Reads problem+json; anything else that came with an error status (a proxy's page, say) becomes a problem too. */
export function toProblemError(body: unknown, status: number): ProblemError {
  const parsed = Problem.safeParse(body);
  if (parsed.success) return new ProblemError(parsed.data);
  return new ProblemError({
    type: "about:blank",
    title: "The server answered in a way this page doesn't understand",
    status: status >= 400 ? status : 500,
    detail: `The server answered with status ${status}. Try again in a moment.`,
    code: "internal",
    errors: [],
    request_id: "",
  });
}

export const isProblem = (error: unknown, code?: string): error is ProblemError =>
  error instanceof ProblemError && (code === undefined || error.code === code);

/** One sentence for people from whatever was thrown. */
export function sentenceOf(error: unknown): string {
  if (error instanceof ProblemError) {
    const first = error.errors[0];
    // With one error the detail often is its message already.
    if (!first || error.detail.includes(first.message.replace(/\.$/, ""))) return error.detail;
    return `${error.detail.replace(/\.$/, "")}: ${first.message}`;
  }
  if (error instanceof TypeError) return "The server can't be reached. Check the connection and try again.";
  return error instanceof Error ? error.message : "Something went wrong.";
}

/** A problem's errors as Mantine's form takes them: by path. */
export function fieldErrorsOf(error: unknown): Record<string, string> {
  if (!(error instanceof ProblemError)) return {};
  return Object.fromEntries(error.errors.map((item) => [item.path, item.message]));
}

/** Given beside the input: `client.leads.update(patch, { context: { if_match: lead.revision } })` is refused with 412 when somebody was faster. */
export interface CallContext {
  if_match?: number;
}

/** The link reads JSON only where the type begins with application/json, and would hand a problem on as an unread file. */
function readable(response: Response): Response {
  if (!response.headers.get("content-type")?.startsWith("application/problem+json")) return response;
  const headers = new Headers(response.headers);
  headers.set("content-type", "application/json");
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
}

const link = new OpenAPILink<CallContext>(contract, {
  url: base_url,
  headers: ({ context }) => (context.if_match === undefined ? {} : { "if-match": `"${context.if_match}"` }),
  fetch: async (request, init) => readable(await fetch(request, { ...init, credentials: "same-origin" })),
  customErrorResponseBodyDecoder: (body, response) => toProblemError(body, response.status),
});

export type Client = ContractRouterClient<Contract, CallContext>;
/** The typed client: `await client.leads.show({ id })`. */
export const client: Client = createORPCClient<Client>(link);
/** The same as query options: `useQuery(api.leads.show.queryOptions({ input: { id } }))`. */
export const api = createTanstackQueryUtils(client);

/** Paths of endpoints that the browser itself calls: downloads, streams. */
export const apiUrl = (path: string): string => `${base_url}${path}`;

let leave = () => {};
/** What to do when an answer says that nobody is signed in any more: the session ended elsewhere or ran out. */
export function onSignedOut(handler: () => void): void {
  leave = handler;
}
const watch = (error: Error) => {
  if (isProblem(error, "not_signed_in")) leave();
};

export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError: watch }),
  mutationCache: new MutationCache({ onError: watch }),
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      refetchOnWindowFocus: true,
      // A refusal stays a refusal; only a lost connection or a hiccup is worth a second try.
      retry: (count, error) => count < 2 && !(error instanceof ProblemError && error.status < 500),
    },
  },
});
