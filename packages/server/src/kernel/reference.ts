import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Field } from "@bellwether/contracts/fields";
import type { Actor } from "./access.ts";
import type { Caller } from "./http.ts";
import { describeApi, type Document, type Operation, type Schema } from "./openapi.ts";

export interface ReferenceParts {
  authenticate: (request: FastifyRequest) => Promise<Caller>;
  /** The workspace's own fields: the one thing in the document that modules know. */
  fieldsOf: (actor: Actor) => Promise<Field[]>;
}

/** The API's description at /api/v1/openapi.json, and the same to read at /api/docs; with one's own fields when signed in. */
export function serveReference(app: FastifyInstance, parts: ReferenceParts): void {
  const described = async (request: FastifyRequest) => {
    const { actor } = await parts.authenticate(request);
    return describeApi(actor === null ? null : await parts.fieldsOf(actor));
  };
  // oxlint-disable-next-line oxc/no-async-endpoint-handlers -- Fastify awaits its handlers
  app.get("/api/v1/openapi.json", async (request) => described(request));
  app.get("/api/docs", async (request, reply) =>
    reply.type("text/html; charset=utf-8").send(page(await described(request))),
  );
}

/** One static page: no script, nothing from elsewhere. Every text is escaped, a workspace's field names too. */
function page(document: Document): string {
  const operations = Object.entries(document.paths ?? {}).flatMap(([path, methods]) =>
    Object.entries(methods ?? {}).map(([method, operation]) => ({
      path,
      method,
      operation: operation as Operation,
    })),
  );
  const byTag = Map.groupBy(operations, (each) => each.operation.tags?.[0] ?? "Other");
  const tags = [...byTag.keys()];
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Bellwether API</title><style>${style}</style></head>
<body>
<nav aria-label="Sections"><strong>Bellwether API</strong>${tags.map((tag) => `<a href="#${anchor(tag)}">${escaped(tag)}</a>`).join("")}<a href="#schemas">Schemas</a><a href="/api/v1/openapi.json">openapi.json</a></nav>
<main>
<h1>Bellwether API <small>${escaped(document.info.version)}</small></h1>
${paragraphs(document.info.description ?? "")}
<p>Send <code>Authorization: Bearer bw_…</code> with a key from the workspace's settings. The address of every path begins with <code>/api/v1</code>.</p>
${[...byTag].map(([tag, each]) => `<section id="${anchor(tag)}"><h2>${escaped(tag)}</h2>${each.map(operationHtml).join("")}</section>`).join("\n")}
<section id="schemas"><h2>Schemas</h2>${Object.entries(document.components?.schemas ?? {})
    .map(
      ([name, schema]) =>
        `<details id="schema-${anchor(name)}"><summary><code>${escaped(name)}</code></summary>${schemaHtml(schema as Schema)}</details>`,
    )
    .join("")}</section>
</main>
</body>
</html>
`;
}

function operationHtml({
  path,
  method,
  operation,
}: {
  path: string;
  method: string;
  operation: Operation;
}): string {
  const bodies = Object.entries(
    (operation.requestBody as { content?: Record<string, { schema?: Schema }> } | undefined)?.content ?? {},
  );
  return `<details id="${anchor(operation.operationId ?? "")}"><summary><b class="${escaped(method)}">${escaped(method.toUpperCase())}</b> <code>${escaped(path)}</code> <span>${escaped(operation.summary ?? "")}</span></summary>
<p>${permissionHtml(operation)}</p>
${parametersHtml(operation)}
${bodies.map(([type, { schema }]) => `<h4>Body <small>${escaped(type)}</small></h4>${schemaHtml(schema)}`).join("")}
<h4>Answers</h4>${Object.entries(operation.responses ?? {})
    .map(([status, response]) => answerHtml(status, response as Answer))
    .join("")}
</details>`;
}

function permissionHtml(operation: Operation): string {
  const needs = operation["x-permission"] ?? "member";
  if (needs === "public") {
    return "For everybody.";
  }
  if (needs === "signed_in") {
    return "For signed-in people; keys can't.";
  }
  const roles = operation["x-roles"];
  return roles === undefined
    ? "For every member and key."
    : `Needs <code>${escaped(needs)}</code>: ${escaped(roles.join(", "))}.`;
}

interface Parameter {
  $ref?: string;
  name?: string;
  in?: string;
  required?: boolean;
  description?: string;
  schema?: Schema;
}
function parametersHtml(operation: Operation): string {
  const parameters = (operation.parameters ?? []) as Parameter[];
  const rows = parameters.map((each) => {
    const name = each.name ?? (each.$ref?.endsWith("IfMatch") === true ? "If-Match" : "Idempotency-Key");
    return `<tr><td><code>${escaped(name)}</code>${each.required === true ? " *" : ""}</td><td>${escaped(each.in ?? "header")}</td><td>${typeHtml(each.schema)} ${escaped(each.description ?? each.schema?.description ?? "")}</td></tr>`;
  });
  return rows.length === 0 ? "" : `<h4>Parameters</h4><table>${rows.join("")}</table>`;
}

interface Answer {
  $ref?: string;
  description?: string;
  content?: Record<string, { schema?: Schema }>;
}
function answerHtml(status: string, answer: Answer): string {
  if (answer.$ref !== undefined) {
    return `<a class="problem" href="#schema-problem">${escaped(status)}</a> `;
  }
  const bodies = Object.entries(answer.content ?? {}).map(
    ([type, { schema }]) => `<small>${escaped(type)}</small>${schemaHtml(schema)}`,
  );
  return `<div><b>${escaped(status)}</b> ${bodies.join("")}</div>`;
}

/** Properties as a nested list; what is named elsewhere is a link. */
function schemaHtml(schema: Schema | undefined): string {
  const choices = choicesOf(schema);
  const properties = Object.entries((inner(schema)?.["properties"] ?? {}) as Record<string, Schema>);
  const required = new Set(inner(schema)?.["required"] ?? []);
  if (choices.some((each) => each["properties"] !== undefined)) {
    return `<div>one of</div>${choices.map(schemaHtml).join("")}`;
  }
  if (properties.length === 0) {
    return `<div>${typeHtml(schema)}</div>`;
  }
  const items = properties.map(([name, part]) => {
    const nested =
      part["$ref"] === undefined && inner(part)?.["properties"] !== undefined ? schemaHtml(part) : "";
    return `<li><code>${escaped(name)}</code>${required.has(name) ? " *" : ""} ${typeHtml(part)} ${escaped(part.description ?? part.title ?? "")}${nested}</li>`;
  });
  return `<ul>${items.join("")}</ul>`;
}

function inner(schema: Schema | undefined): Schema | undefined {
  return (schema?.["items"] as Schema | undefined) ?? schema;
}

function choicesOf(schema: Schema | undefined): Schema[] {
  return ((schema?.["anyOf"] ?? schema?.["oneOf"] ?? []) as Schema[]).filter(
    (each) => each["type"] !== "null",
  );
}

function typeHtml(schema: Schema | undefined): string {
  if (schema === undefined) {
    return "";
  }
  const ref = schema["$ref"];
  if (typeof ref === "string") {
    const name = ref.split("/").at(-1) ?? "";
    return `<a href="#schema-${anchor(name)}">${escaped(name)}</a>`;
  }
  const choices = choicesOf(schema);
  if (choices.length > 0) {
    return choices.map(typeHtml).join(" or ");
  }
  if (schema["enum"] !== undefined) {
    return (schema["enum"] as unknown[])
      .map((value) => `<code>${escaped(JSON.stringify(value))}</code>`)
      .join(" ");
  }
  const type = [schema["type"] ?? "anything"].flat().join(" or ");
  const items = schema["items"] === undefined ? "" : ` of ${typeHtml(schema["items"] as Schema)}`;
  const format = schema["format"] === undefined ? "" : ` (${escaped(schema.format ?? "")})`;
  return `<i>${escaped(type)}${format}</i>${items}`;
}

function paragraphs(markdown: string): string {
  return markdown
    .split("\n\n")
    .map((text) => `<p>${escaped(text).replaceAll(/`([^`]*)`/g, "<code>$1</code>")}</p>`)
    .join("");
}

