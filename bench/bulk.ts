// What a bulk change costs beside the change itself: set a field on a tenth of 1,000,000 leads, and undo it, over HTTP
// with the worker and the readers of the event log running. The floor is one bare UPDATE of as many rows in the same run.
import { setTimeout as sleep } from "node:timers/promises";
import { makeDataset } from "./dataset.ts";
import { serverOn } from "./running.ts";

const leads = Number(process.env["BENCH_LEADS"] ?? 1_000_000);
const rounds = 3;
const aim = 3;

const data = await makeDataset(leads);
const server = await serverOn(data, { serve: true, work: true });

interface Change {
  id: string;
  state: string;
  total: number;
  changed: number;
  undone: { restored: number } | null;
}

try {
  process.stdout.write(
    `${leads.toLocaleString("en")} leads, ${(leads / 10).toLocaleString("en")} changed a round; seconds\n`,
  );
  process.stdout.write(
    `${"".padEnd(8)}${["bare UPDATE", "answered", "bulk", "undo"].map((name) => name.padStart(14)).join("")}\n`,
  );
  const ratios: { bulk: number; undo: number }[] = [];
  for (let round = 0; round < rounds; round++) {
    // Seats are spread evenly over 0 to 999, so every hundred of them is a tenth of the leads.
    const bare = await timed(() => update(round * 200));
    const made = await timed(() => start(round * 200 + 100));
    const bulk = made.seconds + (await timed(() => settled(made.result.id, "done"))).seconds;
    await idle();
    const back = await timed(async () => {
      await api<Change>("POST", `/changes/${made.result.id}/undo`);
      return settled(made.result.id, "undone");
    });
    if (back.result.changed !== leads / 10 || back.result.undone?.restored !== leads / 10) {
      throw new Error(`not all were changed and restored: ${JSON.stringify(back.result)}`);
    }
    await idle();
    ratios.push({ bulk: bulk / bare.seconds, undo: back.seconds / bare.seconds });
    const shown = [bare.seconds, made.seconds, bulk, back.seconds].map((each) =>
      each.toFixed(2).padStart(14),
    );
    process.stdout.write(`${`round ${round + 1}`.padEnd(8)}${shown.join("")}\n`);
  }
  for (const way of ["bulk", "undo"] as const) {
    const median = ratios.map((each) => each[way]).toSorted((a, b) => a - b)[Math.floor(rounds / 2)] ?? 0;
    process.stdout.write(
      `${way}: ${median.toFixed(2)} × the bare UPDATE (aim ≤ ${aim}): ${median <= aim ? "met" : "MISSED"}\n`,
    );
  }
} finally {
  await server.stop();
  await data.remove();
}

/** What a person would write by hand for a tenth of the leads. */
async function update(from: number): Promise<void> {
  await data.owner.query(
    `update lead set attributes = attributes || '{"industry": "Bulk"}', t1 = 'Bulk', updated_at = now(), revision = revision + 1
     where workspace_id = $1 and deleted_at is null and (attributes ->> 'seats')::float8 between $2 and $3`,
    [data.workspace_id, from, from + 99],
  );
}

async function start(from: number): Promise<Change> {
  return api("POST", "/bulk", {
    rule: { field: "attributes.seats", is: "between", value: [from, from + 99] },
    action: { kind: "set_field", field: "attributes.industry", value: "Bulk" },
  });
}

async function settled(id: string, state: string): Promise<Change> {
  for (;;) {
    const change = await api<Change>("GET", `/changes/${id}`);
    if (change.state === state) {
      return change;
    }
    if (change.state === "failed") {
      throw new Error(JSON.stringify(change));
    }
    await sleep(20);
  }
}

/** Until the worker has nothing to do and the readers have seen every event: the next measurement is of itself alone. */
async function idle(): Promise<void> {
  for (;;) {
    const { rows } = await data.owner.query(
      `select 1 where exists (select from graphile_worker._private_jobs)
         or exists (select from event e, event_reader r where (e.xid, e.id) > (r.xid, r.id) limit 1)`,
    );
    if (rows.length === 0) {
      break;
    }
    await sleep(100);
  }
  await data.owner.query("vacuum analyze lead");
}

async function api<T>(method: string, path: string, body?: object): Promise<T> {
  const answer = await fetch(`${server.address}/api/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${data.api_key}`,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!answer.ok) {
    throw new Error(await answer.text());
  }
  return (await answer.json()) as T;
}

async function timed<T>(work: () => Promise<T>): Promise<{ seconds: number; result: T }> {
  const started = performance.now();
  const result = await work();
  return { seconds: (performance.now() - started) / 1000, result };
}
