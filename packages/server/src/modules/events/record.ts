import { event_names_max, event_properties_known_max, type EventResult } from "@bellwether/contracts/events";
import type { FieldError } from "@bellwether/contracts/problems";
import { actorRef, type Actor } from "../../kernel/access.ts";
import { now } from "../../kernel/clock.ts";
import type { Ctx } from "../../kernel/db.ts";
import { newId } from "../../kernel/ids.ts";
import { recordReported, type Reported, selectSeen } from "../../kernel/reported.ts";
import { keepSeen, saveBatch } from "../leads/index.ts";
import { addProperties, countSeen, type KnownName, selectKnown, selectWhose } from "./events.sql.ts";
import { keyOf, type PropertyType, type Read, readEvent, typeOf, type Whose } from "./incoming.ts";

/** What one request reports. */
export interface Submission {
  actor: Actor;
  events: unknown[];
  create_leads: boolean;
}

interface Item {
  read: Read;
  actor: Actor;
  id: string;
  lead_id: string | null;
  key: string | null;
  status: EventResult["status"];
  errors: FieldError[];
}

/**
 * Records what several requests report, in one transaction and by set. Each event is judged for itself: what is wrong
 * with one is said of that one. Whoever asks for new leads asks alone, in a transaction of their own.
 */
export async function recordSubmissions(ctx: Ctx, submissions: Submission[]): Promise<EventResult[][]> {
  const at = now();
  const lists = submissions.map(({ actor, events }) => events.map((sent) => itemOf(sent, actor, at)));
  const items = lists.flat();
  await findLeads(
    ctx,
    items,
    submissions.some((each) => each.create_leads),
  );
  const known = await refuseNames(ctx, items);
  const sent = unrepeated(items);
  const recorded =
    sent.length === 0 ? new Set<string>() : await recordReported(ctx, sent.map(toReported), keepSeen(ctx));
  await answerRepeated(ctx, items, recorded);
  const told = sent.filter((item) => recorded.has(item.id));
  if (told.length > 0) {
    await countSeen(ctx, seenOf(told));
    await addProperties(
      ctx,
      newProperties(
        told.map((item) => item.read),
        known,
      ),
    );
  }
  return lists.map((list) => list.map(resultOf));
}

function itemOf(sent: unknown, actor: Actor, at: Date): Item {
  const read = readEvent(sent, at);
  return {
    read,
    actor,
    id: newId(),
    lead_id: null,
    key: read.event_id === null ? null : keyOf(read.event_id),
    status: read.errors.length > 0 ? "refused" : "accepted",
    errors: read.errors,
  };
}

function refuse(item: Item, error: FieldError): void {
  item.status = "refused";
  item.errors = [...item.errors, error];
}

const open = (items: Item[]) => items.filter((item) => item.status === "accepted");
const called = ({ by, value }: Whose) => `${by}:${value}`;

async function findLeads(ctx: Ctx, items: Item[], create: boolean): Promise<void> {
  const asked = open(items).flatMap((item) => item.read.whose ?? []);
  const found = asked.length === 0 ? new Map<string, string>() : await selectWhose(ctx, asked);
  const unknown = create ? asked.filter((each) => each.by !== "lead_id" && !found.has(called(each))) : [];
  const refused = await createLeads(ctx, unknown, found);
  for (const item of open(items)) {
    const { whose } = item.read;
    item.lead_id = whose === null ? null : (found.get(called(whose)) ?? null);
    if (item.lead_id === null) {
      refuse(
        item,
        refused.get(whose === null ? "" : called(whose)) ?? {
          path: whose?.by ?? "lead_id",
          code: "not_found",
          message: `There is no such lead${create ? "" : ". With create_leads one is created"}.`,
        },
      );
    }
  }
}

