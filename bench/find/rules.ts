// Two hundred generated rules: are the leads and the counts right, and how long does a page take whatever is asked?
import type pg from "pg";
import { judge, milliseconds, ms, page, say, timesOf, type Asked } from "./asking.ts";
import { asOracle, type Condition, makeOracle, type Rule } from "./oracle.ts";

/** The same rules each time (mulberry32). */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function generator(seed: number) {
  const next = chance(seed);
  const upTo = (n: number) => Math.floor(next() * n);
  const one = <T>(of: readonly T[]): T => {
    const found = of[upTo(of.length)];
    if (found === undefined) {
      throw new Error("nothing to choose from");
    }
    return found;
  };
  const some = <T>(of: readonly T[]): T[] => [...new Set([one(of), one(of), one(of)])];
  const day = (from: number, years: number) =>
    `${from + upTo(years)}-${String(1 + upTo(12)).padStart(2, "0")}-${String(1 + upTo(28)).padStart(2, "0")}`;
  const days = (from: number, years: number) => [day(from, years), day(from, years)].toSorted();
  const stages = ["new", "contacted", "qualifying", "qualified", "follow_up", "converted", "lost"];
  const industries = ["SaaS", "Retail", "Health", "Rockets", "Whaling"];
  const plans = ["free", "pro", "team"];
  const interests = ["pricing", "support", "api", "security", "hosting", "training"];
  const tags = ["newsletter", "vip", "partner", "press"];
  const companies = ["Acme Logistics", "Granite Design 77", "Optics", "Nobody & Sons", "Blue Foods 5"];
  const surnames = ["Bergtiberg", "Müllemann", "Lindnanstein", "Nobody"];
  const conditions: (() => Condition)[] = [
    () => ({ field: "stage", is: one(["eq", "ne"]), value: one(stages) }),
    () => ({ field: "stage", is: one(["in", "not_in"]), value: some(stages) }),
    () => ({ field: "owner_id", is: one(["set", "unset"]) }),
    () => ({ field: "country", is: one(["eq", "ne"]), value: one(["DE", "FR", "XX"]) }),
    () => ({ field: "city", is: "eq", value: `City ${upTo(1100)}` }),
    () => ({ field: "source", is: "in", value: some(["web", "ads", "event", "letter"]) }),
    () => ({
      field: "company",
      is: one(["eq", "starts_with", "contains", "not_contains"]),
      value: one(companies),
    }),
    () => ({ field: "last_name", is: one(["eq", "in", "starts_with", "contains"]), value: one(surnames) }),
    () => ({
      field: "email",
      is: one(["starts_with", "contains"]),
      value: one(["rosa.", "zoe.lind", "nobody@"]),
    }),
    () => ({ field: "qualification", is: one(["gte", "lt"]), value: upTo(120) }),
    () => ({ field: "qualification", is: one(["set", "unset"]) }),
    () => ({ field: one(["created_at", "updated_at"]), is: one(["gt", "lt", "eq"]), value: day(2024, 3) }),
    () => ({ field: one(["created_at", "updated_at"]), is: "between", value: days(2024, 3) }),
    () => ({ field: "score", is: one(["gt", "lte"]), value: upTo(110) }),
    () => ({ field: "tags", is: one(["any_of", "none_of", "all_of"]), value: some(tags) }),
    () => ({ field: "tags", is: one(["set", "unset"]) }),
    () => ({ field: "attributes.industry", is: one(["eq", "ne", "contains"]), value: one(industries) }),
    () => ({ field: "attributes.industry", is: one(["in", "not_in"]), value: some(industries) }),
    () => ({ field: "attributes.seats", is: one(["gt", "lt", "eq"]), value: upTo(1100) }),
    () => ({
      field: "attributes.seats",
      is: "between",
      value: [upTo(1000), upTo(1000)].toSorted((a, b) => a - b),
    }),
    () => ({ field: "attributes.plan", is: one(["in", "not_in"]), value: some(plans) }),
    () => ({ field: "attributes.renewal", is: one(["gt", "lt", "eq"]), value: day(2026, 3) }),
    () => ({ field: "attributes.renewal", is: "between", value: days(2026, 2) }),
    () => ({ field: "attributes.paying", is: one(["eq", "ne"]), value: one([true, false]) }),
    () => ({
      field: "attributes.site",
      is: one(["eq", "ne"]),
      value: `https://c${upTo(25_000)}.example.com`,
    }),
    () => ({ field: "attributes.revenue", is: one(["gt", "lt"]), value: Math.round(10 ** (1 + 7 * next())) }),
    () => ({ field: "attributes.revenue", is: one(["set", "unset"]) }),
    () => ({ field: "attributes.last_call", is: one(["gt", "lt", "eq"]), value: day(2026, 1) }),
    () => ({
      field: "attributes.interests",
      is: one(["any_of", "none_of", "all_of"]),
      value: some(interests),
    }),
    () => ({
      field: "attributes.campaign",
      is: one(["eq", "ne"]),
      value: `${one(["spring", "winter", "later"])} campaign ${upTo(100)}`,
    }),
    () => ({ field: "attributes.campaign", is: "contains", value: one(["SUMMER", "campaign 8", "no such"]) }),
    () => ({ field: "attributes.employees", is: one(["gt", "lt", "eq"]), value: upTo(5500) }),
    () => ({ field: "attributes.trial_end", is: "between", value: days(2025, 3) }),
    () => ({ field: "attributes.trial_end", is: one(["set", "unset"]) }),
  ];
  const condition = () => one(conditions)();
  const several = (n: number) => Array.from({ length: n }, condition);
  const sorts = [
    "created_at",
    "updated_at",
    "last_name",
    "company",
    "email",
    "attributes.revenue",
    "attributes.seats",
    "attributes.renewal",
  ];
  return () => {
    const n = 1 + upTo(4);
    const shape = next();
    const rule: Rule =
      shape < 0.65 || n < 2
        ? { all: several(n) }
        : shape < 0.75
          ? { any: several(n) }
          : shape < 0.85
            ? { all: [{ any: several(n - 1) }, { not: condition() }] }
            : shape < 0.95
              ? {
                  all: [
                    ...several(n - 1),
                    { words: one(["granite", "lind", "zoe", "spring campaign 1", "nothingofthesort"]) },
                  ],
                }
              : { any: [{ all: several(n - 1) }, condition()] };
    const keys = next() < 0.5 ? 0 : next() < 0.8 ? 1 : 2;
    const sort = some(sorts)
      .slice(0, keys)
      .map((field) => ({ field, direction: one(["asc", "desc"]) }));
    return { rule, sort };
  };
}

