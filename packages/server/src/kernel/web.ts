import { existsSync } from "node:fs";
import { join } from "node:path";
import fastifyStatic from "@fastify/static";
import type { FastifyInstance } from "fastify";
import { sql } from "kysely";
import { PROJECT } from "./config.ts";
import type { Database } from "./db.ts";
import { problem } from "./problems.ts";

const dist = join(PROJECT, "packages", "web", "dist");

/** The web app, whose every page is one file, and whether the program is well. */
export async function serveWeb(app: FastifyInstance, options: { db: Database; web: boolean }): Promise<void> {
  app.get("/health/live", async () => ({ status: "live" }));
  app.get("/health/ready", async (_request, reply) => {
    try {
      await options.db.global((tx) => sql`select 1`.execute(tx));
      return { status: "ready" };
    } catch {
      return reply.code(503).send({ status: "not_ready" });
    }
  });
  const built = options.web && existsSync(dist);
  if (built) {
    await app.register(fastifyStatic, {
      root: dist,
      // Files with a hash in their name never change; the page that names them may at any time.
      setHeaders: (reply, path) => {
        reply.header(
          "cache-control",
          path.includes("/assets/") ? "public, max-age=31536000, immutable" : "no-cache",
        );
      },
    });
  }
  app.setNotFoundHandler(async (request, reply) => {
    if (/^\/api(\/|$|\?)/.test(request.url)) {
      throw problem("not_found", { say: "The API is at /api/v1, its reference at /api/docs." });
    }
    if (!built || request.method !== "GET" || /^[^?]*\.\w+($|\?)/.test(request.url)) {
      return reply.code(404).type("text/plain").send("There is nothing here.");
    }
    return reply.type("text/html").header("cache-control", "no-cache").sendFile("index.html");
  });
}
