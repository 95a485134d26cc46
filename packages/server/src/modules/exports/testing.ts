/** What tests of exports do over and over. */
import { contract } from "@bellwether/contracts";
import type { Export, ExportIn } from "@bellwether/contracts/exports";
import { expect } from "vitest";
import type * as z from "zod";
import { call, type Person, settle, the } from "../../kernel/testing/program.ts";

export async function written(who: Person, input: z.input<typeof ExportIn>): Promise<Export> {
  const asked = await call(who, contract.exports.create, input);
  expect([asked.status, asked.body.state ?? asked.problem.detail]).toEqual([202, "running"]);
  await settle();
  return (await call(who, contract.exports.show, { id: asked.body.id })).body;
}

/** The file as text, whatever its type. */
export async function file(who: Person, id: string, headers: Record<string, string> = {}) {
  const answer = await the().app.inject({
    url: `/api/v1/exports/${id}/file`,
    headers: { ...who.headers, ...headers },
  });
  return { status: answer.statusCode, headers: answer.headers, body: answer.body, bytes: answer.rawPayload };
}
