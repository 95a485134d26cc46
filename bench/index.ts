// `npm run bench [NAME …]`: each file of this folder is one benchmark, run in a process of its own.
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";

// What several of them stand on.
const NOT_BENCHMARKS = new Set(["index.ts", "dataset.ts", "filling.ts", "load.ts", "running.ts"]);

const names = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith(".ts") && !NOT_BENCHMARKS.has(file))
  .map((file) => file.replace(/\.ts$/, ""));
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !names.includes(name));
if (unknown.length > 0) {
  process.stderr.write(`There is no benchmark ${unknown.join(", ")}; there are ${names.join(", ")}.\n`);
  process.exit(2);
}
for (const name of asked.length > 0 ? asked : names) {
  process.stdout.write(`\n— ${name}\n`);
  const { status } = spawnSync(process.execPath, [join(import.meta.dirname, `${name}.ts`)], {
    stdio: "inherit",
  });
  if (status !== 0) {
    process.exitCode = 1;
  }
}