function anchor(text: string): string {
  return text.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
}

function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

const style = `
:root { color-scheme: light dark; --line: light-dark(#dcd9d2, #3a3833); --soft: light-dark(#5f5b53, #a8a398); --ink: light-dark(#1c1b18, #eceae4); --paper: light-dark(#fbfaf7, #171613); --link: light-dark(#0b5f54, #6cc7b8) }
* { box-sizing: border-box } body { margin: 0; display: grid; grid-template-columns: 12rem minmax(0, 1fr); font: 15px/1.5 Inter, system-ui, sans-serif; color: var(--ink); background: var(--paper) }
nav { position: sticky; top: 0; height: 100vh; padding: 1.5rem 1rem; border-right: 1px solid var(--line); display: flex; flex-direction: column; gap: .4rem; overflow: auto }
main { padding: 1.5rem 2rem 6rem; max-width: 60rem } a { color: var(--link) } h1 small, small, summary span, i { color: var(--soft); font-weight: 400; font-size: .85rem }
h2 { margin-top: 2.5rem; border-bottom: 1px solid var(--line) } h4 { margin: 1rem 0 .3rem } summary { cursor: pointer; padding: .35rem 0 } details { border-bottom: 1px solid var(--line) } details[open] { padding-bottom: 1rem }
summary b { display: inline-block; width: 4rem; font-size: .75rem } code { font: .85em ui-monospace, monospace } ul { margin: .2rem 0 .2rem .4rem; padding-left: 1rem; border-left: 1px solid var(--line); list-style: none }
td { padding: .15rem 1rem .15rem 0; vertical-align: top } .problem { margin-right: .5rem }
@media (max-width: 45rem) { body { display: block } nav { position: static; height: auto; flex-flow: row wrap; border: 0 } main { padding: 1rem } summary span { display: block } }
`;
