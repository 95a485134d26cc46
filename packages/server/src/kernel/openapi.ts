import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type OpenAPI, OpenAPIGenerator } from "@orpc/openapi";
import { ZodToJsonSchemaConverter } from "@orpc/zod/zod4";
import { contract } from "@bellwether/contracts";
import { AuditEntry } from "@bellwether/contracts/audit";
import type { EndpointMeta } from "@bellwether/contracts/common";
import { Export } from "@bellwether/contracts/exports";
import { Field, type FieldType } from "@bellwether/contracts/fields";
import { Import } from "@bellwether/contracts/imports";
import { Lead, Note, Stage, Tag, TimelineEvent } from "@bellwether/contracts/leads";
import { Member, Session, Workspace } from "@bellwether/contracts/identity";
import { permissions } from "@bellwether/contracts/permissions";
import { Problem, problems } from "@bellwether/contracts/problems";
import { RuleTree } from "@bellwether/contracts/rule";
import { View } from "@bellwether/contracts/views";
import { PROJECT } from "./config.ts";

export type Document = OpenAPI.Document;
export type Operation = OpenAPI.OperationObject & { "x-permission"?: string; "x-roles"?: readonly string[] };
export type Schema = Exclude<OpenAPI.SchemaObject, boolean> & Record<string, unknown>;

const about = `Everything Bellwether's own screens do, programs may do too. Bodies are JSON with \`snake_case\` names, times are UTC in ISO 8601, ids are UUIDv7.

\`/contacts\` is \`/leads\` under its other common name: every path below works with either.

Lists take \`limit\` (at most 200) and \`cursor\`, and answer \`{data, next_cursor}\`. Refusals are problem documents (RFC 9457) whose \`code\` is for programs and whose \`detail\` is for people. What one may not know of is answered as if it weren't there, with 404.`;

/** What answers are made of, named once. */
const answers = {
  Lead,
  Note,
  Tag,
  Stage,
  TimelineEvent,
  Field,
  Import,
  Export,
  View,
  AuditEntry,
  Workspace,
  Member,
  Session,
  Problem,
  // The same as what is sent; without a name for answers, its levels would be spelled out until they end.
  AnsweredRule: RuleTree,
};

/** The API as OpenAPI 3.1, made from the contract; with a workspace's own fields where they are given. */
export async function describeApi(fields: readonly Field[] | null = null): Promise<Document> {
  // Made once: it takes a tenth of a second, and only the workspace's fields differ.
  made ??= generate();
  const document = JSON.parse(await made) as Document;
  if (fields !== null) {
    describeAttributes(document, fields);
  }
  return document;
}
let made: Promise<string> | undefined;

async function generate(): Promise<string> {
  const project = JSON.parse(readFileSync(join(PROJECT, "package.json"), "utf8")) as {
    version: string;
    license: string;
  };
  const generator = new OpenAPIGenerator({ schemaConverters: [new ZodToJsonSchemaConverter()] });
  const document = await generator.generate(contract, {
    info: {
      title: "Bellwether",
      version: project.version,
      description: about,
      license: { name: project.license, identifier: project.license },
    },
    servers: [{ url: "/api/v1" }],
    security: [{ key: [] }, { session: [] }],
    commonSchemas: {
      ...Object.fromEntries(
        Object.entries(answers).map(([name, schema]) => [name, { schema, strategy: "output" as const }]),
      ),
      Rule: { schema: RuleTree, strategy: "input" },
    },
  });
  document.components = { ...document.components, ...shared() };
  for (const { name, meta, path, method } of operations(contract)) {
    const operation = operationAt(document, path, method);
    operation.operationId = name;
    describeAccess(operation, meta);
    describeHeaders(operation, method, meta, path);
    describeProblems(operation, method, meta, path);
  }
  describeStreams(document);
  return JSON.stringify(document, withoutNoise);
}

interface Described {
  name: string;
  meta: EndpointMeta;
  path: string;
  method: string;
}
function operations(part: object, path: string[] = []): Described[] {
  return Object.entries(part).flatMap(
    ([key, value]: [
      string,
      { "~orpc"?: { meta: EndpointMeta; route: { path?: string; method?: string } } },
    ]) => {
      const here = [...path, key];
      const definition = value["~orpc"];
      if (definition === undefined) {
        return operations(value, here);
      }
      return [
        {
          name: here.join("."),
          meta: definition.meta,
          path: definition.route.path ?? "",
          method: (definition.route.method ?? "POST").toLowerCase(),
        },
      ];
    },
  );
}

