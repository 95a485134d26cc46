import type { LeadIn } from "@bellwether/contracts/leads";
import { FieldIn } from "@bellwether/contracts/fields";
import type { Actor } from "../kernel/access.ts";
import { clock, now } from "../kernel/clock.ts";
import { SetupError } from "../kernel/config.ts";
import type { Ctx, Database } from "../kernel/db.ts";
import { emitMany } from "../kernel/events.ts";
import { ProblemError } from "../kernel/problems.ts";
import { createField } from "../modules/fields/index.ts";
import { createAccounts, createWorkspaceByHand, listMembers } from "../modules/identity/index.ts";
import { addNote, dateLeads, saveBatch } from "../modules/leads/index.ts";
import { type Dice, newDice } from "./demo/dice.ts";
import { demoFields, laterStage, notes, person, reasons } from "./demo/people.ts";
import { optionsOf } from "./options.ts";
import { commandActor, withProgram } from "./program.ts";

const LEADS = 5000;
const BATCH = 250;
const DAY_MS = 86_400_000;
const DAYS = 90;
const SIGN_IN = { email: "demo@bellwether.example", password: "bellwether-demo" };
const PAGES = ["/", "/pricing", "/features", "/customers", "/blog/imports", "/contact"] as const;

export async function demoCommand(args: string[]): Promise<void> {
  optionsOf("demo", { args, options: {} });
  await withProgram(async ({ config, db }) => {
    const made = await workspace(db, createAccounts(db, config));
    const system = await commandActor(db, made.workspace_id);
    const [member] = await db.tenant(system, (ctx) => listMembers(ctx));
    const actor: Actor =
      member === undefined
        ? system
        : { ...system, kind: "member", id: member.id, member_id: member.id, name: member.name };
    await db.tenant(actor, async (ctx) => {
      for (const field of demoFields) {
        // oxlint-disable-next-line no-await-in-loop -- in their order
        await createField(ctx, FieldIn.parse(field));
      }
    });
    const leads = await history(db, actor);
    process.stdout.write(
      `${JSON.stringify({ ...made, leads, sign_in: { url: config.publicUrl, ...SIGN_IN } })}\n`,
    );
  });
}

async function workspace(db: Database, accounts: ReturnType<typeof createAccounts>) {
  try {
    return await createWorkspaceByHand(db, accounts, {
      name: "Demo",
      time_zone: "Europe/Berlin",
      person: "Dana Demo",
      ...SIGN_IN,
    });
  } catch (error) {
    if (error instanceof ProblemError && error.code === "wrong_credentials") {
      throw new SetupError(
        `${SIGN_IN.email} has an account already, with another password: the demo can't be made beside it.`,
      );
    }
    throw error;
  }
}

/** The last ninety days, batch by batch: people come, are worked on, and move. The same dice, so the same people. */
async function history(db: Database, actor: Actor): Promise<number> {
  const d = newDice(1846);
  const today = now().getTime();
  let count = 0;
  for (let first = 0; first < LEADS; first += BATCH) {
    const came = today - DAYS * DAY_MS * (1 - first / LEADS) - d.between(1, 40_000_000);
    clock.freeze(new Date(came));
    const people = Array.from({ length: BATCH }, (_, place): LeadIn => ({
      ...person(d, first + place + 1),
      ...(d.chance(0.5) ? { owner_id: actor.member_id } : {}),
    }));
    // oxlint-disable-next-line no-await-in-loop -- the dice decide in order
    count += await db.tenant(actor, (ctx) => oneBatch(ctx, d, people, { came, today }), { timeout_ms: 0 });
  }
  clock.release();
  return count;
}

async function oneBatch(
  ctx: Ctx,
  d: Dice,
  people: LeadIn[],
  { came, today }: { came: number; today: number },
): Promise<number> {
  const { data } = await saveBatch(ctx, { match_on: "email", mode: "create", leads: people });
  const ids = data.flatMap((item) => item.id ?? []);
  const refused = data.find((item) => item.status === "refused");
  if (refused !== undefined) {
    throw new Error(`a demo lead was refused: ${JSON.stringify(refused.errors)}`);
  }
  await visits(ctx, d, ids);
  await dateLeads(ctx, ids, { created_at: new Date(came), updated_at: new Date(came) });

  // Some hours to some weeks later, but not in the future.
  clock.freeze(new Date(came + (today - came) * (d.between(10, 90) / 100)));
  const moved = people.flatMap((one) => {
    const stage = laterStage(d);
    return stage === null
      ? []
      : [
          {
            email: one.email ?? null,
            stage,
            ...(stage === "lost" ? { lost_reason: d.pick(reasons) } : {}),
            qualification: d.between(0, 100),
          },
        ];
  });
  const { data: changed } = await saveBatch(ctx, { match_on: "email", mode: "update", leads: moved });
  const changedIds = changed.flatMap((item) => item.id ?? []);
  await dateLeads(ctx, changedIds, { updated_at: now() });
  for (const id of changedIds.filter(() => d.chance(0.12))) {
    // oxlint-disable-next-line no-await-in-loop -- the dice decide in order
    await addNote(ctx, { id, body: `<p>${d.pick(notes)}</p>` });
  }
  return ids.length;
}

/** What they did on the site and with our mails. */
async function visits(ctx: Ctx, d: Dice, ids: string[]): Promise<void> {
  const seen = ids.filter(() => d.chance(0.4));
  await emitMany(
    ctx,
    seen.flatMap((lead_id) => [
      ...Array.from({ length: d.between(1, 4) }, () => ({
        name: "page.viewed",
        lead_id,
        data: { path: d.pick(PAGES) },
      })),
      ...(d.chance(0.5) ? [{ name: "email.opened", lead_id, data: { subject: "Welcome" } }] : []),
    ]),
  );
}
