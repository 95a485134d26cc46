import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseAst } from "vitest/node";
import { PROJECT } from "../config.ts";

/** A file of the project, with what the rules of the house ask about it. */
export interface Source {
  /** From the project's folder: `packages/server/src/modules/leads/leads.ts`. */
  path: string;
  text: string;
  lines: number;
  imports: Import[];
  functions: { name: string; lines: number }[];
  /** Calls and members as they are written: `Date.now`, `process.env`, `new Date()` without arguments, `fetch`. */
  uses: Set<string>;
  /** Types asserted instead of parsed: `any`, `as`, `!`. `as const` asserts nothing. */
  assertions: string[];
}
export interface Import {
  /** As written for a package; for a file of the project its path, like `Source.path`. */
  from: string;
  names: string[];
  types_only: boolean;
}

/** Every source file under these folders of the project, parsed. */
export function readSources(...folders: string[]): Source[] {
  return folders
    .flatMap((folder) => globSync(`${folder}/**/*.{ts,tsx}`, { cwd: PROJECT }))
    .filter((path) => !path.endsWith(".d.ts") && !path.includes("node_modules"))
    .toSorted()
    .map(readSource);
}

interface Node {
  type: string;
  start: number;
  end: number;
  [key: string]: unknown;
}

function readSource(path: string): Source {
  const text = readFileSync(join(PROJECT, path), "utf8");
  const source: Source = {
    path,
    text,
    lines: text.split("\n").length - 1,
    imports: [],
    functions: [],
    uses: new Set(),
    assertions: [],
  };
  const program = parseAst(text, { lang: path.endsWith("x") ? "tsx" : "ts" });
  visit(program as unknown as Node, "", (node, name) => note(source, node, name));
  return source;
}

function visit(node: Node, name: string, look: (node: Node, name: string) => void): void {
  look(node, name);
  // What a function is called is said by what it is the value of.
  const named = (node["id"] ?? node["key"]) as Node | null | undefined;
  const label =
    typeof named?.["name"] === "string"
      ? named["name"]
      : node.type === "MethodDefinition"
        ? "(method)"
        : name;
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) {
      if (typeof child === "object" && child !== null && "type" in child) {
        visit(child as Node, label, look);
      }
    }
  }
}

function note(source: Source, node: Node, name: string): void {
  switch (node.type) {
    case "ImportDeclaration":
    case "ExportNamedDeclaration":
    case "ExportAllDeclaration":
    case "ImportExpression":
      noteImport(source, node);
      break;
    case "FunctionDeclaration":
    case "FunctionExpression":
    case "ArrowFunctionExpression": {
      const own = (node["id"] as Node | null)?.["name"];
      source.functions.push({
        name: typeof own === "string" ? own : name,
        lines: source.text.slice(node.start, node.end).split("\n").length,
      });
      break;
    }
    case "MemberExpression":
    case "Identifier":
      source.uses.add(source.text.slice(node.start, node.end));
      break;
    case "NewExpression":
      if ((node["arguments"] as unknown[]).length === 0) {
        source.uses.add(
          `new ${source.text.slice((node["callee"] as Node).start, (node["callee"] as Node).end)}()`,
        );
      }
      break;
    case "TSAsExpression":
      if (!source.text.slice(node.start, node.end).endsWith("as const")) {
        source.assertions.push(source.text.slice(node.start, node.end));
      }
      break;
    case "TSNonNullExpression":
    case "TSAnyKeyword":
      source.assertions.push(source.text.slice(node.start, node.end));
  }
}

function noteImport(source: Source, node: Node): void {
  const from = node["source"] as (Node & { value?: unknown }) | null;
  if (typeof from?.value !== "string") {
    return;
  }
  const specifiers = (node["specifiers"] as Node[] | undefined) ?? [];
  const types_only =
    (node["importKind"] ?? node["exportKind"]) === "type" ||
    (specifiers.length > 0 && specifiers.every((each) => each["importKind"] === "type"));
  const names = specifiers.map((each) => {
    const imported = (each["imported"] ?? each["local"]) as Node | undefined;
    return typeof imported?.["name"] === "string" ? imported["name"] : "*";
  });
  const file = from.value.startsWith(".")
    ? join(source.path, "..", from.value.split("?", 1)[0] ?? "")
    : from.value;
  source.imports.push({ from: file, names, types_only });
}
