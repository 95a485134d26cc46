/** What can't be understood, and where it stands in the text. */
export class QueryError extends Error {
  readonly code: "unknown_field" | "unknown_segment" | "bad_syntax" | "bad_value";
  readonly word: string;
  readonly from: number;
  readonly to: number;
  constructor(code: QueryError["code"], message: string, at: { text: string; from: number; to: number }) {
    super(message);
    this.code = code;
    this.word = at.text;
    this.from = at.from;
    this.to = at.to;
  }
  /** The same, of a text that this one was part of. */
  moved(by: number): QueryError {
    const { word: text, from, to } = this;
    return new QueryError(this.code, this.message, { text, from: from + by, to: to + by });
  }
}
