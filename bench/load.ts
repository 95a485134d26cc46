// Sends events over HTTP as fast as it gets answers, in a process of its own, so that it costs the server nothing but its share of the
// machine.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { childEnvironment } from "../packages/server/src/kernel/config.ts";

export interface Load {
  url: string;
  key: string;
  lead_ids: string[];
  seconds: number;
  at_once: number;
  events: number;
  /** Each with an id of its own, and told which were answered. */
  ids: boolean;
}

export interface Told {
  requests: number;
  events: number;
  failed: number;
  answered: string[];
}

if (import.meta.main) {
  await load(JSON.parse(readFileSync(0, "utf8")) as Load);
}

export function loading(asked: Load): Promise<Told> {
  const child = spawn(process.execPath, [import.meta.filename], {
    env: childEnvironment(),
    stdio: ["pipe", "pipe", "inherit"],
  });
  child.stdin.end(JSON.stringify(asked));
  let out = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
  return new Promise((resolve, reject) => {
    child.on("close", (code) =>
      code === 0 ? resolve(JSON.parse(out) as Told) : reject(new Error("the load ended")),
    );
  });
}

async function load(asked: Load): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: asked.at_once });
  const until = performance.now() + asked.seconds * 1000;
  const told: Told = { requests: 0, events: 0, failed: 0, answered: [] };
  let n = 0;
  const works = Array.from({ length: asked.at_once }, async (_each, place) => {
    while (performance.now() < until) {
      const events = Array.from({ length: asked.events }, () => ({
        name: n++ % 2 === 0 ? "page.viewed" : "email.opened",
        lead_id: asked.lead_ids[(n * 7919 + place) % asked.lead_ids.length],
        properties: { url: `https://example.com/${n % 50}`, seconds: n % 300 },
        ...(asked.ids ? { event_id: `${place}-${n}` } : {}),
      }));
      // oxlint-disable-next-line no-await-in-loop -- one after the other, on each connection
      const status = await post(agent, asked, JSON.stringify({ events }));
      if (status === 207) {
        told.requests += 1;
        told.events += asked.events;
        if (asked.ids) {
          told.answered.push(...events.flatMap((event) => event.event_id ?? []));
        }
      } else {
        told.failed += 1;
        // oxlint-disable-next-line no-await-in-loop -- the server is gone
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  });
  await Promise.all(works);
  agent.destroy();
  process.stdout.write(JSON.stringify(told));
}

function post(agent: Agent, { url, key }: Load, body: string): Promise<number> {
  return new Promise((resolve) => {
    const sent = request(
      url,
      {
        method: "POST",
        agent,
        headers: {
          authorization: `Bearer ${key}`,
          "content-type": "application/json",
          "content-length": Buffer.byteLength(body),
        },
      },
      (answer) => {
        answer.resume();
        answer.on("end", () => resolve(answer.statusCode ?? 0));
        answer.on("error", () => resolve(0));
      },
    );
    sent.on("error", () => resolve(0));
    sent.end(body);
  });
}
