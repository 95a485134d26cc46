/** Imports as people handle them: shown, mapped, started, stopped, discarded. */
import { rm } from "node:fs/promises";
import { type ColumnMapping, type Import, ImportOptions } from "@bellwether/contracts/imports";
import { may } from "@bellwether/contracts/permissions";
import { getCountries } from "libphonenumber-js/max";
import { now } from "../../kernel/clock.ts";
import type { Ctx } from "../../kernel/db.ts";
import { emit } from "../../kernel/events.ts";
import { newId } from "../../kernel/ids.ts";
import { enqueue, type Job } from "../../kernel/jobs.ts";
import { invalid, notFound, problem } from "../../kernel/problems.ts";
import type { FieldError } from "@bellwether/contracts/problems";
import { beginImport, changesOfImports, endImport, undoById, openSegment } from "../changes/index.ts";
import { listFields } from "../fields/index.ts";
import { holdOwners } from "../identity/index.ts";
import { listStages } from "../stages/index.ts";
import { filePath } from "./files.ts";
import { changeImport, deleteImport, selectImport, selectImports } from "./imports.sql.ts";
import { planImport, type Plan } from "./plan.ts";
import { Cursor, type ImportRow, no_counts, toImport } from "./record.ts";
import { dropStaging } from "./staging.sql.ts";
import { readLayout } from "./upload.ts";

/** What a job of an import is about; `attempt` changes with every mapping, so that an older job stops. */
export type WorkRef = { import_id: string; attempt: string };
export type Work = Job<WorkRef>;
/** The same with the folder that the files are in. */
export type WorkInput = WorkRef & { data_dir: string };

export async function showImport(ctx: Ctx, input: { id: string }): Promise<Import> {
  const row = await findImport(ctx, input.id);
  return toImport(row, (await changesOfImports(ctx, [row.id])).get(row.id) ?? null);
}

export async function listImports(ctx: Ctx, input: { limit: number; cursor?: string | undefined }) {
  const before = input.cursor === undefined ? null : Buffer.from(input.cursor, "base64url").toString();
  if (before !== null && !/^[0-9a-f-]{36}$/.test(before)) {
    throw problem("bad_cursor", {
      say: "This cursor doesn't belong to the list of imports. Begin without one.",
    });
  }
  const rows = await selectImports(ctx, before, input.limit + 1);
  const page = rows.slice(0, input.limit);
  const last = page.at(-1);
  const made = await changesOfImports(
    ctx,
    page.map((row) => row.id),
  );
  return {
    data: page.map((row) => toImport(row, made.get(row.id) ?? null)),
    next_cursor:
      rows.length > page.length && last !== undefined ? Buffer.from(last.id).toString("base64url") : null,
  };
}

export type MapInput = { id: string; columns: ColumnMapping[]; options: ImportOptions };

/** Keeps the mapping and checks every row behind it. Without columns the file is only read again with the options. */
export async function mapImport(ctx: Ctx, input: MapInput, data_dir: string, check: Work): Promise<Import> {
  const row = await findImport(ctx, input.id, true);
  if (row.state !== "draft" && row.state !== "checked" && row.state !== "failed") {
    throw problem("not_in_state", {
      say: `This import is ${row.state}, so its columns can't be mapped any more. Upload the file again to begin anew.`,
      also: { state: row.state },
    });
  }
  await refuseUndone(ctx, row);
  const { dialect, columns } = await readAgain(ctx, row, input.options, data_dir);
  if (row.cursor.staging !== null) await dropStaging(ctx, row.cursor.staging);
  if (input.columns.length === 0) {
    await changeImport(ctx, row.id, [row.state], {
      state: "draft",
      dialect,
      columns,
      mapping: null,
      options: input.options,
      check: null,
      progress: null,
      failure: null,
      cursor: Cursor.parse({}),
    });
    return showImport(ctx, input);
  }
  await demandPlan(ctx, input, columns.length);
  const attempt = newId();
  const cursor = Cursor.parse({ attempt });
  const progress = { phase: "reading", done: 0, total: 0, rows_per_second: 0 };
  await changeImport(ctx, row.id, [row.state], {
    state: "checking",
    dialect,
    columns,
    mapping: input.columns,
    options: input.options,
    check: null,
    result: null,
    progress,
    failure: null,
    cursor,
  });
  await enqueue(ctx, check, { import_id: row.id, attempt }, { key: `imports:${row.id}` });
  return showImport(ctx, input);
}

