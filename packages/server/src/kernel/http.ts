import type {
  AnyContractProcedure,
  ContractProcedure,
  InferSchemaInput,
  InferSchemaOutput,
} from "@orpc/contract";
import type { EndpointMeta } from "@bellwether/contracts/common";
import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from "fastify";
import type * as z from "zod";
import { may } from "@bellwether/contracts/permissions";
import type { Actor } from "./access.ts";
import { deeperThan, unstorable } from "./characters.ts";
import type { Config } from "./config.ts";
import type { Ctx, Database, TransactionOptions } from "./db.ts";
import { remembered } from "./idempotency.ts";
import type { Mailer } from "./mail.ts";
import { invalid, problem } from "./problems.ts";

/** One request, as the api files see it. */
export class Call {
  readonly db: Database;
  readonly config: Config;
  readonly mailer: Mailer;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly #actor: Actor | null;
  /** The signed-in person, also where no workspace is chosen. */
  readonly user_id: string | null;
  readonly session_id: string | null;
  /** Keeps the answer for an Idempotency-Key, in the transaction that does what it tells of. */
  keeping: ((ctx: Ctx, output: unknown) => Promise<unknown>) | null = null;

  constructor(parts: {
    db: Database;
    config: Config;
    mailer: Mailer;
    request: FastifyRequest;
    reply: FastifyReply;
    caller: Caller;
  }) {
    this.db = parts.db;
    this.config = parts.config;
    this.mailer = parts.mailer;
    this.request = parts.request;
    this.reply = parts.reply;
    this.#actor = parts.caller.actor;
    this.user_id = parts.caller.user_id;
    this.session_id = parts.caller.session_id;
  }

  get actor(): Actor {
    if (this.#actor === null) {
      throw problem("not_signed_in", {
        say: "Sign in, or send an API key as “Authorization: Bearer <key>”.",
      });
    }
    return this.#actor;
  }

  /** Null where no workspace is chosen. */
  get workspace_id(): string | null {
    return this.#actor?.workspace_id ?? null;
  }

  get ip(): string {
    return this.request.ip;
  }

  /** Runs a verb in one transaction inside the caller's workspace. */
  tenant<T>(work: (ctx: Ctx) => Promise<T>, options: TransactionOptions = {}): Promise<T> {
    return this.db.tenant(this.actor, work, {
      if_match: this.request.headers["if-match"] ?? null,
      ...options,
    });
  }
}

/** Who is behind a request. */
export interface Caller {
  actor: Actor | null;
  user_id: string | null;
  session_id: string | null;
  /** By cookie: the browser sends it by itself, so requests from other sites must be told apart. */
  by_cookie: boolean;
}
export const nobody: Caller = { actor: null, user_id: null, session_id: null, by_cookie: false };

/** What a module's api file must give for its part of the contract: a function for each endpoint. */
export type Implementation<C> =
  C extends ContractProcedure<infer I, infer O, infer _E, infer _M>
    ? (call: Call, input: InferSchemaOutput<I>) => Promise<InferSchemaInput<O>>
    : { [K in keyof C]: Implementation<C[K]> };

/** A verb as an endpoint: one transaction, in the caller's workspace. */
export function tenant<I, O>(verb: (ctx: Ctx, input: I) => Promise<O>): (call: Call, input: I) => Promise<O> {
  return (call, input) =>
    call.tenant(async (ctx) => {
      const output = await verb(ctx, input);
      await call.keeping?.(ctx, output);
      return output;
    });
}

export interface Endpoint {
  /** Such as `leads.create`: stable, and the operation id in OpenAPI. */
  name: string;
  method: HTTPMethods;
  path: string;
  success: number;
  meta: EndpointMeta;
  input: z.ZodType | undefined;
  output: z.ZodType | undefined;
  run: (call: Call, input: unknown) => Promise<unknown>;
}

/** Pairs a contract with its implementation, endpoint by endpoint. */
export function endpointsOf(contract: object, implementation: object, path: string[] = []): Endpoint[] {
  return Object.entries(contract).flatMap(([key, part]: [string, object]) => {
    const here = [...path, key];
    const done: unknown = (implementation as Record<string, unknown>)[key];
    if (!("~orpc" in part)) {
      return endpointsOf(part, done as object, here);
    }
    const definition = (part as AnyContractProcedure)["~orpc"];
    if (typeof done !== "function") {
      throw new Error(`nothing implements ${here.join(".")}`);
    }
    return [
      {
        name: here.join("."),
        method: definition.route.method ?? "POST",
        path: (definition.route.path ?? "").replace(/\{(\w+)\}/g, ":$1"),
        success: definition.route.successStatus ?? 200,
        meta: definition.meta as EndpointMeta,
        input: definition.inputSchema as z.ZodType | undefined,
        output: definition.outputSchema as z.ZodType | undefined,
        run: done as Endpoint["run"],
      },
    ];
  });
}

export interface Serving {
  db: Database;
  config: Config;
  mailer: Mailer;
  /** Finds out who calls, from the cookie or the key. */
  authenticate: (request: FastifyRequest) => Promise<Caller>;
  /** Draws on the caller's budget, or refuses. */
  spend: (request: FastifyRequest, reply: FastifyReply, caller: Caller, meta: EndpointMeta) => Promise<void>;
}

