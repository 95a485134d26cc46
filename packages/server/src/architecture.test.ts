import { describe, expect, test } from "vitest";
import { type Import, readSources, type Source } from "./kernel/testing/sources.ts";

/** The rules of the house (ARCHITECTURE.md), each held against every source file. */
const server = readSources("packages/server/src");
const contracts = readSources("packages/contracts/src");
const web = readSources("packages/web/src");
const kernel = server.filter((file) => file.path.includes("/src/kernel/"));
const inModules = server.filter((file) => file.path.includes("/src/modules/"));

test("the rules see the files, their imports, functions and uses", () => {
  expect(server.length).toBeGreaterThan(100);
  expect(contracts.length).toBeGreaterThan(8);
  expect(web.length).toBeGreaterThan(80);
  expect(server.flatMap((file) => file.imports).length).toBeGreaterThan(500);
  const clock = one("packages/server/src/kernel/clock.ts");
  expect(clock.uses).toContain("Date.now");
  expect(clock.functions.map((each) => each.name)).toContain("stopwatch");
  const leads = one("packages/server/src/modules/leads/leads.ts");
  expect(leads.imports).toContainEqual({
    from: "packages/server/src/modules/fields/index.ts",
    names: ["listFields"],
    types_only: false,
  });
  expect(leads.lines).toBeGreaterThan(100);
});

describe("1. who knows whom", () => {
  test("contracts imports zod and oRPC's contract only", () => {
    expect(
      imports(
        contracts,
        (from) => !from.startsWith("packages/contracts/src/") && from !== "zod" && from !== "@orpc/contract",
      ),
    ).toEqual([]);
  });

  test("nobody imports the server", () => {
    expect(
      imports(
        [...contracts, ...web],
        (from) => from.includes("packages/server") || from.startsWith("@bellwether/server"),
      ),
    ).toEqual([]);
  });

  test("the kernel imports no module; its testing alone starts the whole program", () => {
    const files = kernel.filter((file) => !file.path.endsWith(".test.ts"));
    expect(
      imports(
        files,
        (from) => from.startsWith("packages/server/src/") && !from.startsWith("packages/server/src/kernel/"),
      ),
    ).toEqual(["packages/server/src/kernel/testing/program.ts → packages/server/src/server.ts"]);
  });
});

describe("2. a module reaches another by its index, and only one before it in modules.ts", () => {
  const list = /return \[([\s\S]*)\];/.exec(one("packages/server/src/modules.ts").text)?.[1] ?? "";
  const listed = [...list.matchAll(/\b(\w+)(?:\([^)]*\))?(?=,|$|\s)/g)].map((match) => match[1] ?? "");
  const all = [...new Set(inModules.map((file) => moduleOf(file.path)))];
  // A module that brings the program nothing by itself (rules) stands before all others, and so may use none of them.
  const order = [...all.filter((name) => !listed.includes(name)), ...listed];

  test("modules.ts lists every module that has endpoints, and nothing else", () => {
    expect(listed.toSorted()).toEqual(
      all
        .filter((name) => server.some((file) => file.path.endsWith(`/modules/${name}/${name}.api.ts`)))
        .toSorted(),
    );
  });

  test("only by its index", () => {
    const inside = (file: Source, each: Import) =>
      each.from.includes("/src/modules/") &&
      moduleOf(each.from) !== moduleOf(file.path) &&
      !each.from.endsWith("/index.ts");
    expect(
      server.flatMap((file) =>
        file.imports.filter((each) => inside(file, each)).map((each) => `${file.path} → ${each.from}`),
      ),
    ).toEqual([]);
  });

  test("only an earlier one", () => {
    const tooLate = (file: Source, each: Import) =>
      each.from.includes("/src/modules/") &&
      moduleOf(each.from) !== moduleOf(file.path) &&
      order.indexOf(moduleOf(each.from)) >= order.indexOf(moduleOf(file.path));
    const files = inModules.filter((file) => !file.path.endsWith(".test.ts"));
    expect(
      files.flatMap((file) =>
        file.imports.filter((each) => tooLate(file, each)).map((each) => `${file.path} → ${each.from}`),
      ),
    ).toEqual([]);
  });
});

