import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Column, type ColumnMapping, type Import, ImportOptions } from "@bellwether/contracts/imports";
import type { Actor } from "../kernel/access.ts";
import { SetupError } from "../kernel/config.ts";
import { createLog } from "../kernel/log.ts";
import { importJobs, mapImport, runImport, showImport, uploadImport } from "../modules/imports/index.ts";
import { startServer } from "../server.ts";
import { needed, optionsOf } from "./options.ts";
import { commandActor, type Opened, withProgram } from "./program.ts";

const text = { type: "string" } as const;
const OPTIONS = {
  workspace: text,
  "match-on": text,
  mode: text,
  "default-country": text,
  "date-format": text,
  "number-rows": text,
  tag: { type: "string", multiple: true },
  check: { type: "boolean" },
} as const;

export async function importCommand(args: string[]): Promise<void> {
  const { positionals, values } = optionsOf("import", { args, options: OPTIONS, allowPositionals: true });
  const [file, ...more] = positionals;
  needed("import", { FILE: file, "--workspace": values.workspace });
  if (more.length > 0) {
    throw new SetupError(`One file at a time, please: ${positionals.join(", ")} are ${positionals.length}.`);
  }
  const asked = {
    match_on: values["match-on"],
    mode: values.mode,
    default_country: values["default-country"],
    date_format: values["date-format"],
    number_rows: values["number-rows"],
    tags: values.tag,
  };
  await withProgram(async (opened) => {
    const actor = await commandActor(opened.db, values.workspace ?? "");
    const done = await importFile(opened, actor, {
      path: resolve(opened.config.cwd, file ?? ""),
      asked,
      only_check: values.check === true,
    });
    const { id, state, check, result, failure } = done;
    process.stdout.write(`${JSON.stringify({ import_id: id, state, check, result, failure })}\n`);
    process.exitCode = failure === null ? 0 : 1;
  });
}

interface Task {
  path: string;
  asked: Record<string, unknown>;
  only_check: boolean;
}

async function importFile(opened: Opened, actor: Actor, task: Task): Promise<Import> {
  const { config, database, db } = opened;
  await demandFile(task.path);
  const jobs = importJobs(config.dataDir);
  // A worker of our own: there may be no other, and where there is, it matters to nobody which of them does it.
  const log = createLog({ level: "warn", file: resolve(config.dataDir, "logs", "bellwether.log") });
  const worker = await startServer({
    config,
    appUrl: database.appUrl,
    ownerUrl: database.ownerUrl,
    log,
    serve: false,
    work: true,
  });
  try {
    const draft = await uploadImport(db, actor, {
      source: createReadStream(task.path),
      file_name: basename(task.path),
      data_dir: config.dataDir,
    });
    const columns = draft.columns.map(proposed);
    const options = optionsFor(task.asked, columns);
    await db.tenant(actor, (ctx) =>
      mapImport(ctx, { id: draft.id, columns, options }, config.dataDir, jobs.check),
    );
    const checked = await settled(opened, actor, draft.id);
    if (checked.state !== "checked" || task.only_check) {
      return checked;
    }
    await db.tenant(actor, (ctx) => runImport(ctx, { id: draft.id }, jobs.run));
    return await settled(opened, actor, draft.id);
  } finally {
    await worker.stop();
  }
}

async function demandFile(path: string): Promise<void> {
  const found = await stat(path).catch(() => null);
  if (found === null || !found.isFile()) {
    throw new SetupError(`There is no file ${path}.`);
  }
}

function proposed(column: Column): ColumnMapping {
  return column.suggestion === null
    ? { index: column.index, skip: true }
    : { index: column.index, ...column.suggestion };
}

/** What was asked for; a file without e-mail is matched by what it has instead. */
function optionsFor(asked: Record<string, unknown>, columns: ColumnMapping[]): ImportOptions {
  const mapped = new Set(columns.flatMap((column) => ("field" in column ? [column.field] : [])));
  const match_on =
    asked["number_rows"] === undefined
      ? ["email", "phone", "external_id"].find((field) => mapped.has(field))
      : "external_id";
  const given = Object.entries({ ...asked, match_on: asked["match_on"] ?? match_on }).filter(
    ([, value]) => value !== undefined,
  );
  const parsed = ImportOptions.safeParse(Object.fromEntries(given));
  if (!parsed.success) {
    throw new SetupError(
      parsed.error.issues
        .map((issue) => `--${issue.path.join(".").replaceAll("_", "-")}: ${issue.message}.`)
        .join("\n"),
    );
  }
  return parsed.data;
}

/** Waits until the background work has ended, saying how far it is where somebody looks on. */
async function settled({ db }: Opened, actor: Actor, id: string): Promise<Import> {
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- waiting is the point
    const one = await db.tenant(actor, (ctx) => showImport(ctx, { id }));
    if (process.stderr.isTTY && one.progress !== null) {
      const { phase, done, total, rows_per_second } = one.progress;
      process.stderr.write(
        `\r\u001b[K${phase} ${done.toLocaleString("en")}${total > 0 ? ` of ${total.toLocaleString("en")}` : ""}, ${rows_per_second.toLocaleString("en")} rows/s`,
      );
    }
    if (one.state !== "checking" && one.state !== "running") {
      if (process.stderr.isTTY) {
        process.stderr.write("\r\u001b[K");
      }
      return one;
    }
    // oxlint-disable-next-line no-await-in-loop
    await sleep(200);
  }
}
