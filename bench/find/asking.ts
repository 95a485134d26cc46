// How the list's figures are taken: over HTTP as a client does, and by hand in SQL as the role that searches.
import { Agent, request } from "node:http";
import type pg from "pg";

export interface Page {
  data: { id: string }[];
  next_cursor: string | null;
  looked_at?: number;
  count?: { value: number; exact: boolean };
}

export interface Asked {
  url: string;
  api_key: string;
  workspace_id: string;
  /** Signed in as bellwether_app, in its scan role: the rights under which the program searches, without what it adds. */
  bare: pg.Client;
}

const agent = new Agent({ keepAlive: true, maxSockets: 32 });

export async function api<T>(on: Asked, method: string, path: string, body?: object | string): Promise<T> {
  const text = await new Promise<string>((resolve, reject) => {
    const sent = request(
      `${on.url}/api/v1${path}`,
      {
        agent,
        method,
        headers: {
          authorization: `Bearer ${on.api_key}`,
          ...(body === undefined
            ? {}
            : { "content-type": typeof body === "string" ? "text/csv" : "application/json" }),
        },
      },
      (answer) => {
        const pieces: Buffer[] = [];
        answer.on("data", (piece: Buffer) => pieces.push(piece));
        answer.on("end", () => {
          const whole = Buffer.concat(pieces).toString();
          if ((answer.statusCode ?? 500) < 300) {
            resolve(whole);
          } else {
            reject(new Error(`${method} ${path} ${JSON.stringify(body)}: ${answer.statusCode} ${whole}`));
          }
        });
      },
    );
    sent.on("error", reject);
    sent.end(body === undefined ? undefined : typeof body === "string" ? body : JSON.stringify(body));
  });
  return JSON.parse(text === "" ? "null" : text) as T;
}

export function page(on: Asked, query: object): Promise<Page> {
  return api<Page>(on, "POST", "/leads/query", { limit: 50, ...query });
}

/** What a person would write: `rest` follows the leads of this workspace that are not in the bin. */
export async function byHand(on: Asked, rest: string): Promise<void> {
  await on.bare.query(
    `select l.* from lead l where l.workspace_id = '${on.workspace_id}' and l.deleted_at is null ${rest} limit 50`,
  );
}

export interface Times {
  p50: number;
  p95: number;
  max: number;
}

export function timesOf(times: number[]): Times {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return { p50: at(0.5), p95: at(0.95), max: at(1) };
}

export async function milliseconds(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

/** Measured turn by turn, so that what else the machine does meets all of them alike. */
export async function inTurns(rounds: number, works: (() => Promise<unknown>)[]): Promise<Times[]> {
  const times = works.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    for (const [index, work] of works.entries()) {
      times[index]?.push(await milliseconds(work));
    }
  }
  return times.map(timesOf);
}

export function ms(value: number): string {
  return value < 100 ? value.toFixed(1) : value.toFixed(0);
}

const verdicts: string[] = [];

export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** One aim, met or not; `summary` repeats them all at the end. */
export function judge(what: string, met: boolean): void {
  const line = `${met ? "met   " : "MISSED"}  ${what}`;
  verdicts.push(line);
  say(line);
}

export function summary(): void {
  say(`\n${verdicts.join("\n")}`);
  if (verdicts.some((line) => line.startsWith("MISSED"))) {
    process.exitCode = 1;
  }
}