describe("3. the database", () => {
  test("Kysely is used by *.sql.ts and the kernel only", () => {
    const files = server.filter(
      (file) => !file.path.endsWith(".sql.ts") && !kernel.includes(file) && !file.path.endsWith(".test.ts"),
    );
    expect(imports(files, (from) => from === "kysely" || from.startsWith("kysely/"))).toEqual([]);
  });

  test("connections are opened by the kernel's database files only", () => {
    const openers = new Set(
      [
        "db",
        "live",
        "embedded",
        "migrate",
        "testing/database",
        "testing/global-setup",
        "testing/statements",
      ].map((name) => `packages/server/src/kernel/${name}.ts`),
    );
    const files = server.filter((file) => !openers.has(file.path) && !file.path.endsWith(".test.ts"));
    const opened = files.flatMap((file) =>
      file.imports.filter((each) => each.from === "pg" && !each.types_only).map(() => file.path),
    );
    expect(opened).toEqual([]);
  });

  test("SQL is written in *.sql.ts and the kernel only", () => {
    const statement =
      /["'`]\s*(select\s[\s\S]{1,300}\sfrom\s|insert\s+into\s|update\s+\w+\s+set\s|delete\s+from\s|copy\s+\S+\s*(\(|from)|create\s+(unlogged\s+)?table\s|drop\s+table\s)/i;
    const files = server.filter(
      (file) => !file.path.endsWith(".sql.ts") && !kernel.includes(file) && !file.path.endsWith(".test.ts"),
    );
    expect(files.filter((file) => statement.test(file.text)).map((file) => file.path)).toEqual([]);
  });

  test("a table is written by its owner's *.sql.ts only", () => {
    const owners = new Map(
      inModules
        .filter((file) => file.path.endsWith("/index.ts"))
        .flatMap((file) => ownedBy(file).map((table): [string, string] => [table, moduleOf(file.path)])),
    );
    expect(owners.size).toBeGreaterThan(15);
    // Imports and bulk changes write thousands of leads in one statement, which no verb of leads could do: they share
    // their tables.
    const shared = new Set([
      "lead",
      "lead_stat",
      "lead_tag",
      "lead_unique",
      "segment_member",
      "segment_set",
      "segment_day",
    ]);
    const sharing = new Set(["imports", "changes"]);
    const foreign = inModules
      .filter((file) => file.path.endsWith(".sql.ts"))
      .flatMap((file) => writtenBy(file).map((table) => ({ file, table, owner: owners.get(table) })))
      .filter(
        ({ file, table, owner }) =>
          owner !== undefined &&
          owner !== moduleOf(file.path) &&
          !(sharing.has(moduleOf(file.path)) && shared.has(table)),
      );
    expect(foreign.map(({ file, table, owner }) => `${file.path} writes ${table} of ${owner}`)).toEqual([]);
  });
});

describe("4. *.api.ts, *.jobs.ts and *.reacts.ts", () => {
  const role = /\.(api|jobs|reacts)\.ts$/;

  /** A reaction may leave its work to a job of its own module. */
  const users = (path: string) => (path.endsWith(".jobs.ts") ? /\/index\.ts$|\.reacts\.ts$/ : /\/index\.ts$/);

  test("are imported by their own index only", () => {
    const found = server.flatMap((file) =>
      file.imports
        .filter(
          (each) =>
            role.test(each.from) &&
            !each.types_only &&
            !(users(each.from).test(file.path) && moduleOf(file.path) === moduleOf(each.from)),
        )
        .map((each) => `${file.path} → ${each.from}`),
    );
    expect(found).toEqual([]);
  });

  test("stay small: they call verbs", () => {
    expect(
      inModules
        .filter((file) => role.test(file.path) && file.lines > 120)
        .map((file) => `${file.path}: ${file.lines} lines`),
    ).toEqual([]);
  });
});

describe("5. files without a role suffix are pure, or verbs that get everything by their context", () => {
  const plain = inModules.filter(
    (file) => !/\.(api|sql|jobs|reacts|seed|test)\.ts$/.test(file.path) && !file.path.endsWith("/index.ts"),
  );

  test("no database, network or child process of their own", () => {
    expect(plain.length).toBeGreaterThan(30);
    const outside = new Set([
      "pg",
      "kysely",
      "graphile-worker",
      "fastify",
      "node:child_process",
      "node:worker_threads",
    ]);
    const found = plain.flatMap((file) =>
      file.imports
        .filter((each) => outside.has(each.from) && !each.types_only)
        .map((each) => `${file.path} → ${each.from}`),
    );
    expect(found).toEqual([]);
  });

  test("imports alone keeps files on disk", () => {
    const others = inModules.filter(
      (file) => !file.path.endsWith(".test.ts") && moduleOf(file.path) !== "imports",
    );
    const found = others.filter((file) =>
      file.imports.some((each) => each.from.startsWith("node:fs") && !each.types_only),
    );
    expect(found.map((file) => file.path)).toEqual([]);
  });
});

describe("6. the network", () => {
  const network =
    /^(node:)?(http|https|http2|net|tls|dns|dgram)(\/|$)|^(undici|ws|axios|node-fetch|got)(\/|$)/;

  test("is reached through kernel/fetch.ts; mail, PostgreSQL and the HTTP server have a file each", () => {
    // PostgreSQL's own port is sought by the first, said to be taken by the second.
    const doors = new Set(
      ["kernel/fetch.ts", "kernel/embedded.ts", "commands/run.ts"].map(
        (name) => `packages/server/src/${name}`,
      ),
    );
    const files = server.filter((file) => !doors.has(file.path) && !file.path.endsWith(".test.ts"));
    const found = files.flatMap((file) =>
      file.imports
        .filter((each) => network.test(each.from) && !each.types_only)
        .map((each) => `${file.path} → ${each.from}`),
    );
    expect(found).toEqual([]);
    expect(
      files
        .filter((file) => file.uses.has("fetch") || file.uses.has("globalThis.fetch"))
        .map((file) => file.path),
    ).toEqual([]);
    expect(
      imports(
        server.filter((file) => !file.path.endsWith("/kernel/mail.ts") && !file.path.endsWith(".test.ts")),
        (from) => from === "nodemailer",
      ),
    ).toEqual([]);
  });
});

describe("7. one source each", () => {
  test("of the environment: kernel/config.ts", () => {
    expect(using(["process.env"], "kernel/config.ts")).toEqual([]);
  });

  test("of time: kernel/clock.ts", () => {
    expect(using(["Date.now", "new Date()", "performance.now", "Temporal.Now"], "kernel/clock.ts")).toEqual(
      [],
    );
  });

  test("of ids and randomness: kernel/ids.ts", () => {
    expect(
      using(
        [
          "randomUUID",
          "randomUUIDv7",
          "randomBytes",
          "crypto.randomUUID",
          "crypto.getRandomValues",
          "Math.random",
        ],
        "kernel/ids.ts",
      ),
    ).toEqual([]);
  });

  test("in the web, ui imports no feature, and a feature another only by its index", () => {
    const feature = (path: string) => /\/src\/features\/([^/]+)\//.exec(path)?.[1];
    expect(
      imports(
        web.filter((file) => file.path.includes("/src/ui/")),
        (from) => from.includes("/src/features/"),
      ),
    ).toEqual([]);
    const found = web.flatMap((file) =>
      file.imports
        .filter(
          (each) =>
            feature(each.from) !== undefined &&
            feature(each.from) !== feature(file.path) &&
            !/\/index\.tsx?$/.test(each.from),
        )
        .map((each) => `${file.path} → ${each.from}`),
    );
    expect(found).toEqual([]);
  });
});

describe("8. size", () => {
  const handwritten = [...server, ...contracts, ...web].filter((file) => !file.path.endsWith(".gen.ts"));

  test("files stay under 400 lines", () => {
    expect(
      handwritten.filter((file) => file.lines >= 400).map((file) => `${file.path}: ${file.lines} lines`),
    ).toEqual([]);
  });

  test("functions stay under 60", () => {
    const files = [...server, ...contracts].filter((file) => !file.path.endsWith(".test.ts"));
    const long = files.flatMap((file) =>
      file.functions
        .filter((each) => each.lines >= 60)
        .map((each) => `${file.path}: ${each.name}, ${each.lines} lines`),
    );
    expect(long).toEqual([]);
  });
});

test("types are parsed, not asserted, outside the kernel and tests", () => {
  const files = [
    ...contracts,
    ...server.filter((file) => !kernel.includes(file) && !file.path.endsWith(".test.ts")),
  ];
  expect(
    files.flatMap((file) => file.assertions.map((each) => `${file.path}: ${each.slice(0, 100)}`)),
  ).toEqual([]);
});

function one(path: string): Source {
  const found = [...server, ...contracts, ...web].find((file) => file.path === path);
  if (found === undefined) {
    throw new Error(`${path} is gone; a rule looks at it`);
  }
  return found;
}

function imports(files: Source[], forbidden: (from: string) => boolean): string[] {
  return files.flatMap((file) =>
    file.imports.filter((each) => forbidden(each.from)).map((each) => `${file.path} → ${each.from}`),
  );
}

/** Files beside `source` that use one of these; tests may. */
function using(names: string[], source: string): string[] {
  return server
    .filter(
      (file) =>
        !file.path.endsWith(`/${source}`) &&
        !file.path.endsWith(".test.ts") &&
        !file.path.includes("/kernel/testing/"),
    )
    .flatMap((file) =>
      names
        .filter((name) => [...file.uses].some((use) => use === name || use.startsWith(`${name}.`)))
        .map((name) => `${file.path}: ${name}`),
    );
}

function moduleOf(path: string): string {
  return /\/src\/modules\/([^/]+)\//.exec(path)?.[1] ?? "";
}

/** From the header of a module's face: “Owns: lead, lead_stat. Emits …”. */
function ownedBy(index: Source): string[] {
  const owned = /\bOwns:?\s([^.]+)\./.exec(index.text.replaceAll(/\s*\n \* /g, " "))?.[1] ?? "";
  return owned.startsWith("no ") ? [] : owned.split(",").map((table) => table.trim());
}

function writtenBy(file: Source): string[] {
  const sql = /\b(?:insert\s+into|update|delete\s+from)\s+([a-z_]+)\b/g;
  const kysely = /\b(?:insertInto|updateTable|deleteFrom)\("([a-z_]+)"\)/g;
  return [...file.text.matchAll(sql), ...file.text.matchAll(kysely)].flatMap((match) =>
    match[1] === undefined || match[1] === "set" ? [] : [match[1]],
  );
}
