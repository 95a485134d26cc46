// Writes what is made from the project's own sources and checked in: the database's types and the OpenAPI document.
// `--check` writes nothing and fails where one is not current.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmbedded } from "../packages/server/src/kernel/embedded.ts";
import { migrate } from "../packages/server/src/kernel/migrate.ts";
import { describeApi } from "../packages/server/src/kernel/openapi.ts";

const openapi = "docs/openapi.json";
const schema = "packages/server/src/kernel/schema.gen.ts";
const check = process.argv.includes("--check");

const dataDir = mkdtempSync(join(tmpdir(), "bellwether-generate-"));
const postgres = await startEmbedded({ dataDir }, { fsync: "off" });
let stale: string[];
try {
  await migrate(postgres.ownerUrl, { secret: "only to make types", databaseAppUrl: undefined });
  const draft = join(dataDir, "schema.ts");
  const made = spawnSync(
    "kysely-codegen",
    [
      "--dialect=postgres",
      `--url=${postgres.ownerUrl}`,
      "--include-pattern=public.*",
      "--exclude-pattern=public.migration",
      "--date-parser=string",
      `--out-file=${draft}`,
    ],
    { stdio: ["ignore", "ignore", "inherit"] },
  );
  if (made.status !== 0) {
    throw new Error("the database's types could not be made");
  }
  stale = [
    ...settle(schema, readFileSync(draft, "utf8")),
    ...settle(openapi, `${JSON.stringify(await describeApi(), null, 2)}\n`),
  ];
} finally {
  await postgres.stop();
  rmSync(dataDir, { recursive: true, force: true });
}
if (check && stale.length > 0) {
  process.stderr.write(`Not current: ${stale.join(", ")}. Run “npm run generate”.\n`);
  process.exit(1);
}

function settle(file: string, text: string): string[] {
  const current = safeRead(file) === text;
  if (!current && !check) {
    writeFileSync(file, text);
  }
  return current ? [] : [file];
}

function safeRead(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
