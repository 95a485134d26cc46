// The list's figures at BENCH_LEADS leads (1,000,000 by default) with twelve custom fields, over HTTP against the real
// program in a process of its own, each beside what SQL written by hand does in the same run.
// BENCH_ONLY=filters,rules,throughput,typing,policies,found takes some of them alone; BENCH_KEEP=folder keeps the leads.
import pg from "pg";
import { makeDataset } from "./dataset.ts";
import { type Asked, say, summary } from "./find/asking.ts";
import { measureFilters } from "./find/filters.ts";
import { measureFound, measurePolicies, measureThroughput, measureTyping } from "./find/others.ts";
import { checkRules } from "./find/rules.ts";
import { programOn } from "./running.ts";

const leads = Number(process.env["BENCH_LEADS"] ?? 1_000_000);
const only = process.env["BENCH_ONLY"]?.split(",");
const wants = (part: string) => only === undefined || only.includes(part);

const data = await makeDataset(leads);
// Comparing the leads with each other is another figure's business.
await data.owner.query(
  `insert into duplicate_build (workspace_id, after, finished_at) values ($1, $1, now())
   on conflict (workspace_id) do update set finished_at = now()`,
  [data.workspace_id],
);
const bare = new pg.Client({ connectionString: data.appUrl });
try {
  const program = await programOn(data);
  try {
    await bare.connect();
    await bare.query("set role bellwether_scan");
    const on: Asked = { url: program.url, api_key: data.api_key, workspace_id: data.workspace_id, bare };
    say(`${leads.toLocaleString("en")} leads, twelve custom fields, pages of fifty`);
    if (wants("filters")) {
      await measureFilters(on, Number(process.env["BENCH_ROUNDS"] ?? 40));
    }
    if (wants("throughput")) {
      await measureThroughput(on, data.appUrl, 6);
    }
    if (wants("typing")) {
      await measureTyping(on, data.owner, 20);
    }
    if (wants("policies")) {
      await measurePolicies(on, data.appUrl, data.superuserUrl, 400);
    }
    if (wants("rules")) {
      await checkRules(on, data.owner, {
        rules: Number(process.env["BENCH_RULES"] ?? 200),
        // The oracle is asked for whole answers; of five million leads, a search without an index is followed for a while.
        pages_max: leads > 1_000_000 ? 30 : Number.POSITIVE_INFINITY,
      });
    }
    // Last: it adds leads.
    if (wants("found")) {
      await measureFound(on, 10_000);
    }
    summary();
  } finally {
    await program.stop();
  }
} finally {
  await bare.end();
  await data.remove();
}