function operationAt(document: Document, path: string, method: string): Operation {
  const operation = (document.paths?.[path] as Record<string, Operation> | undefined)?.[method];
  if (operation === undefined) {
    throw new Error(`OpenAPI has no ${method} ${path}`);
  }
  return operation;
}

function shared(): OpenAPI.ComponentsObject {
  const text = (description: string, example: string) => ({
    description,
    schema: { type: "string" as const },
    example,
  });
  return {
    securitySchemes: {
      key: {
        type: "http",
        scheme: "bearer",
        description: "An API key of the workspace, from its settings: `Authorization: Bearer bw_…`",
      },
      session: {
        type: "apiKey",
        in: "cookie",
        name: "bellwether.session_token",
        description:
          "The browser's session. Over HTTPS the name begins with `__Secure-`. Requests from other sites are refused.",
      },
    },
    parameters: {
      IdempotencyKey: {
        name: "Idempotency-Key",
        in: "header",
        ...text(
          "Any text of up to 255 characters, such as a UUID. The first answer is replayed for a day.",
          "4f6d1c0e-7d2b-4a55-9f1e-1c9f3c1a2b7d",
        ),
      },
      IfMatch: {
        name: "If-Match",
        in: "header",
        ...text("The ETag that was seen. 412 when the record changed since, with what it is now.", '"3"'),
      },
    },
    headers: {
      ETag: text("The record's revision, for If-Match", '"3"'),
      RateLimit: text(
        "What is left of the budget, and when it is whole again (seconds)",
        '"read";r=1199;t=42',
      ),
      RateLimitPolicy: text(
        "The budget: requests in so many seconds. Reads, writes, searches and signing in have their own",
        '"read";q=1200;w=60',
      ),
      RetryAfter: text("Seconds to wait", "12"),
      IdempotencyReplayed: text("`true` when this is the first answer again", "true"),
      RequestId: text("Names this request in the logs", "0198c0de-0000-7000-8000-000000000000"),
    },
    responses: Object.fromEntries(statuses.map((status) => [`Problem${status}`, problemResponse(status)])),
  };
}

const statuses = [...new Set(Object.values(problems).map(([status]) => status))].filter(
  (status) => status !== 405 && status !== 503,
);

function problemResponse(status: number): OpenAPI.ResponseObject {
  const codes = Object.entries(problems).filter(([, [each]]) => each === status);
  const schema = {
    allOf: [
      { $ref: "#/components/schemas/Problem" },
      { properties: { code: { enum: codes.map(([code]) => code) } } },
    ],
  };
  return {
    description: codes.map(([code, [, title]]) => `\`${code}\`: ${title}`).join("; "),
    headers: {
      "X-Request-Id": header("RequestId"),
      ...(status === 429 ? { "Retry-After": header("RetryAfter") } : {}),
    },
    content: { "application/problem+json": { schema } },
  };
}

function header(name: string) {
  return { $ref: `#/components/headers/${name}` };
}

function describeAccess(operation: Operation, meta: EndpointMeta): void {
  operation["x-permission"] = meta.needs;
  if (meta.needs === "public") {
    operation.security = [];
  } else if (meta.needs === "signed_in") {
    operation.security = [{ session: [] }];
  } else if (meta.needs !== "member") {
    operation["x-roles"] = permissions[meta.needs];
  }
}

/** Answers with a lead carry its revision; whatever locks one for a change looks at If-Match. */
function revised(path: string): boolean {
  return /^\/leads\/\{id\}(\/owner|\/tags\/\{tag\}|\/restore)?$/.test(path);
}

function describeHeaders(operation: Operation, method: string, meta: EndpointMeta, path: string): void {
  const changes = method !== "get";
  const remembered = changes && meta.needs !== "public" && meta.raw !== true;
  operation.parameters = [
    ...(operation.parameters ?? []).map(plainParameter),
    ...(remembered ? [{ $ref: "#/components/parameters/IdempotencyKey" }] : []),
    ...(changes && revised(path) && !path.endsWith("/restore")
      ? [{ $ref: "#/components/parameters/IfMatch" }]
      : []),
  ];
  for (const response of Object.values(operation.responses ?? {})) {
    (response as OpenAPI.ResponseObject).headers = {
      "X-Request-Id": header("RequestId"),
      RateLimit: header("RateLimit"),
      "RateLimit-Policy": header("RateLimitPolicy"),
      ...(remembered ? { "Idempotency-Replayed": header("IdempotencyReplayed") } : {}),
      ...((revised(path) && method !== "delete") || (path === "/leads" && method === "post")
        ? { ETag: header("ETag") }
        : {}),
    };
  }
}

