import { Readable } from "node:stream";
import type { contract } from "@bellwether/contracts";
import type { Import } from "@bellwether/contracts/imports";
import { type Call, type Implementation, tenant } from "../../kernel/http.ts";
import { problem } from "../../kernel/problems.ts";
import { FILE_BYTES_MAX, tooLarge } from "./files.ts";
import type { ImportJobs } from "./imports.jobs.ts";
import {
  cancelImport,
  listImports,
  mapImport,
  removeImport,
  runImport,
  showImport,
  undoImport,
} from "./imports.ts";
import { rejectedCsv } from "./rejected.ts";
import { uploadImport } from "./upload.ts";

export function importsApi(jobs: ImportJobs): Implementation<typeof contract.imports> {
  return {
    list: tenant(listImports),
    create: receive,
    show: tenant(showImport),
    map: (call, input) => call.tenant((ctx) => mapImport(ctx, input, call.config.dataDir, jobs.check)),
    run: (call, input) => call.tenant((ctx) => runImport(ctx, input, jobs.run)),
    cancel: tenant(cancelImport),
    undo: tenant(undoImport),
    remove: (call, input) => call.tenant((ctx) => removeImport(ctx, input, call.config.dataDir)),
    rejected: async (call, input) => {
      const { file_name, text } = await rejectedCsv(call.db, call.actor, input.id, call.config.dataDir);
      await call.reply
        .header("content-type", "text/csv; charset=utf-8")
        .header(
          "content-disposition",
          `attachment; filename="rejected.csv"; filename*=UTF-8''${encodeURIComponent(file_name)}`,
        )
        .send(Readable.from(text, { objectMode: false }));
      // The answer is the stream; this only satisfies the contract's type.
      return new File([], file_name);
    },
  };
}

async function receive(call: Call): Promise<Import> {
  if (Number(call.request.headers["content-length"] ?? 0) > FILE_BYTES_MAX + 10_000) {
    // The rest isn't read: the connection ends with the answer.
    call.reply.header("connection", "close");
    throw tooLarge(FILE_BYTES_MAX);
  }
  const { source, file_name } = await uploaded(call);
  const made = await uploadImport(call.db, call.actor, { source, file_name, data_dir: call.config.dataDir });
  await call.reply.code(201).send(made);
  return made;
}

/** The file of a form, or the body itself. */
async function uploaded(call: Call): Promise<{ source: Readable; file_name: string }> {
  const { request } = call;
  if (request.isMultipart()) {
    const part = await request.file({ limits: { fileSize: FILE_BYTES_MAX + 1 } });
    if (part === undefined)
      throw problem("bad_request", { say: "The form holds no file. Send it as the part “file”." });
    return { source: part.file, file_name: part.filename };
  }
  const type = request.headers["content-type"]?.split(";", 1)[0]?.trim().toLowerCase() ?? "";
  if (!["text/csv", "text/tab-separated-values", "text/plain", "application/octet-stream"].includes(type)) {
    throw problem("unsupported_media_type", {
      say: "Send the file as multipart/form-data with the part “file”, or as the body with “Content-Type: text/csv”.",
    });
  }
  const name = new URL(request.url, "http://localhost").searchParams.get("file_name");
  return { source: request.raw, file_name: name ?? "upload.csv" };
}
