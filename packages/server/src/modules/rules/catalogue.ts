import { type Field, type StandardField, standardFields } from "@bellwether/contracts/fields";
import { nearest } from "@bellwether/contracts/nearest";
import { eventWords } from "@bellwether/contracts/query-happened";
import { fieldAliases } from "@bellwether/contracts/query-language";
import { family, type Operator, operatorsOf } from "@bellwether/contracts/rule";
import { problem, type ProblemError } from "../../kernel/problems.ts";
import { folded } from "./folding.ts";
import type { SlottedField } from "./mirror.sql.ts";

/** A field as a rule sees it: its name, its type, and nothing from which SQL could be made but a look-up. */
export interface RuleField {
  /** `email`, or `attributes.plan` */
  name: string;
  label: string;
  type: Field["type"] | StandardField["type"];
  custom: SlottedField | null;
}

/** A segment as a rule sees it. */
export interface RuleSegment {
  id: string;
  name: string;
  state: "draft" | "active" | "retired";
  /** Its members; null while there are none to serve. */
  set_id: string | null;
}

/** The allow-list: every field that a rule of this workspace may name. There is no other way to name a column. */
export class Catalogue {
  readonly #fields: Map<string, RuleField>;
  readonly #segments: readonly RuleSegment[];
  /** Contact details are hidden from who asks. */
  readonly masked: boolean;
  readonly workspace_id: string;
  readonly time_zone: string;
  readonly default_country: string | null;

  constructor(
    custom: readonly SlottedField[],
    options: { workspace_id: string; masked: boolean; time_zone: string; default_country: string | null },
    segments: readonly RuleSegment[] = [],
  ) {
    this.#segments = segments;
    this.masked = options.masked;
    this.workspace_id = options.workspace_id;
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
    if (this.masked && contactFields.has(name)) {
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
    const taken = this.#fields.has(short) || fieldAliases.has(short) || eventWords.has(short);
    return short !== name && !taken ? short : name;
  }

  /** As people type it: without regard to capitals and accents. */
  readonly segmentId = (name: string): string | null => {
    const wanted = folded(name.trim());
    const found = this.#segments.find((each) => folded(each.name) === wanted || each.id === name);
    return found?.id ?? null;
  };

  readonly segmentName = (id: string): string | null =>
    this.#segments.find((each) => each.id === id)?.name ?? null;

  readonly isRetired = (id: string): boolean =>
    this.#segments.find((each) => each.id === id)?.state === "retired";

  /** The set of a segment's members. Refuses one that is gone, or that has none yet. */
  membersOf(id: string): string {
    const segment = this.#segments.find((each) => each.id === id);
    if (segment === undefined) {
      throw this.unknownSegment(null);
    }
    if (segment.set_id === null) {
      const why =
        segment.state === "draft"
          ? "is a draft, which has no members yet. Activate it first."
          : "is still being built. Try again when its members are found.";
      throw badSegment("unusable_segment", `The segment “${segment.name}” ${why}`, segment.name);
    }
    return segment.set_id;
  }

  unknownSegment(name: string | null, at?: { from: number; to: number }): ProblemError {
    if (name === null) {
      return badSegment(
        "unknown_segment",
        "The rule names a segment that doesn't exist any more. Choose another one.",
        "segment",
      );
    }
    const names = this.#segments.map((each) => each.name);
    const near = nearest(name, names);
    const hint = near === null ? "" : ` Did you mean “${near}”?`;
    return badSegment("unknown_segment", `There is no segment “${name}”.${hint}`, name, {
      ...(near === null ? {} : { nearest: near }),
      ...(at === undefined ? {} : { at }),
    });
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

function badSegment(code: string, say: string, path: string, also?: Record<string, unknown>): ProblemError {
  return problem("bad_query", {
    say,
    errors: [{ path, code, message: say }],
    ...(also === undefined ? {} : { also }),
  });
}

const contactFields = new Set<string>(
  standardFields.filter((field) => field.contact).map((field) => field.key),
);

export function operatorsFor(field: RuleField): readonly Operator[] {
  const kind = family[field.type];
  return kind === undefined ? [] : operatorsOf[kind];
}
