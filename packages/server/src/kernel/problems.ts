import type * as z from "zod";
import { problems, type FieldError, type ProblemCode } from "@bellwether/contracts/problems";

interface ProblemOptions {
  /** The sentence for the caller: what happened, to which item, what to do. */
  say: string;
  errors?: FieldError[];
  /** Further public members of the problem document, such as the id of the lead in the way. */
  also?: Record<string, unknown>;
  headers?: Record<string, string>;
  /** For the log alone. */
  log?: Record<string, unknown>;
  cause?: unknown;
}

/** A named failure with a public sentence (RFC 9457); everything else that is thrown is an internal error. */
export class ProblemError extends Error {
  override readonly name = "ProblemError";
  readonly code: ProblemCode;
  readonly options: ProblemOptions;

  constructor(code: ProblemCode, options: ProblemOptions) {
    super(options.say, { cause: options.cause });
    this.code = code;
    this.options = options;
  }

  get status(): number {
    return problems[this.code][0];
  }

  toDocument(request_id: string) {
    return {
      ...this.options.also,
      type: `urn:bellwether:problem:${this.code}`,
      title: problems[this.code][1],
      status: this.status,
      detail: this.options.say,
      code: this.code,
      errors: this.options.errors ?? [],
      request_id,
    };
  }
}

export function problem(code: ProblemCode, options: ProblemOptions): ProblemError {
  return new ProblemError(code, options);
}

/** One sentence for a lead, note, import … that isn't there or that the caller may not know of: the two look the same. */
export function notFound(what: string): ProblemError {
  return problem("not_found", { say: `There is no such ${what}.` });
}

export function invalid(errors: FieldError[]): ProblemError {
  return problem("invalid", { say: errors.map((error) => error.message).join(" "), errors });
}

/** What is wrong with one item of many. */
export function itemErrors(error: z.ZodError): FieldError[] {
  return error.issues.flatMap((issue) =>
    issue.code === "unrecognized_keys"
      ? issue.keys.map((key) => ({
          path: key,
          code: "unknown_field",
          message: `There is no field “${key}”.`,
        }))
      : [{ path: issue.path.join("."), code: issue.code, message: issue.message }],
  );
}

/** For texts of an item that PostgreSQL can't store, by their places. */
export function brokenTexts(paths: string[]): FieldError[] {
  return paths.map((path) => ({
    path,
    code: "bad_character",
    message: "This text holds a character that can't be stored.",
  }));
}
