import { QueryError } from "@bellwether/contracts/query-error";
import { parseQuery as parse } from "@bellwether/contracts/query-language";
import type { Rule } from "@bellwether/contracts/rule";
import { problem } from "../../kernel/problems.ts";
import type { Catalogue } from "./catalogue.ts";

/** A query as a rule of this workspace's fields. What can't be understood is refused with its place in the text. */
export function parseQuery(text: string, catalogue: Catalogue): Rule {
  try {
    return parse(text, catalogue);
  } catch (error) {
    if (!(error instanceof QueryError)) {
      throw error;
    }
    if (error.code === "unknown_field") {
      throw catalogue.unknown(error.word, { from: error.from, to: error.to });
    }
    if (error.code === "unknown_segment") {
      throw catalogue.unknownSegment(error.word, { from: error.from, to: error.to });
    }
    throw problem("bad_query", {
      say: error.message,
      errors: [{ path: "query", code: error.code, message: error.message }],
      also: { at: { from: error.from, to: error.to } },
    });
  }
}