/** The generator allows empty and reserved characters everywhere, which says nothing here. */
function plainParameter(parameter: OpenAPI.ParameterObject | OpenAPI.ReferenceObject) {
  if ("$ref" in parameter) {
    return parameter;
  }
  const { allowEmptyValue: _e, allowReserved: _r, ...plain } = parameter;
  return plain;
}

function describeProblems(operation: Operation, method: string, meta: EndpointMeta, path: string): void {
  const changes = method !== "get";
  const body = changes && operation.requestBody !== undefined;
  const can: [number, boolean][] = [
    [400, true],
    [401, meta.needs !== "public" || meta.budget === "sign_in"],
    [403, meta.needs !== "public" || changes],
    [404, path.includes("{")],
    [409, changes],
    [412, changes && revised(path)],
    [413, body],
    [415, body],
    [422, true],
    [429, true],
    [500, true],
  ];
  for (const [status] of can.filter(([, possible]) => possible)) {
    operation.responses = {
      ...operation.responses,
      [status]: { $ref: `#/components/responses/Problem${status}` },
    };
  }
}

/** What is streamed past the JSON handler. */
function describeStreams(document: Document): void {
  const file = { type: "string", contentMediaType: "text/csv" } as const;
  operationAt(document, "/imports", "post").requestBody = {
    required: true,
    content: {
      "multipart/form-data": {
        schema: {
          type: "object",
          properties: { file: { type: "string", contentMediaType: "application/octet-stream" } },
          required: ["file"],
        },
      },
      "text/csv": { schema: file },
      "text/tab-separated-values": { schema: file },
    },
  };
  const upload = operationAt(document, "/imports", "post");
  upload.parameters = [
    ...(upload.parameters ?? []),
    {
      name: "file_name",
      in: "query",
      description: "What the file is called, where the body is the file itself",
      schema: { type: "string" },
    },
  ];
  succeed(operationAt(document, "/imports/{id}/rejected.csv", "get"), { "text/csv": { schema: file } });
  succeed(operationAt(document, "/live", "get"), {
    "text/event-stream": {
      schema: {
        type: "string",
        description: "Each `data:` is JSON: {id, name, lead_id, subject_id, actor, occurred_at}",
      },
    },
  });
}

function succeed(operation: Operation, content: NonNullable<OpenAPI.ResponseObject["content"]>): void {
  const response = operation.responses?.["200"] as OpenAPI.ResponseObject;
  response.content = content;
}

/** A workspace's own fields, wherever a lead's attributes are written or read. */
function describeAttributes(document: Document, fields: readonly Field[]): void {
  const properties = Object.fromEntries(
    fields.map((field) => [
      field.key,
      { ...typeSchema(field), title: field.label, ...(field.help === "" ? {} : { description: field.help }) },
    ]),
  );
  const walk = (part: unknown): void => {
    if (typeof part !== "object" || part === null) {
      return;
    }
    const own = (part as { properties?: { attributes?: unknown } }).properties;
    if (own?.attributes !== undefined) {
      own.attributes = { type: "object", properties, additionalProperties: false };
    }
    for (const value of Object.values(part)) {
      walk(value);
    }
  };
  walk(document);
}

const jsonTypes: Record<FieldType, object> = {
  text: { type: ["string", "null"], maxLength: 10_000 },
  url: { type: ["string", "null"], format: "uri" },
  number: { type: ["number", "null"] },
  money: { type: ["number", "null"] },
  yes_no: { type: ["boolean", "null"] },
  date: { type: ["string", "null"], format: "date" },
  datetime: { type: ["string", "null"], format: "date-time" },
  choice: { type: ["string", "null"] },
  choices: { type: ["array", "null"] },
};

function typeSchema(field: Field): object {
  const values = field.options.map((option) => option.value);
  if (field.type === "choice") {
    return { ...jsonTypes.choice, enum: [...values, null] };
  }
  return field.type === "choices"
    ? { ...jsonTypes.choices, items: { type: "string", enum: values } }
    : jsonTypes[field.type];
}

/** JSON's safe integers are every integer's bounds, and an object's names are always texts. */
function withoutNoise(name: string, value: unknown): unknown {
  if (
    (name === "minimum" && value === Number.MIN_SAFE_INTEGER) ||
    (name === "maximum" && value === Number.MAX_SAFE_INTEGER) ||
    name === "propertyNames"
  ) {
    return undefined;
  }
  return value;
}
