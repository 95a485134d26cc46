import { gzipSync } from "node:zlib";
import compress from "@fastify/compress";
import helmet from "@fastify/helmet";
import multipart from "@fastify/multipart";
import rateLimit from "@fastify/rate-limit";
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  LogController,
  type FastifyReply,
  type FastifyRequest,
} from "fastify";
import type { Config } from "./config.ts";
import { type Endpoint, route, type Serving } from "./http.ts";
import { newId } from "./ids.ts";
import type { Log } from "./log.ts";
import { observe } from "./metrics.ts";
import { ProblemError, problem } from "./problems.ts";
import { rateLimits } from "./rate-limits.ts";

const api_root = "/api/v1";
const body_bytes_max = 5 * 1024 * 1024;

/** The HTTP server, with everything that holds for every endpoint; what the endpoints are comes from outside. */
export async function createApp(options: {
  config: Config;
  log: Log;
  endpoints: Endpoint[];
  serving: Omit<Serving, "spend" | "config">;
}): Promise<FastifyInstance> {
  const { config, log } = options;
  const app: FastifyInstance = Fastify({
    loggerInstance: log.child({ part: "http" }) as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: config.trustProxy,
    bodyLimit: body_bytes_max,
    genReqId: () => newId(),
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 500 },
    // The same resource under its other common name.
    rewriteUrl: (request) =>
      (request.url ?? "/").replace(/^\/api\/v1\/contacts(?=[/?]|$)/, `${api_root}/leads`),
  });
  await secureHeaders(app, config);
  app.addHook("onSend", async (request, reply, payload) => gzipped(request, reply, payload));
  await app.register(compress, { threshold: 2048, encodings: ["gzip"], zlibOptions: { level: 1 } });
  await app.register(rateLimit, { global: false });
  await app.register(multipart, { limits: { files: 1, fields: 10 } });
  // Uploads are streamed by their own endpoint.
  app.addContentTypeParser(
    ["text/csv", "text/tab-separated-values", "text/plain", "application/octet-stream"],
    (_request, _payload, done) => done(null),
  );
  answerErrors(app);
  observe(app);
  app.addHook("onSend", async (request, reply, payload) => {
    reply.header("x-request-id", request.id);
    if (request.url.startsWith("/api/")) {
      reply.header("cache-control", "no-store");
    }
    return payload;
  });
  const serving: Serving = { ...options.serving, config, spend: rateLimits(app, config.rateLimits) };
  await app.register(
    async (api) => {
      for (const endpoint of options.endpoints) {
        route(api, endpoint, serving);
      }
      api.setNotFoundHandler(async (request) => {
        throw problem("not_found", {
          say: `There is no ${request.method} ${request.url.split("?", 1)[0]}. The reference is at /api/docs.`,
        });
      });
    },
    { prefix: api_root },
  );
  return app;
}

async function secureHeaders(app: FastifyInstance, config: Pick<Config, "publicUrl">): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        "default-src": ["'self'"],
        // Mantine and the virtual list set styles on elements.
        "style-src": ["'self'", "'unsafe-inline'"],
        "img-src": ["'self'", "data:", "https:"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "object-src": ["'none'"],
      },
    },
    strictTransportSecurity: config.publicUrl.startsWith("https:"),
    crossOriginEmbedderPolicy: false,
  });
}

/**
 * A page of leads shrinks to a seventh. In one piece it costs a third of a millisecond; as a stream, which the compress
 * plugin makes of it, a whole one. What is larger or streamed is left to the plugin.
 */
function gzipped(request: FastifyRequest, reply: FastifyReply, payload: unknown): unknown {
  const fits = typeof payload === "string" && payload.length > 2_048 && payload.length < 262_144;
  if (
    !fits ||
    reply.hasHeader("content-encoding") ||
    request.headers["accept-encoding"]?.includes("gzip") !== true
  ) {
    return payload;
  }
  reply.header("content-encoding", "gzip").header("vary", "accept-encoding");
  reply.removeHeader("content-length");
  return gzipSync(payload, { level: 1 });
}

/** Every refusal is a problem document; what we didn't foresee is logged and answered without its inside. */
function answerErrors(app: FastifyInstance): void {
  app.setErrorHandler(async (error, request, reply) => {
    const known = error instanceof ProblemError ? error : foreseen(error);
    if (known.status >= 500) {
      request.log.error(
        { error: known.options.cause ?? known, url: request.url, request_id: request.id },
        "request failed",
      );
    } else if (known.options.log !== undefined) {
      request.log.info({ ...known.options.log, code: known.code, request_id: request.id }, "request refused");
    }
    return reply
      .code(known.status)
      .headers(known.options.headers ?? {})
      .type("application/problem+json")
      .send(JSON.stringify(known.toDocument(request.id)));
  });
}

const fastifyProblems: Record<string, () => ProblemError> = {
  FST_ERR_CTP_BODY_TOO_LARGE: () =>
    problem("too_large", { say: "The body is larger than 5 MB. Send less at a time." }),
  FST_ERR_CTP_INVALID_MEDIA_TYPE: () =>
    problem("unsupported_media_type", { say: "Send JSON, with “Content-Type: application/json”." }),
  FST_ERR_CTP_EMPTY_JSON_BODY: () =>
    problem("bad_json", { say: "The body is empty; send JSON, or leave the Content-Type out." }),
  // Also what has `__proto__` or `constructor.prototype` as a key.
  FST_ERR_CTP_INVALID_JSON_BODY: () =>
    problem("bad_json", { say: "The body isn't valid JSON, or has a reserved key such as __proto__." }),
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: () =>
    problem("bad_request", { say: "The Content-Length doesn't fit the body." }),
};

function foreseen(error: unknown): ProblemError {
  const code = hasCode(error) ? error.code : undefined;
  const make = code === undefined ? undefined : fastifyProblems[code];
  if (make !== undefined) {
    return make();
  }
  if (error instanceof SyntaxError) {
    return problem("bad_json", { say: `The body isn't valid JSON: ${error.message}.` });
  }
  // PostgreSQL: a text with a NUL byte, and a statement that ran out of its time.
  if (code === "22021" || code === "22P05") {
    return problem("invalid", {
      say: "A text holds a character that can't be stored (NUL or a broken surrogate). Remove it.",
    });
  }
  if (code === "57014") {
    return problem("internal", {
      say: "This took too long and was stopped. Narrow the question and try again.",
      cause: error,
    });
  }
  return problem("internal", {
    say: "Something went wrong on our side. Nothing was changed; try again.",
    cause: error,
  });
}

function hasCode(error: unknown): error is { code: string } {
  return typeof error === "object" && error !== null && "code" in error && typeof error.code === "string";
}
