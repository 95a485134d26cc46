import { happenedFaults } from "./happened.ts";
import { nearest } from "./nearest.ts";
import { shortened } from "./values.ts";

/** The operators of a condition. Missing values: a lead without a value is "not X", and an empty string is no value. */
export const operators = [
  "eq",
  "ne",
  "in",
  "not_in",
  "contains",
  "not_contains",
  "starts_with",
  "set",
  "unset",
  "gt",
  "gte",
  "lt",
  "lte",
  "between",
  "in_last",
  "not_in_last",
  "any_of",
  "all_of",
  "none_of",
] as const;

export const rule_depth_max = 12;
export const rule_conditions_max = 200;
export const rule_values_max = 1000;
export const rule_text_max = 1000;
export const rule_words_max = 200;
export const rule_field_max = 80;

const kinds = ["all", "any", "not", "words", "segment", "event", "field"] as const;
/** Those that have more members than their own name. */
const membersOf: Partial<Record<string, string[]>> = {
  segment: ["segment", "member"],
  field: ["field", "is", "value"],
};
const shapes = "{all}, {any}, {not}, {words}, {segment, member}, {event, did} or {field, is, value}";

/** What is wrong with a rule, and where: `["all", 2, "value"]`. */
export interface RuleFault {
  path: (string | number)[];
  message: string;
}

interface Part {
  value: unknown;
  path: (string | number)[];
  depth: number;
  /** Inside an event, where properties are asked for and nothing else. */
  of_event?: boolean;
}

/** So many faults are told at once. */
const faults_max = 20;
/** Groups without conditions count for nothing else. */
const parts_max = 1000;

/**
 * Whether something is a rule at all: its shape, its operators, its size; whether its fields exist is the server's to
 * know. Part by part from a list instead of by recursion, so that what somebody nests fifty thousand levels deep costs
 * no more than its first thirteen.
 */
export function ruleFaults(rule: unknown): RuleFault[] {
  const faults: RuleFault[] = [];
  const waiting: Part[] = [{ value: rule, path: [], depth: 1 }];
  let conditions = 0;
  let parts = 0;
  for (let part = waiting.pop(); part !== undefined && faults.length < faults_max; part = waiting.pop()) {
    if (++parts > parts_max) {
      return [{ path: [], message: `A rule can have ${parts_max} parts at most, groups among them.` }];
    }
    if (part.depth > rule_depth_max) {
      return [
        {
          path: [],
          message: `A rule can be nested ${rule_depth_max} levels deep at most; this one goes deeper.`,
        },
      ];
    }
    const { inner, found } = looked(part);
    faults.push(...found);
    // From the back, so that faults are told in the order in which they stand.
    waiting.push(...inner.toReversed());
    conditions += inner.length === 0 && !isGroup(part.value) ? 1 : 0;
    if (conditions > rule_conditions_max) {
      return [
        {
          path: [],
          message: `A rule can have ${rule_conditions_max} conditions at most; this one has more.`,
        },
      ];
    }
  }
  return faults.slice(0, faults_max);
}

function isGroup(value: unknown): boolean {
  return isObject(value) && ("all" in value || "any" in value || "not" in value);
}

type Looked = { inner: Part[]; found: RuleFault[] };

const inEvents: readonly (typeof kinds)[number][] = ["all", "any", "not", "field"];

function looked({ value, path, depth, of_event = false }: Part): Looked {
  if (!isObject(value)) {
    return refused(path, `A rule is one of ${shapes}.`);
  }
  const kind = kinds.find((name) => Object.hasOwn(value, name));
  if (kind === undefined) {
    return refused(path, unknownShape(value));
  }
  if (of_event && !inEvents.includes(kind)) {
    return refused(
      path,
      "Of an event, its properties are asked for: {field, is, value} in {all}, {any} and {not}.",
    );
  }
  const below = (inner: unknown, ...at: (string | number)[]): Part => ({
    value: inner,
    path: [...path, ...at],
    depth: depth + 1,
    of_event: of_event || kind === "event",
  });
  if (kind === "event") {
    const inner = value["where"] === undefined ? [] : [below(value["where"], "where")];
    return { inner, found: happenedFaults(value, path) };
  }
  const strange = Object.keys(value).filter((name) => !(membersOf[kind] ?? [kind]).includes(name));
  const [first] = strange;
  if (first !== undefined) {
    return refused([...path, shortened(first)], strangeName(kind, first));
  }
  switch (kind) {
    case "all":
    case "any":
      return listed(value[kind], [...path, kind], (each, index) => below(each, kind, index));
    case "not":
      return { inner: [below(value["not"], "not")], found: [] };
    case "words":
      return { inner: [], found: textFaults(value["words"], [...path, "words"], rule_words_max) };
    case "segment":
      return { inner: [], found: segmentFaults(value, path) };
    case "field":
      return { inner: [], found: conditionFaults(value, path) };
  }
}

