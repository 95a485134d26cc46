import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { contract } from "@bellwether/contracts";
import { PROJECT } from "./config.ts";
import { describeApi, type Document, type Operation, type Schema } from "./openapi.ts";
import { cast, type Cast, keyOf } from "./testing/cast.ts";
import { call, nobody, type Person, raw, the, useProgram } from "./testing/program.ts";

useProgram();
let people: Cast;
let document: Document;
let operations: { path: string; method: string; operation: Operation }[];
beforeAll(async () => {
  people = await cast();
  await call(people.ada, contract.fields.create, {
    key: "plan",
    label: "<img src=x onerror=alert(1)>",
    type: "choice",
    options: ["free", "pro"],
  });
  await call(people.ada, contract.fields.create, { key: "seats", label: "Seats", type: "number" });
  document = await describeApi();
  operations = Object.entries(document.paths ?? {}).flatMap(([path, methods]) =>
    Object.entries(methods ?? {}).map(([method, operation]) => ({
      path,
      method,
      operation: operation as Operation,
    })),
  );
});

describe("the document", () => {
  test("has every endpoint that is served, under its name, with what it needs", () => {
    const served = the().modules.flatMap((module) => module.endpoints);
    const said = (name: string, method: unknown, path: string, needs: unknown) =>
      `${name} ${String(method).toLowerCase()} ${path} ${String(needs)}`;
    expect(
      operations
        .map(({ operation, method, path }) =>
          said(operation.operationId ?? "", method, path, operation["x-permission"]),
        )
        .toSorted((a, b) => a.localeCompare(b)),
    ).toEqual(
      served
        .map((each) => said(each.name, each.method, each.path.replace(/:(\w+)/g, "{$1}"), each.meta.needs))
        .toSorted((a, b) => a.localeCompare(b)),
    );
  });

  test("is OpenAPI 3.1, and every reference and path parameter leads somewhere", () => {
    expect(document.openapi).toMatch(/^3\.1\./);
    const text = JSON.stringify(document);
    const references = [...text.matchAll(/"\$ref":"#\/([^"]+)"/g)].map((match) => match[1] ?? "");
    expect(references.length).toBeGreaterThan(200);
    for (const reference of new Set(references)) {
      const found = reference
        .split("/")
        .reduce<unknown>(
          (part, key) => (part as Record<string, unknown> | undefined)?.[key.replaceAll("~1", "/")],
          document,
        );
      expect(found, reference).toBeDefined();
    }
    for (const { path, operation } of operations) {
      const declared = (operation.parameters ?? []).flatMap((each) =>
        "in" in each && each.in === "path" ? [each.name] : [],
      );
      expect(
        declared.toSorted((a, b) => a.localeCompare(b)),
        path,
      ).toEqual(
        [...path.matchAll(/\{(\w+)\}/g)]
          .map((match) => match[1])
          .toSorted((a, b) => String(a).localeCompare(String(b))),
      );
      expect(operation.summary, path).toMatch(/^[A-Z]/);
    }
  });

  test("says which problems each can end in, and what headers go both ways", () => {
    const of = (name: string) =>
      operations.find(({ operation }) => operation.operationId === name)?.operation;
    for (const { operation } of operations) {
      expect(Object.keys(operation.responses ?? {}), operation.operationId).toEqual(
        expect.arrayContaining(["422", "429", "500"]),
      );
      expect(
        "401" in (operation.responses ?? {}) || operation["x-permission"] === "public",
        operation.operationId,
      ).toBe(true);
    }
    expect(JSON.stringify(of("leads.update"))).toMatch(
      /IdempotencyKey.*IfMatch.*RateLimit.*ETag.*Problem404.*Problem412/,
    );
    expect(JSON.stringify(of("leads.list"))).not.toMatch(/IdempotencyKey|IfMatch|Problem412/);
    expect(of("identity.signIn")?.security).toEqual([]);
    expect(of("leads.create")?.["x-roles"]).toEqual(["owner", "admin", "manager", "agent"]);
    const upload = of("imports.create")?.requestBody;
    expect(Object.keys((upload as { content: object }).content)).toEqual([
      "multipart/form-data",
      "text/csv",
      "text/tab-separated-values",
    ]);
    expect(document.info.description).toContain("/contacts");
  });

  test("is checked in as it is (npm run generate)", () => {
    expect(readFileSync(join(PROJECT, "docs", "openapi.json"), "utf8")).toBe(
      `${JSON.stringify(document, null, 2)}\n`,
    );
  });
});

describe("served", () => {
  const attributes = async (who: Person) => {
    const { body } = await raw<Document>(who, "GET", "/openapi.json");
    const lead: Schema = body.components?.schemas?.["Lead"] as Schema;
    return (lead["properties"] as Record<string, Schema>)["attributes"];
  };

  test("with one's own fields to those who say who they are, and without to others", async () => {
    const own = {
      type: "object",
      additionalProperties: false,
      properties: {
        plan: { enum: ["free", "pro", null] },
        seats: { type: ["number", "null"], title: "Seats" },
      },
    };
    expect(await attributes(people.viewer)).toMatchObject(own);
    expect(await attributes(await keyOf(people.ada, "agent"))).toMatchObject(own);
    expect(await attributes(nobody)).toEqual({ type: "object", additionalProperties: {} });
    expect(await attributes(people.rival)).toEqual({
      type: "object",
      properties: {},
      additionalProperties: false,
    });
    expect(
      (await raw({ name: "wrong key", headers: { authorization: "Bearer bw_x" } }, "GET", "/openapi.json"))
        .status,
    ).toBe(401);
  });

  test("as a page to read, without scripts or anything from elsewhere, and with every text escaped", async () => {
    const { statusCode, headers, body } = await the().app.inject({
      url: "/api/docs",
      headers: people.ada.headers,
    });
    expect([statusCode, headers["content-type"]]).toEqual([200, "text/html; charset=utf-8"]);
    const tags = body.match(/<[^>]*>/g) ?? [];
    expect(
      tags.filter((tag) => /^<(script|img|iframe|link|object)|\son\w+=|javascript:|https?:/i.test(tag)),
    ).toEqual([]);
    expect(body).not.toMatch(/@import|url\(/);
    expect(body).toContain("&lt;img src=x onerror=alert(1)&gt;");
    for (const { operation } of operations) {
      expect(body, operation.operationId).toContain(
        `id="${(operation.operationId ?? "").toLowerCase().replaceAll(/[^a-z0-9]+/g, "-")}"`,
      );
    }
    const anchors = new Set([...body.matchAll(/ id="([^"]+)"/g)].map((match) => match[1]));
    for (const [, target] of body.matchAll(/href="#([^"]+)"/g)) {
      expect(anchors, target).toContain(target);
    }
  });
});
