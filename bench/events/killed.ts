import { readFileSync } from "node:fs";
import { join } from "node:path";
import { startProgram, temporaryFolder } from "../../e2e/program.ts";
import { loading } from "../load.ts";
import { print, round } from "./telling.ts";

const batch = 1_000;

/** The real program and its database, ended in the middle of it. */
export async function killed(): Promise<void> {
  const folder = temporaryFolder();
  const environment = { BELLWETHER_RATE_LIMITS: "off", BELLWETHER_SIGN_UP: "open" };
  const first = await startProgram({ dataDir: folder.path, environment });
  const { key, lead_ids: ids } = await signedUp(first.url);
  const child = loading({
    url: `${first.url}/api/v1/events`,
    key,
    lead_ids: ids,
    seconds: 6,
    at_once: 32,
    events: 1,
    ids: true,
  });
  await new Promise((resolve) => setTimeout(resolve, 4000));
  const postgres = Number(
    readFileSync(join(folder.path, "postgres", "postmaster.pid"), "utf8").split("\n")[0],
  );
  process.kill(first.pid, "SIGKILL");
  process.kill(postgres, "SIGKILL");
  const { answered, failed } = await child;
  const second = await startProgram({ dataDir: folder.path, environment });
  const status = new Map<string, number>();
  for (let from = 0; from < answered.length; from += batch) {
    const events = answered
      .slice(from, from + batch)
      .map((event_id) => ({ event_id, name: "counted", lead_id: ids[0] }));
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    const answer = await fetch(`${second.url}/api/v1/events`, {
      method: "POST",
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      body: JSON.stringify({ events }),
    });
    // oxlint-disable-next-line no-await-in-loop -- as above
    const { data: results } = (await answer.json()) as { data: { status: string }[] };
    for (const each of results) {
      status.set(each.status, (status.get(each.status) ?? 0) + 1);
    }
  }
  await second.stop();
  folder.remove();
  const lost = answered.length - (status.get("duplicate") ?? 0);
  print(
    "kill -9 of server and database: answered / not / lost",
    `${round(answered.length)} / ${round(failed)} / ${lost}`,
  );
  if (lost > 0 || answered.length === 0) {
    process.exitCode = 1;
  }
}

async function signedUp(url: string): Promise<{ key: string; lead_ids: string[] }> {
  const send = async (path: string, body: object, cookie = "") => {
    const answer = await fetch(`${url}/api/v1${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", ...(cookie === "" ? {} : { cookie }) },
      body: JSON.stringify(body),
    });
    if (!answer.ok) {
      throw new Error(await answer.text());
    }
    return answer;
  };
  const session = await send("/sign-up", {
    name: "Ada",
    email: "ada@example.com",
    password: "correct horse battery",
    workspace: "Bench",
    time_zone: "UTC",
  });
  const cookie = session.headers
    .getSetCookie()
    .map((each) => each.split(";", 1)[0])
    .join("; ");
  const made = (await (await send("/keys", { name: "bench", role: "manager" }, cookie)).json()) as {
    key: string;
  };
  const sent = Array.from({ length: 100 }, (_, n) => ({ email: `k${n}@example.com` }));
  const saved = (await (await send("/leads/batch", { leads: sent }, cookie)).json()) as {
    data: { id: string }[];
  };
  return { key: made.key, lead_ids: saved.data.map((each) => each.id) };
}
