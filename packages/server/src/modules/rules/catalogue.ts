import { type Field, type StandardField, standardFields } from "@bellwether/contracts/fields";
import { nearest } from "@bellwether/contracts/nearest";
import { fieldAliases } from "@bellwether/contracts/query-language";
import { family, type Operator, operatorsOf } from "@bellwether/contracts/rule";
import { problem, type ProblemError } from "../../kernel/problems.ts";
import type { SlottedField } from "./mirror.sql.ts";

/** A field as a rule sees it: its name, its type, and nothing from which SQL could be made but a look-up. */
export interface RuleField {
  /** `email`, or `attributes.plan` */
  name: string;
  label: string;
  type: Field["type"] | StandardField["type"];
  custom: SlottedField | null;
}

/** The allow-list: every field that a rule of this workspace may name. There is no other way to name a column. */
export class Catalogue {
  readonly #fields: Map<string, RuleField>;
  readonly #masked: boolean;
  readonly time_zone: string;
  readonly default_country: string | null;

  constructor(
    custom: readonly SlottedField[],
    options: { masked: boolean; time_zone: string; default_country: string | null },
  ) {
    this.#masked = options.masked;
    this.time_zone = options.time_zone;
    this.default_country = options.default_country;
    this.#fields = new Map([
      ...standardFields.map((field): [string, RuleField] => [
        field.key,
        { name: field.key, label: field.label, type: field.type, custom: null },
      ]),
      ...custom.map((field): [string, RuleField] => [
        `attributes.${field.key}`,
        { name: `attributes.${field.key}`, label: field.label, type: field.type, custom: field },
      ]),
    ]);
  }

  get(name: string): RuleField {
    const field = this.#fields.get(name);
    if (field === undefined) {
      throw this.unknown(name);
    }
    if (this.#masked && contactFields.has(name)) {
      throw problem("forbidden", {
        say: `${field.label} is hidden from your role, so it can't be asked for.`,
      });
    }
    return field;
  }

  /** As people type it in a query: `plan` for `attributes.plan`, `owner` for `owner_id`. */
  find(word: string): RuleField | null {
    const name = word.toLowerCase();
    const known = [name, `attributes.${name}`, fieldAliases.get(name) ?? name].find((each) =>
      this.#fields.has(each),
    );
    return known === undefined ? null : this.get(known);
  }

  /** The shortest word that `find` takes for a field. */
  word(name: string): string {
    const short = name.replace(/^attributes\./, "");
    return short !== name && !this.#fields.has(short) && !fieldAliases.has(short) ? short : name;
  }

  unknown(name: string, at?: { from: number; to: number }): ProblemError {
    const near = nearest(name, [...this.#fields.keys()]);
    // A query is typed in words, a rule names fields.
    const shown = near === null || at === undefined ? near : this.word(near);
    return problem("unknown_field", {
      say: `There is no field “${name}”.${shown === null ? "" : ` Did you mean “${shown}”?`}`,
      errors: [
        {
          path: name,
          code: "unknown_field",
          message: shown === null ? "No such field." : `Did you mean “${shown}”?`,
        },
      ],
      also: { ...(near === null ? {} : { nearest: near }), ...(at === undefined ? {} : { at }) },
    });
  }
}

const contactFields = new Set<string>(
  standardFields.filter((field) => field.contact).map((field) => field.key),
);

export function operatorsFor(field: RuleField): readonly Operator[] {
  const kind = family[field.type];
  return kind === undefined ? [] : operatorsOf[kind];
}