/** What failed half-way may be tried again, unless that half is being taken back. */
async function refuseUndone(ctx: Ctx, row: ImportRow): Promise<void> {
  const undone = (await changesOfImports(ctx, [row.id])).get(row.id)?.undone ?? null;
  if (undone !== null) {
    throw problem("not_in_state", {
      say: "This import was undone. Upload the file again to begin anew.",
      also: { state: row.state },
    });
  }
}

async function readAgain(
  ctx: Ctx,
  row: ImportRow,
  options: ImportOptions,
  data_dir: string,
): Promise<Pick<ImportRow, "dialect" | "columns">> {
  const { encoding, delimiter, header_row } = options;
  if (encoding === undefined && delimiter === undefined && header_row === undefined) return row;
  const choice = {
    encoding: encoding ?? row.dialect.encoding,
    delimiter: delimiter ?? row.dialect.delimiter,
    header_row,
  };
  return readLayout(ctx, filePath(data_dir, ctx.workspace_id, row.id), row.size_bytes, choice);
}

async function demandPlan(ctx: Ctx, input: MapInput, columns: number): Promise<Plan> {
  const fields = await listFields(ctx, "too");
  const planned = planImport(input.columns, input.options, fields, columns);
  const errors: FieldError[] = "errors" in planned ? planned.errors : [];
  const added = input.columns.flatMap((column) => ("new_field" in column ? [column.new_field] : []));
  for (const field of added) {
    const same = fields.some(
      (one) =>
        !one.archived && one.key !== field.key && one.label.toLowerCase() === field.label.toLowerCase(),
    );
    const twice = added.some(
      (one) => one.key !== field.key && one.label.toLowerCase() === field.label.toLowerCase(),
    );
    if (same || twice)
      errors.push({
        path: `columns.${field.key}`,
        code: "name_taken",
        message: `Two fields would be called “${field.label}”. Choose another label.`,
      });
  }
  errors.push(...(await wrongOptions(ctx, input.options)));
  if (errors.length > 0 || "errors" in planned) throw invalid(errors);
  if (planned.plan.new_fields.length > 0 && !may(ctx.actor.role, "fields:write")) {
    throw problem("forbidden", {
      say: `Only admins add fields. Ask one to add “${planned.plan.new_fields[0]?.label ?? ""}”, or skip the column.`,
    });
  }
  return planned.plan;
}

async function wrongOptions(ctx: Ctx, options: ImportOptions): Promise<FieldError[]> {
  const errors: FieldError[] = [];
  if (
    options.default_country !== null &&
    !getCountries().some((country) => country === options.default_country)
  ) {
    errors.push({
      path: "options.default_country",
      code: "unknown_country",
      message: `There is no country “${options.default_country}”. Use two letters, such as DE.`,
    });
  }
  if (options.stage !== null && !(await listStages(ctx)).some((stage) => stage.key === options.stage)) {
    errors.push({
      path: "options.stage",
      code: "unknown_stage",
      message: `There is no stage “${options.stage}”.`,
    });
  }
  const { owner_id } = options;
  const owner = owner_id === null ? undefined : (await holdOwners(ctx, [owner_id])).get(owner_id);
  if (owner !== undefined && "fault" in owner) {
    errors.push({ path: "options.owner_id", ...owner.fault });
  }
  if (options.segment_id !== null) {
    const segment = await openSegment(ctx, options.segment_id);
    if ("fault" in segment) {
      errors.push({ path: "options.segment_id", ...segment.fault });
    }
  }
  return errors;
}

