import pg from "pg";
import { testCluster } from "./database.ts";
import { the } from "./program.ts";

/** A statement as the program ran it, and with what rights. */
export interface Statement {
  text: string;
  values: unknown[];
  /** As `bellwether_scan`; else as `bellwether_app`, under row-level security. */
  scanning: boolean;
  /** `set local …` of its transaction, which the plan may depend on. */
  settings: string[];
}

/** What of a plan must not depend on who asks: each node with its table and index, the outer first. */
export interface Plan {
  shape: string;
  /** Tables that are read from end to end. */
  read_whole: string[];
}

let recording: Statement[] | null = null;

// From the first connection on: the program keeps `query` bound to each.
const prototype = pg.Client.prototype as unknown as { query: (...all: unknown[]) => unknown };
const { query } = prototype;
const before = new WeakMap<object, string[]>();
const settingsOf = new WeakMap<object, string[]>();
prototype.query = function recorded(this: object, ...all: unknown[]) {
  const [first, second] = all;
  const { text = "", values } = (
    typeof first === "string" ? { text: first, values: second } : first
  ) as Partial<Statement>;
  const settings = settingsOf.get(this) ?? [];
  if (text.startsWith("begin")) {
    settingsOf.set(this, text.split("; ").slice(1));
  } else if (text.startsWith("savepoint")) {
    before.set(this, settings);
  } else if (text.startsWith("rollback to savepoint")) {
    settingsOf.set(this, before.get(this) ?? settings);
  } else if (text.startsWith("set local")) {
    settingsOf.set(this, [...settings, text]);
  } else if (/^\s*(select|with)\b/.test(text)) {
    const roles = settings.filter((line) => line.startsWith("set local role "));
    recording?.push({
      text,
      values: Array.isArray(values) ? values : [],
      scanning: roles.at(-1)?.endsWith("bellwether_scan") === true,
      settings: settings.filter((line) => !line.startsWith("set local role ")),
    });
  }
  return query.apply(this, all);
};

/** The selects that the program sends while it works, in order. */
export async function statementsOf(work: () => Promise<unknown>): Promise<Statement[]> {
  const found: Statement[] = [];
  recording = found;
  try {
    await work();
  } finally {
    recording = null;
  }
  return found;
}

/** The plan of a statement with the rights it ran with, or without any policy: as the superuser, whom none applies to. */
export async function planOf(statement: Statement, policies: "with policies" | "without"): Promise<Plan> {
  const program = the();
  const url = new URL(testCluster().adminUrl);
  url.pathname = new URL(program.appUrl).pathname;
  const client = new pg.Client({
    connectionString: policies === "without" ? url.href : program.appUrl,
    options: "-c jit=off",
  });
  await client.connect();
  try {
    await client.query("begin");
    for (const line of statement.settings) {
      // oxlint-disable-next-line no-await-in-loop -- in this order
      await client.query(line);
    }
    if (statement.scanning && policies === "with policies") {
      await client.query("set local role bellwether_scan");
    }
    const { rows } = await client.query<{ "QUERY PLAN": [{ Plan: PlanNode }] }>(
      `explain (format json) ${statement.text}`,
      statement.values,
    );
    const top = rows[0]?.["QUERY PLAN"][0].Plan;
    return {
      shape: top === undefined ? "" : shapeOf(top),
      read_whole: top === undefined ? [] : readWhole(top),
    };
  } finally {
    await client.end();
  }
}

interface PlanNode {
  "Node Type": string;
  "Parent Relationship"?: string;
  "Relation Name"?: string;
  "Index Name"?: string;
  "One-Time Filter"?: string;
  Plans?: PlanNode[];
}

/** The tree, then what it asks beside: a policy's node above the tree moves that from one node to another. */
function shapeOf(node: PlanNode): string {
  const beside: string[] = [];
  const tree = treeOf(node, beside);
  return [tree, ...beside.toSorted((a, b) => a.localeCompare(b))].join("; ");
}

function treeOf(node: PlanNode, beside: string[]): string {
  const below: string[] = [];
  for (const each of node.Plans ?? []) {
    const isBeside = each["Parent Relationship"] === "SubPlan";
    (isBeside ? beside : below).push(treeOf(each, beside));
  }
  // A policy compares the workspace that is set with the one asked for once, before anything is read.
  if (node["Node Type"] === "Result" && node["One-Time Filter"] !== undefined && below.length === 1) {
    return below.join("");
  }
  const name = [node["Node Type"], node["Relation Name"], node["Index Name"]]
    .filter((part) => part !== undefined)
    .join(" ");
  return below.length === 0 ? name : `${name} (${below.join(", ")})`;
}

function readWhole(node: PlanNode): string[] {
  const own = node["Node Type"] === "Seq Scan" ? [node["Relation Name"] ?? ""] : [];
  return [...own, ...(node.Plans ?? []).flatMap(readWhole)];
}
