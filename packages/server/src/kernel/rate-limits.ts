import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { EndpointMeta } from "@bellwether/contracts/common";
import type { Caller } from "./http.ts";
import { problem } from "./problems.ts";

type Budget = NonNullable<EndpointMeta["budget"]>;

/**
 * What one caller may ask in a minute, for each process. Signing in has a budget for each address, small enough to make
 * guessing passwords hopeless and large enough for an office behind one address.
 */
const budgets: Record<Budget, number> = { read: 1200, write: 600, search: 600, sign_in: 20 };
const window_ms = 60_000;

/** Answers carry RateLimit and RateLimit-Policy (draft-ietf-httpapi-ratelimit-headers-10); refusals Retry-After too. */
export function rateLimits(app: FastifyInstance, on: boolean) {
  const limiters = Object.fromEntries(
    (Object.keys(budgets) as Budget[]).map((budget) => [
      budget,
      app.createRateLimit({
        max: budgets[budget],
        timeWindow: window_ms,
        keyGenerator: (request: FastifyRequest) => `${budget}:${spender(request)}`,
      }),
    ]),
  ) as Record<Budget, ReturnType<FastifyInstance["createRateLimit"]>>;

  return async (
    request: FastifyRequest,
    reply: FastifyReply,
    caller: Caller,
    meta: EndpointMeta,
  ): Promise<void> => {
    if (!on) {
      return;
    }
    const budget = meta.budget ?? (request.method === "GET" ? "read" : "write");
    spenders.set(
      request,
      budget === "sign_in" || caller.actor === null
        ? request.ip
        : `${caller.actor.kind}:${caller.actor.id ?? ""}`,
    );
    const state = await limiters[budget](request);
    if (state.isAllowed) {
      return;
    }
    const seconds = Math.max(1, state.ttlInSeconds);
    reply.header("ratelimit-policy", `"${budget}";q=${budgets[budget]};w=${window_ms / 1000}`);
    reply.header("ratelimit", `"${budget}";r=${Math.max(0, state.remaining)};t=${seconds}`);
    if (state.isExceeded) {
      throw problem("too_many_requests", {
        say: `Too many requests: ${budgets[budget]} a minute are allowed here. Try again in ${seconds} s.`,
        headers: { "retry-after": String(seconds) },
      });
    }
  };
}

const spenders = new WeakMap<FastifyRequest, string>();
function spender(request: FastifyRequest): string {
  return spenders.get(request) ?? request.ip;
}
