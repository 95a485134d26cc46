/** Who gets the next lead. Pure: the same leads, members and turns give the same owners. */
import type { AssignmentMethod } from "@bellwether/contracts/assignment";

export interface Dealt {
  owners: string[];
  last: string | null;
}

/** In the order of the turns, beginning with who comes after the last one. */
function inTurn(members: readonly string[], last: string | null): string[] {
  const place = last === null ? -1 : members.indexOf(last);
  return [...members.slice(place + 1), ...members.slice(0, place + 1)];
}

/**
 * Owners for so many leads. `members` are all of the rule, so that a turn is kept while somebody is away; only `there`
 * get leads. `load` is counted up.
 */
export function deal(
  leads: number,
  rule: { method: AssignmentMethod; members: readonly string[]; last: string | null },
  there: ReadonlySet<string>,
  load: Map<string, number>,
): Dealt {
  const owners: string[] = [];
  let { last } = rule;
  for (let n = 0; n < leads; n += 1) {
    const queue = inTurn(rule.members, last).filter((member) => there.has(member));
    const next = rule.method === "round_robin" ? queue[0] : leastLoaded(queue, load);
    if (next === undefined) break;
    owners.push(next);
    load.set(next, (load.get(next) ?? 0) + 1);
    last = next;
  }
  return { owners, last };
}

/** Of those with equally few, the one whose turn comes first. */
function leastLoaded(queue: readonly string[], load: ReadonlyMap<string, number>): string | undefined {
  let best = queue[0];
  for (const member of queue) {
    if (best !== undefined && (load.get(member) ?? 0) < (load.get(best) ?? 0)) best = member;
  }
  return best;
}
