/**
 * Rules: the one tree behind filters, views and segments, its query language, and its compiler to SQL; and what a fast
 * field's slot holds, which rules compare.
 * Owns no table. Emits and hears nothing. Leaves to others: when a rule is asked, and of which leads.
 */
export { Catalogue, type RuleField } from "./catalogue.ts";
export { type Compiled, compileRule, overdue, type RuleScope, type Sql } from "./compile.sql.ts";
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
export { parseQuery } from "./query-language.ts";