const wanted = 100;

export async function checkRules(
  on: Asked,
  owner: pg.Client,
  options: { rules: number; pages_max: number },
): Promise<void> {
  const making = await milliseconds(() => makeOracle(owner, on.workspace_id));
  say(`\n${options.rules} generated rules; the oracle's table made in ${Math.round(making / 1000)} s`);
  const generate = generator(20_260_401);
  const first: number[] = [];
  const later: number[] = [];
  const counting: number[] = [];
  const exact: number[] = [];
  const wrong: string[] = [];
  const slow: { rule: string; took: number }[] = [];
  let short = 0;
  let estimates = 0;
  for (let n = 0; n < options.rules; n++) {
    const asked = generate();
    const shown = JSON.stringify(asked);
    const oracle = await asOracle(owner, asked.rule, asked.sort, wanted);
    const found: string[] = [];
    let cursor: string | null = null;
    let pages = 0;
    do {
      const started = performance.now();
      const got = await page(on, { ...asked, ...(cursor === null ? {} : { cursor }) });
      const took = performance.now() - started;
      (pages === 0 ? first : later).push(took);
      if (took > 100) {
        slow.push({ rule: `${pages === 0 ? "" : `page ${pages + 1} of `}${shown}`, took });
      }
      short += pages === 0 && got.looked_at !== undefined ? 1 : 0;
      found.push(...got.data.map((lead) => lead.id));
      cursor = got.next_cursor;
      pages += 1;
    } while (cursor !== null && found.length < wanted && pages < options.pages_max);
    const whole = cursor === null || found.length >= wanted;
    const expected = whole ? oracle.ids : oracle.ids.slice(0, found.length);
    if (found.slice(0, wanted).join() !== expected.join()) {
      wrong.push(`leads of ${shown}: ${found.slice(0, wanted).length} found, ${expected.length} expected`);
    }
    const started = performance.now();
    const estimated = (await page(on, { ...asked, count: "estimate" })).count;
    counting.push(performance.now() - started);
    if (performance.now() - started > 100) {
      slow.push({ rule: `with estimated count ${shown}`, took: performance.now() - started });
    }
    if (estimated?.exact === true && estimated.value !== oracle.count) {
      wrong.push(`count of ${shown}: ${estimated.value} instead of ${oracle.count}`);
    }
    estimates += estimated?.exact === true ? 0 : 1;
    exact.push(
      await milliseconds(async () => {
        const { count } = await page(on, { ...asked, limit: 1, count: "exact" });
        if (count?.value !== oracle.count) {
          wrong.push(`exact count of ${shown}: ${count?.value} instead of ${oracle.count}`);
        }
      }),
    );
  }
  for (const { rule, took } of slow.toSorted((a, b) => b.took - a.took).slice(0, 12)) {
    say(`  ${ms(took)} ms: ${rule}`);
  }
  for (const each of wrong) {
    say(`  WRONG ${each}`);
  }
  const [page1, more, counts, exactly] = [first, later, counting, exact].map(timesOf);
  const line = (name: string, times = page1) =>
    times && say(`${name.padEnd(42)}p50 ${ms(times.p50)}, p95 ${ms(times.p95)}, max ${ms(times.max)} ms`);
  line("first page");
  line(`${later.length} following pages`, more);
  line("page with estimated count", counts);
  line("page with exact count", exactly);
  say(`${short} first pages short; ${estimates} counts estimated, the others exact`);
  judge(
    `${options.rules} rules give the oracle's leads, in its order, and its counts: ${wrong.length} wrong`,
    wrong.length === 0,
  );
  const max = Math.max(page1?.max ?? 0, more?.max ?? 0);
  judge(`no page of any rule above 150 ms: slowest ${ms(max)} ms`, max <= 150);
  judge(
    `a page with its count, over all rules: p95 ${ms(counts?.p95 ?? 0)} ms (aim ≤ 100)`,
    (counts?.p95 ?? 0) <= 100,
  );
}