function listed(list: unknown, path: Part["path"], below: (each: unknown, index: number) => Part): Looked {
  if (!Array.isArray(list)) {
    return refused(path, "This takes a list of rules.");
  }
  if (list.length > parts_max) {
    return refused(path, `A list can have ${parts_max} rules at most; this one has ${list.length}.`);
  }
  return { inner: list.map((each, index) => below(each, index)), found: [] };
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function segmentFaults({ segment, member }: Record<string, unknown>, path: Part["path"]): RuleFault[] {
  return [
    ...(typeof segment === "string" && uuid.test(segment)
      ? []
      : [{ path: [...path, "segment"], message: "Name the segment by its id." }]),
    ...(typeof member === "boolean"
      ? []
      : [{ path: [...path, "member"], message: "Say whether it is a member: true or false." }]),
  ];
}

function conditionFaults(condition: Record<string, unknown>, path: Part["path"]): RuleFault[] {
  const { field, is, value } = condition;
  return [
    ...textFaults(field, [...path, "field"], rule_field_max),
    ...(operators.some((each) => each === is)
      ? []
      : [{ path: [...path, "is"], message: unknownOperator(is) }]),
    ...valueFaults(value, [...path, "value"]),
  ];
}

function textFaults(text: unknown, path: Part["path"], length_max: number): RuleFault[] {
  if (typeof text !== "string" || text === "") {
    return [{ path, message: "This takes a text that is not empty." }];
  }
  return text.length > length_max
    ? [{ path, message: `This is longer than ${length_max.toLocaleString("en")} characters.` }]
    : [];
}

function valueFaults(value: unknown, path: Part["path"]): RuleFault[] {
  const list = Array.isArray(value) ? value : [value];
  if (list.length > rule_values_max) {
    const [most, has] = [rule_values_max, list.length].map((count) => count.toLocaleString("en"));
    return [{ path, message: `A list can have ${most} values at most; this one has ${has}.` }];
  }
  const place = (index: number) => (Array.isArray(value) ? [...path, index] : path);
  return list.flatMap((each: unknown, index): RuleFault[] => {
    if (each === undefined || typeof each === "boolean" || Number.isFinite(each)) {
      return [];
    }
    if (typeof each !== "string") {
      return [
        { path: place(index), message: "A value is a text, a number, true or false, or a list of these." },
      ];
    }
    return each === "" ? [] : textFaults(each, place(index), rule_text_max);
  });
}

function unknownShape(value: object): string {
  const [name] = Object.keys(value);
  const meant =
    name === undefined
      ? undefined
      : {
          and: "all",
          or: "any",
          op: "is",
          value: "field",
          is: "field",
          member: "segment",
          did: "event",
          happened: "event",
        }[name];
  const near = meant ?? (name === undefined ? null : nearest(name, kinds));
  return `A rule is one of ${shapes}.${near === null ? "" : ` This one lacks “${near}”.`}`;
}

function strangeName(kind: string, name: string): string {
  const shown = shortened(name);
  if (kind === "segment") {
    return `A condition on a segment has “segment” and “member”, and no “${shown}”.`;
  }
  if (kind !== "field") {
    return `Beside “${kind}” nothing else can stand: put “${shown}” and it into one {all}.`;
  }
  const operator = ["op", "operator", "cmp", "comparator"].includes(name)
    ? " The operator is called “is”."
    : "";
  return `A condition has “field”, “is” and “value”, and no “${shown}”.${operator}`;
}

/** As other products and languages call them. */
const otherNames: Record<string, (typeof operators)[number]> = {
  "=": "eq",
  "==": "eq",
  is: "eq",
  equals: "eq",
  equal: "eq",
  "!=": "ne",
  "<>": "ne",
  neq: "ne",
  not: "ne",
  is_not: "ne",
  not_eq: "ne",
  not_equals: "ne",
  one_of: "in",
  like: "contains",
  icontains: "contains",
  includes: "contains",
  begins_with: "starts_with",
  exists: "set",
  is_set: "set",
  not_empty: "set",
  not_null: "set",
  missing: "unset",
  empty: "unset",
  is_empty: "unset",
  is_null: "unset",
  not_set: "unset",
  not_exists: "unset",
  ">": "gt",
  after: "gt",
  ">=": "gte",
  "<": "lt",
  before: "lt",
  "<=": "lte",
  within: "in_last",
  last: "in_last",
  contains_any: "any_of",
  contains_all: "all_of",
  contains_none: "none_of",
};

function unknownOperator(is: unknown): string {
  const all = operators.join(", ");
  if (typeof is !== "string") {
    return `Say how it is compared: one of ${all}.`;
  }
  const name = is.trim().toLowerCase();
  const meant = (Object.hasOwn(otherNames, name) ? otherNames[name] : undefined) ?? nearest(name, operators);
  return `There is no operator “${shortened(is)}”. ${meant === null ? `Use one of ${all}.` : `Did you mean “${meant}”?`}`;
}

function refused(path: Part["path"], message: string): Looked {
  return { inner: [], found: [{ path, message }] };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