export async function runImport(ctx: Ctx, input: { id: string }, run: Work): Promise<Import> {
  const row = await findImport(ctx, input.id, true);
  if (row.state !== "checked" || row.check === null) {
    const say =
      row.state === "checking"
        ? "The check is still going on. Wait until it is done."
        : row.state === "draft"
          ? "Map the columns first."
          : `This import is ${row.state} already.`;
    throw problem("not_in_state", { say, also: { state: row.state } });
  }
  const segment = row.options?.segment_id ? await openSegment(ctx, row.options.segment_id) : null;
  if (segment !== null && "fault" in segment) {
    throw problem("not_in_state", {
      say: `${segment.fault.message} Go back to the columns and choose another segment, or none.`,
      also: { state: row.state },
    });
  }
  const cursor: Cursor = {
    ...row.cursor,
    started: now().getTime() / 1000,
    counts: no_counts,
    // One tenant at a time fills an empty workspace; where the check found nobody, nobody needs to be looked for.
    all_new: row.check.update + row.check.unchanged === 0,
  };
  const progress = { phase: "writing", done: 0, total: row.cursor.rows, rows_per_second: 0 };
  await changeImport(ctx, row.id, ["checked"], { state: "running", progress, cursor });
  await beginImport(ctx, {
    id: row.id,
    file_name: row.file_name,
    rows: row.check.rows,
    ...(await overwritable(ctx, row)),
  });
  await emit(
    ctx,
    "import.started",
    { subject_id: row.id },
    { file_name: row.file_name, rows: row.check.rows },
  );
  await enqueue(ctx, run, { import_id: row.id, attempt: row.cursor.attempt }, { key: `imports:${row.id}` });
  return showImport(ctx, input);
}

/** What its rows may overwrite of a lead. */
async function overwritable(
  ctx: Ctx,
  row: ImportRow,
): Promise<{ fields: string[]; unique: string[]; tags: boolean }> {
  const options = row.options ?? ImportOptions.parse({});
  const planned = planImport(row.mapping ?? [], options, await listFields(ctx, "too"), row.columns.length);
  if ("errors" in planned) throw invalid(planned.errors);
  const { standard, custom, has_tags } = planned.plan;
  const named = (keys: { key: string }[]) => keys.map(({ key }) => `attributes.${key}`);
  return {
    // Whoever moves a lead to a lost stage says why.
    fields: [
      ...new Set([...standard, ...(standard.includes("stage") ? ["lost_reason"] : [])]),
      ...named(custom),
    ],
    unique: named(custom.filter((field) => field.unique)),
    tags: has_tags || options.tags.length > 0 || options.segment_id !== null,
  };
}

/** Puts back what it overwrote and takes back the leads it made, in the background, except what was edited since. */
export async function undoImport(ctx: Ctx, input: { id: string }): Promise<Import> {
  const row = await findImport(ctx, input.id);
  if (!(await changesOfImports(ctx, [row.id])).has(row.id)) {
    throw problem("not_in_state", {
      say: "This import has written nothing that is recorded, so there is nothing to undo.",
      also: { state: row.state },
    });
  }
  await undoById(ctx, row.id);
  return showImport(ctx, input);
}

/** Stops where it is: chunks that are committed stay, the one being written is rolled back. */
export async function cancelImport(ctx: Ctx, input: { id: string }): Promise<Import> {
  const row = await findImport(ctx, input.id, true);
  if (row.state === "checking") {
    await changeImport(ctx, row.id, ["checking"], {
      state: "draft",
      progress: null,
      cursor: Cursor.parse({}),
    });
  } else if (row.state === "running") {
    await changeImport(ctx, row.id, ["running"], {
      state: "cancelled",
      result: row.cursor.counts,
      finished: true,
    });
    await endImport(ctx, row.id, "It was stopped before its end.");
    await emit(
      ctx,
      "import.cancelled",
      { subject_id: row.id },
      { file_name: row.file_name, ...row.cursor.counts },
    );
  } else {
    throw problem("not_in_state", {
      say: `This import is ${row.state}, so there is nothing to stop.`,
      also: { state: row.state },
    });
  }
  return showImport(ctx, input);
}

export async function removeImport(
  ctx: Ctx,
  input: { id: string },
  data_dir: string,
): Promise<Record<string, never>> {
  const row = await findImport(ctx, input.id, true);
  const ran = row.result !== null || row.cursor.done > 0 || row.state === "running";
  if (ran || row.state === "checking") {
    throw problem("not_in_state", {
      say: ran
        ? "This import has written leads, so its record stays."
        : "The check is still going on. Stop it first.",
      also: { state: row.state },
    });
  }
  if (row.cursor.staging !== null) await dropStaging(ctx, row.cursor.staging);
  await deleteImport(ctx, row.id);
  await emit(ctx, "import.discarded", { subject_id: row.id }, { file_name: row.file_name });
  await rm(filePath(data_dir, ctx.workspace_id, row.id), { force: true });
  return {};
}

export async function findImport(ctx: Ctx, id: string, lock = false): Promise<ImportRow> {
  const row = await selectImport(ctx, id, lock);
  if (row === null) throw notFound("import");
  return row;
}