/** One Fastify route for each endpoint: who, whether they may, what they send, the verb, what they get. */
export function route(app: FastifyInstance, endpoint: Endpoint, serving: Serving): void {
  app.route({
    method: endpoint.method,
    url: endpoint.path,
    handler: async (request, reply) => {
      const caller = await serving.authenticate(request);
      refuseOtherSites(request, caller);
      await serving.spend(request, reply, caller, endpoint.meta);
      refuseWithoutRight(endpoint.meta, caller);
      const call = new Call({ ...serving, request, reply, caller });
      if (endpoint.meta.raw === true) {
        const input =
          endpoint.method === "GET" && endpoint.input !== undefined
            ? parse(endpoint.input, request, endpoint.meta)
            : undefined;
        await endpoint.run(call, input);
        return reply;
      }
      const input = endpoint.input === undefined ? undefined : parse(endpoint.input, request, endpoint.meta);
      const answer = await remembered(serving.db, call, caller, endpoint, input, {
        work: () => endpoint.run(call, input),
        answerOf: (output) => ({ status: endpoint.success, output: shape(endpoint, output) }),
      });
      tagRevision(reply, answer.output);
      return reply.code(answer.status).send(answer.output);
    },
  });
}

/** Single records that count their changes carry the count as their ETag, for If-Match. */
function tagRevision(reply: FastifyReply, output: unknown): void {
  if (typeof output === "object" && output !== null && "revision" in output) {
    reply.header("etag", `"${String(output.revision)}"`);
  }
}

/** Strips what the contract doesn't promise; a mismatch is our mistake and is logged as such. */
function shape(endpoint: Endpoint, output: unknown): unknown {
  return endpoint.output === undefined ? output : endpoint.output.parse(output);
}

/**
 * Deeper than anything we are sent on purpose, and shallow enough for whatever recurses over it. A rule of 50 levels,
 * whose refusal names what is wrong, takes 101.
 */
const depth_max = 120;

function parse(schema: z.ZodType, request: FastifyRequest, meta: EndpointMeta): unknown {
  const sent = request.method === "GET" ? request.query : (request.body ?? {});
  if (typeof sent !== "object" || sent === null || Array.isArray(sent)) {
    throw problem("bad_request", { say: "The body must be a JSON object." });
  }
  if (deeperThan(depth_max, sent)) {
    throw problem("bad_request", { say: `The body is nested deeper than ${depth_max} levels.` });
  }
  const all: Record<string, unknown> = { ...sent, ...(request.params as object) };
  const broken = unstorable(meta.items === undefined ? all : { ...all, [meta.items]: null });
  if (broken.length > 0) {
    const message =
      "This text holds a character that can't be stored (NUL or half of a surrogate pair). Remove it.";
    throw invalid(broken.map((path) => ({ path, code: "bad_character", message })));
  }
  const result = schema.safeParse(all);
  if (result.success) {
    return result.data;
  }
  const errors = result.error.issues.flatMap((issue) => spelled(issue));
  // An id that can't be one is as missing as one that isn't there.
  if (errors.every((error) => error.path === "id") && "id" in (request.params as object)) {
    throw problem("not_found", { say: "There is nothing with this id." });
  }
  const asked = result.error.issues.some(
    (issue) => issue.code === "custom" && issue.params?.["problem"] === "bad_query",
  );
  throw problem(asked ? "bad_query" : "invalid", {
    say: errors
      .map((error) => (error.path === "" ? error.message : `${error.path}: ${error.message}`))
      .join(" "),
    errors,
  });
}

function spelled(issue: z.core.$ZodIssue): { path: string; code: string; message: string }[] {
  const path = placeOf(issue.path);
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({
      path: placeOf([...issue.path, key]),
      code: "unknown_field",
      message: `There is no field “${key}”.`,
    }));
  }
  const message = issue.message.replace(/^Invalid input: /, "This is not right: ");
  return [{ path, code: issue.code, message: /[.!?]$/.test(message) ? message : `${message}.` }];
}

/** `rule.all[2].value` */
function placeOf(path: PropertyKey[]): string {
  return path
    .map((part, index) =>
      typeof part === "number" ? `[${part}]` : `${index === 0 ? "" : "."}${String(part)}`,
    )
    .join("");
}

function refuseWithoutRight(meta: EndpointMeta, caller: Caller): void {
  if (meta.needs === "public") {
    return;
  }
  if (meta.needs === "signed_in" ? caller.user_id === null : caller.actor === null) {
    throw problem("not_signed_in", {
      say:
        caller.user_id === null
          ? "Sign in, or send an API key as “Authorization: Bearer <key>”."
          : "You are in no workspace: ask an admin to invite you.",
      headers: { "www-authenticate": "Bearer" },
    });
  }
  if (meta.needs === "signed_in" || meta.needs === "member" || caller.actor === null) {
    return;
  }
  if (!may(caller.actor.role, meta.needs)) {
    throw problem("forbidden", {
      say: `Your role (${caller.actor.role}) doesn't allow this. Ask an admin of the workspace.`,
    });
  }
}

/**
 * A cookie travels with requests that other sites make, so a changing request must prove that it comes from ours:
 * Fetch Metadata where the browser sends it, else the Origin header. Programs without a browser send neither.
 */
function refuseOtherSites(request: FastifyRequest, caller: Caller): void {
  if (request.method === "GET" || request.method === "HEAD") {
    return;
  }
  const site = request.headers["sec-fetch-site"];
  const origin = request.headers.origin;
  const foreign =
    site === undefined
      ? origin !== undefined && URL.parse(origin)?.host !== request.host
      : site !== "same-origin" && site !== "none";
  if (foreign && (caller.by_cookie || request.headers.authorization === undefined)) {
    throw problem("cross_site", { say: "This request came from another site, so it was refused." });
  }
}
