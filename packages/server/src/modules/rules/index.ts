/**
 * Rules: the one tree behind filters, views and segments, its query language, and its compiler to SQL; and what a fast
 * field's slot holds, which rules compare.
 * Owns no table. Emits and hears nothing. Leaves to others: when a rule is asked, and of which leads.
 */
export { Catalogue, type RuleField, type RuleSegment } from "./catalogue.ts";
export type { Sql } from "./columns.sql.ts";
export { overdue } from "./columns.sql.ts";
export { type Compiled, compileRule } from "./compile.sql.ts";
export { type Dependencies, dependenciesOf, leavesOf } from "./dependencies.ts";
export { meets, type MemoryScope } from "./evaluate.ts";
export { looksAt } from "./happened.ts";
export { folded } from "./folding.ts";
export { type HasHappened, judgeHappened } from "./happened.sql.ts";
export { placed } from "./place.ts";
export {
  alsoInsert,
  alsoSet,
  type Mirror,
  mirrorOf,
  mirrorsOf,
  type Slot,
  type SlottedField,
  textIn,
} from "./mirror.sql.ts";
export { movingParts } from "./moving.sql.ts";
export { namedIn, refuseRetired, retiredSegment } from "./retired.ts";
export { segmentsFor, selectRuleSegments } from "./segments.sql.ts";
export { parseQuery } from "./query-language.ts";
