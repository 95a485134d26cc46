import type { Field } from "@bellwether/contracts/fields";
import type { LeadIn, LeadPatch } from "@bellwether/contracts/leads";
import type { Stage } from "@bellwether/contracts/pipeline";
import type { FieldError } from "@bellwether/contracts/problems";
import {
  type FieldValue,
  type Parsed,
  parseEmail,
  parseText,
  parseUrl,
  parseValue,
} from "@bellwether/contracts/values";
import { type KnownField, parsePhone } from "../fields/index.ts";
import { unknownStage } from "../stages/index.ts";

/** The columns of a lead that people write. */
export const textColumns = [
  "email",
  "first_name",
  "last_name",
  "company",
  "job_title",
  "phone",
  "whatsapp_id",
  "avatar_url",
  "source",
  "country",
  "region",
  "city",
  "time_zone",
  "language",
  "external_id",
  "anonymous_id",
] as const;
export type TextColumn = (typeof textColumns)[number];
export type Columns = Record<TextColumn, string | null> & {
  qualification: number | null;
  stage: string;
  lost_reason: string | null;
  owner_id: string | null;
};
export const columnNames = [...textColumns, "qualification", "stage", "lost_reason", "owner_id"] as const;
export const identifiers = ["email", "phone", "whatsapp_id", "external_id", "anonymous_id"] as const;

/** What was asked for, normalised: only what the caller named, null where a value is to be cleared. */
export interface LeadValues {
  columns: Partial<Columns>;
  attributes: Map<string, FieldValue>;
}

export interface ValueScope {
  fields: readonly KnownField[];
  /** In their order. */
  stages: ReadonlyMap<string, Stage>;
  default_country: string | null;
}

/** Holds every value to its type's rule. All that is wrong is named at once. */
export function readLead(
  input: LeadIn | LeadPatch,
  scope: ValueScope,
): { values: LeadValues; errors: FieldError[] } {
  const errors: FieldError[] = [];
  const columns: Partial<Columns> = {};
  const keep = <T>(path: string, parsed: Parsed<T>, set: (value: T) => void) => {
    if (parsed.ok) {
      set(parsed.value);
    } else {
      errors.push({ path, code: parsed.code, message: parsed.message });
    }
  };
  for (const column of textColumns) {
    const given = input[column];
    if (given !== undefined) {
      keep(column, parseColumn(column, given ?? "", scope), (value) => (columns[column] = value));
    }
  }
  if (input.qualification !== undefined) {
    columns.qualification = input.qualification;
  }
  if (input.stage !== undefined) {
    if (scope.stages.has(input.stage)) {
      columns.stage = input.stage;
    } else {
      errors.push(unknownStage("stage", input.stage, scope.stages.values()));
    }
  }
  if (input.lost_reason !== undefined) {
    keep("lost_reason", parseText(input.lost_reason ?? ""), (value) => (columns.lost_reason = value));
  }
  const attributes = readAttributes(input.attributes ?? {}, scope, errors);
  return { values: { columns, attributes }, errors };
}

function parseColumn(column: TextColumn, text: string, scope: ValueScope): Parsed<string | null> {
  switch (column) {
    case "email":
      return parseEmail(text);
    case "phone":
    case "whatsapp_id":
      return parsePhone(text, scope.default_country);
    case "avatar_url":
      return parseUrl(text);
    default:
      return parseText(text);
  }
}

function readAttributes(
  input: Record<string, unknown>,
  scope: ValueScope,
  errors: FieldError[],
): Map<string, FieldValue> {
  const attributes = new Map<string, FieldValue>();
  const known = new Map(scope.fields.map((field) => [field.key, field]));
  for (const [key, given] of Object.entries(input)) {
    const field = known.get(key);
    const path = `attributes.${key}`;
    if (field === undefined) {
      errors.push({ path, code: "unknown_field", message: `There is no field “${key}”. Create it first.` });
      continue;
    }
    const parsed = parseValue(field, given);
    if (parsed.ok) {
      attributes.set(key, parsed.value);
    } else {
      errors.push({ path, code: parsed.code, message: `${field.label}: ${parsed.message}` });
    }
  }
  return attributes;
}

export function blankColumns(stage: string): Columns {
  return {
    email: null,
    first_name: null,
    last_name: null,
    company: null,
    job_title: null,
    phone: null,
    whatsapp_id: null,
    avatar_url: null,
    source: null,
    country: null,
    region: null,
    city: null,
    time_zone: null,
    language: null,
    external_id: null,
    anonymous_id: null,
    qualification: null,
    stage,
    lost_reason: null,
    owner_id: null,
  };
}

/** A lead as it stands, as far as writing concerns it. */
export interface LeadState {
  id: string;
  columns: Columns;
  attributes: Record<string, unknown>;
  revision: number;
}

export type Changes = Record<string, { from: unknown; to: unknown }>;

/** The lead after the values are applied, and what that changes; an attribute that is cleared is gone, not null. */
export function applyValues(before: LeadState, values: LeadValues): { after: LeadState; changes: Changes } {
  const changes: Changes = {};
  const columns = { ...before.columns };
  for (const column of columnNames) {
    const value = values.columns[column];
    const was = before.columns[column];
    if (value !== undefined && value !== was) {
      changes[column] = { from: was, to: value };
      Object.assign(columns, { [column]: value });
    }
  }
  const attributes = new Map(Object.entries(before.attributes));
  for (const [key, value] of values.attributes) {
    const was = attributes.get(key) ?? null;
    if (JSON.stringify(was) !== JSON.stringify(value)) {
      changes[`attributes.${key}`] = { from: was, to: value };
      if (value === null) {
        attributes.delete(key);
      } else {
        attributes.set(key, value);
      }
    }
  }
  return { after: { ...before, columns, attributes: Object.fromEntries(attributes) }, changes };
}

export function hasIdentifier(columns: Partial<Columns>): boolean {
  return identifiers.some((identifier) => (columns[identifier] ?? null) !== null);
}

/** Values of unique fields as they are claimed: text without regard to capitals. */
export function uniqueClaims(
  fields: readonly Field[],
  attributes: Record<string, unknown>,
): { field_key: string; value: string }[] {
  const values = new Map(Object.entries(attributes));
  return fields.flatMap((field) => {
    const value = field.unique ? values.get(field.key) : undefined;
    return typeof value === "string" || typeof value === "number"
      ? [{ field_key: field.key, value: String(value).toLowerCase() }]
      : [];
  });
}
