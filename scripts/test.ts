// Everything that must hold, cheapest first; goes on after a failure, so that one run tells all of it.
// The last line sums the tests of both runners; a check that fails counts as one failure.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

interface Tally {
  passed: number;
  failed: number;
  skipped: number;
  /** Of those that passed, how many did at their second try only. */
  flaky: number;
}

const reports = mkdtempSync(join(tmpdir(), "bellwether-reports-"));
const vitestReport = join(reports, "vitest.json");
const webReport = join(reports, "web.json");
const playwrightReport = join("test-results", "journeys.json"); // as e2e/playwright.config.ts says
const failures: string[] = [];
const sum: Tally = { passed: 0, failed: 0, skipped: 0, flaky: 0 };

check("types: contracts", "tsc", ["-p", "packages/contracts"]);
check("types: server, bench, journeys, scripts", "tsc", ["-p", "packages/server"]);
check("types: web", "tsc", ["-p", "packages/web"]);
check("lint", "oxlint", ["--type-aware", "--deny-warnings"]);
check("format", "oxfmt", ["--check"]);
check("generated files are current", "node", ["scripts/generate.ts", "--check"]);
check("nothing unused", "knip", ["--no-progress"]);
tests(
  "server tests",
  "vitest",
  [
    "run",
    "--root",
    "packages/server",
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${vitestReport}`,
  ],
  () => fromVitest(vitestReport),
);
tests(
  "web tests",
  "vitest",
  [
    "run",
    "--root",
    "packages/web",
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${webReport}`,
  ],
  () => fromVitest(webReport),
);
// A report of an earlier run must not speak for this one.
rmSync(playwrightReport, { force: true });
tests("browser journeys", "playwright", ["test", "--config", "e2e/playwright.config.ts"], () =>
  fromPlaywright(playwrightReport),
);

rmSync(reports, { recursive: true, force: true });
process.stdout.write("\n");
if (failures.length > 0) {
  process.stdout.write(`Failed: ${failures.join("; ")}\n`);
}
if (sum.skipped > 0) {
  process.stdout.write(`Skipped: ${sum.skipped}\n`);
}
if (sum.flaky > 0) {
  process.stdout.write(`Passed at the second try only: ${sum.flaky}\n`);
}
process.stdout.write(`${sum.passed} passed, ${sum.failed} failed\n`);
process.exit(failures.length === 0 && sum.failed === 0 ? 0 : 1);

function check(name: string, program: string, args: string[]): void {
  if (!run(name, program, args)) {
    failures.push(name);
    sum.failed += 1;
  }
}

function tests(name: string, program: string, args: string[], tallyOf: () => Tally): void {
  const succeeded = run(name, program, args);
  const tally = tallied(tallyOf);
  sum.passed += tally.passed;
  sum.skipped += tally.skipped;
  sum.flaky += tally.flaky;
  // A runner that ends badly without a failed test to show for it (a crash, an unhandled error) has failed all the same.
  sum.failed += succeeded ? tally.failed : Math.max(1, tally.failed);
  if (!succeeded || tally.failed > 0) {
    failures.push(name);
  } else if (tally.passed === 0) {
    failures.push(`${name}: no test ran`);
    sum.failed += 1;
  }
}

function run(name: string, program: string, args: string[]): boolean {
  process.stdout.write(`\n— ${name}\n`);
  const started = performance.now();
  // By this very Node: the programs would take the first one of the path, which may be an older one.
  const script = program === "node" ? [] : [join("node_modules", ".bin", program)];
  const { status, error } = spawnSync(process.execPath, [...script, ...args], { stdio: "inherit" });
  if (error !== undefined) {
    process.stdout.write(`${error.message}\n`);
  }
  process.stdout.write(
    `${status === 0 ? "✓" : "✗"} ${name} (${((performance.now() - started) / 1000).toFixed(1)} s)\n`,
  );
  return status === 0;
}

function tallied(tallyOf: () => Tally): Tally {
  try {
    return tallyOf();
  } catch {
    return { passed: 0, failed: 1, skipped: 0, flaky: 0 };
  }
}

function fromVitest(file: string): Tally {
  const report: {
    numPassedTests: number;
    numFailedTests: number;
    numPendingTests: number;
    numTodoTests: number;
    numFailedTestSuites: number;
  } = JSON.parse(readFileSync(file, "utf8"));
  // A file that could not even be loaded has no tests to fail.
  return {
    passed: report.numPassedTests,
    failed: Math.max(report.numFailedTests, report.numFailedTestSuites > 0 ? 1 : 0),
    skipped: report.numPendingTests + report.numTodoTests,
    flaky: 0,
  };
}

function fromPlaywright(file: string): Tally {
  const {
    stats,
    errors,
  }: { stats: { expected: number; unexpected: number; flaky: number; skipped: number }; errors: unknown[] } =
    JSON.parse(readFileSync(file, "utf8"));
  return {
    passed: stats.expected + stats.flaky,
    failed: stats.unexpected + errors.length,
    skipped: stats.skipped,
    flaky: stats.flaky,
  };
}