/** Adds the leads it could create to those found; answers why the others couldn't be. */
async function createLeads(
  ctx: Ctx,
  unknown: Whose[],
  found: Map<string, string>,
): Promise<Map<string, FieldError>> {
  const wanted = new Map(unknown.map((each) => [called(each), each]));
  if (wanted.size === 0) {
    return new Map();
  }
  const { data } = await saveBatch(ctx, {
    match_on: "email",
    mode: "create",
    leads: [...wanted].map(([ref, { by, value }]) => ({ ref, [by]: value })),
  });
  const refused = new Map<string, FieldError>();
  for (const { ref, id, errors } of data) {
    const [error] = errors;
    if (ref !== null && id !== null) {
      found.set(ref, id);
    } else if (ref !== null && error !== undefined) {
      refused.set(ref, error);
    }
  }
  return refused;
}

/** Refuses names beyond as many as a workspace may have. */
async function refuseNames(ctx: Ctx, items: Item[]): Promise<Map<string, KnownName>> {
  const names = [...new Set(open(items).map((item) => item.read.name))];
  if (names.length === 0) {
    return new Map();
  }
  const { known, total } = await selectKnown(ctx, names);
  const room = Math.max(0, event_names_max - total);
  const fresh = new Set(names.filter((name) => !known.has(name)).slice(0, room));
  for (const item of open(items)) {
    if (!known.has(item.read.name) && !fresh.has(item.read.name)) {
      refuse(item, {
        path: "name",
        code: "too_many_names",
        message: `There are ${event_names_max.toLocaleString("en")} different events already, as many as a workspace can have. Put what varies into a property, not into the name.`,
      });
    }
  }
  return known;
}

/** The first of those that carry the same id. */
function unrepeated(items: Item[]): Item[] {
  const keys = new Set<string>();
  return open(items).filter((item) => {
    const again = item.key !== null && keys.has(item.key);
    if (item.key !== null) {
      keys.add(item.key);
    }
    return !again;
  });
}

function toReported(item: Item): Reported {
  return {
    id: item.id,
    lead_id: item.lead_id ?? "",
    name: item.read.name,
    occurred_at: item.read.occurred_at,
    actor: actorRef(item.actor),
    ip: item.actor.ip,
    data: item.read.json,
    key: item.key,
  };
}

/** What was recorded before, or just now under the same id, is answered by what is recorded. */
async function answerRepeated(ctx: Ctx, items: Item[], recorded: Set<string>): Promise<void> {
  const again = open(items).filter((item) => !recorded.has(item.id));
  const seen =
    again.length === 0
      ? new Map<string, { id: string; lead_id: string }>()
      : await selectSeen(
          ctx,
          again.flatMap((item) => item.key ?? []),
        );
  for (const item of again) {
    const before = seen.get(item.key ?? "");
    item.status = "duplicate";
    item.id = before?.id ?? item.id;
    item.lead_id = before?.lead_id ?? item.lead_id;
  }
}

function seenOf(told: Item[]) {
  return [...Map.groupBy(told, (item) => item.read.name)].map(([name, theirs]) => {
    const times = theirs.map((item) => item.read.occurred_at.getTime());
    return {
      name,
      count: theirs.length,
      first_at: new Date(Math.min(...times)),
      last_at: new Date(Math.max(...times)),
    };
  });
}

/** What the catalogue doesn't know yet of these events' properties, up to as many as it remembers of a name. */
export function newProperties(told: Pick<Read, "name" | "properties">[], known: Map<string, KnownName>) {
  const fresh: { name: string; key: string; type: PropertyType }[] = [];
  for (const [name, theirs] of Map.groupBy(told, (event) => event.name)) {
    const pairs = new Set(known.get(name)?.properties);
    for (const [key, value] of theirs.flatMap((event) => Object.entries(event.properties))) {
      const type = typeOf(value);
      if (type !== null && pairs.size < event_properties_known_max && !pairs.has(`${key}:${type}`)) {
        pairs.add(`${key}:${type}`);
        fresh.push({ name, key, type });
      }
    }
  }
  return fresh;
}

function resultOf(item: Item): EventResult {
  const refused = item.status === "refused";
  return {
    event_id: item.read.event_id,
    status: item.status,
    id: refused ? null : item.id,
    lead_id: refused ? null : item.lead_id,
    errors: item.errors,
  };
}
