import type { Availability } from "@bellwether/contracts/assignment";
import { demand } from "../../kernel/access.ts";
import type { Ctx } from "../../kernel/db.ts";
import { emit } from "../../kernel/events.ts";
import { notFound } from "../../kernel/problems.ts";
import { assertTimeZone, findMember, showWorkspace } from "../identity/index.ts";
import { selectAvailability, upsertAvailability } from "./assignment.sql.ts";
import { lookNow } from "./waiting.sql.ts";

export async function showAvailability(ctx: Ctx, input: { id: string }): Promise<Availability> {
  if ((await findMember(ctx, input.id)) === null) {
    throw notFound("member");
  }
  const all = await availabilities(ctx, [input.id]);
  const found = all.get(input.id);
  if (found === undefined) {
    throw notFound("member");
  }
  return found;
}

/** Of whom nothing is said, is always at work, in the workspace's time zone. */
export async function availabilities(ctx: Ctx, member_ids: string[]): Promise<Map<string, Availability>> {
  const said = new Map((await selectAvailability(ctx, member_ids)).map((row) => [row.member_id, row]));
  const { time_zone } = await showWorkspace(ctx);
  return new Map(
    member_ids.map((member_id) => [
      member_id,
      said.get(member_id) ?? { member_id, time_zone, hours: null, absences: [] },
    ]),
  );
}

export async function saveAvailability(
  ctx: Ctx,
  input: Omit<Availability, "member_id"> & { id: string },
): Promise<Availability> {
  const { id: member_id, ...rest } = input;
  const member = await findMember(ctx, member_id);
  if (member === null) {
    throw notFound("member");
  }
  if (ctx.actor.member_id !== member_id) {
    const say = `Only admins change when others are at work. Ask ${member.name} or an admin.`;
    demand(ctx.actor, "members:write", say);
  }
  assertTimeZone(rest.time_zone);
  const hours = rest.hours?.toSorted((a, b) => a.day - b.day || a.from.localeCompare(b.from)) ?? null;
  const absences = rest.absences.toSorted((a, b) => a.from.localeCompare(b.from));
  const saved = { member_id, time_zone: rest.time_zone, hours, absences };
  await upsertAvailability(ctx, saved);
  await lookNow(ctx);
  await emit(ctx, "member.availability_changed", { subject_id: member_id }, { name: member.name });
  return saved;
}
