import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { FetchError, type FetchOptions, guardedFetch, isPublic } from "./fetch.ts";

const usual: FetchOptions = { timeout_ms: 30_000, size_bytes_max: 10_000 };
const near: FetchOptions = { ...usual, allow_private: true };
let here: string;
let elsewhere: string;
const servers: Server[] = [];
let asked: IncomingMessage[] = [];

async function listen(handle: RequestListener): Promise<string> {
  const server = createServer(handle);
  servers.push(server);
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

beforeAll(async () => {
  elsewhere = await listen((request, response) => {
    asked.push(request);
    response.end("elsewhere");
  });
  here = await listen((request, response) => {
    asked.push(request);
    const url = new URL(request.url ?? "/", here);
    const to = url.searchParams.get("to");
    if (to !== null) {
      response.writeHead(Number(url.searchParams.get("as") ?? 302), { location: to }).end();
    } else if (url.pathname === "/big") {
      response.write("x".repeat(9_000));
      response.end("x".repeat(9_000));
    } else if (url.pathname === "/declared") {
      response.writeHead(200, { "content-length": "10001" });
      response.write("x");
    } else if (url.pathname === "/slow") {
      response.write("begins");
      void sleep(5000, undefined, { ref: false }).then(() => response.end());
    } else if (url.pathname === "/cut") {
      response.writeHead(200, { "content-length": "100" });
      response.write("x", () => request.socket.destroy());
    } else if (url.pathname === "/loop") {
      response.writeHead(302, { location: "/loop" }).end();
    } else {
      void text(request).then((body) =>
        response.writeHead(201, { "x-seen": request.method }).end(`${body}|${request.headers.host}`),
      );
    }
  });
});
beforeEach(() => {
  asked = [];
});
afterAll(async () => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
});

async function failure(url: string, options: FetchOptions = near): Promise<string> {
  try {
    return `answered ${(await guardedFetch(url, options)).status}`;
  } catch (error) {
    return error instanceof FetchError ? error.code : String(error);
  }
}

describe("which addresses are public", () => {
  test.each(["8.8.8.8", "1.1.1.1", "93.184.215.14", "2606:4700:4700::1111", "::ffff:8.8.8.8"])(
    "%s is",
    (address) => expect(isPublic(address)).toBe(true),
  );
  test.each([
    "127.0.0.1",
    "127.8.9.10",
    "0.0.0.0",
    "10.1.2.3",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "100.100.100.200",
    "224.0.0.1",
    "239.255.255.250",
    "255.255.255.255",
    "240.0.0.1",
    "198.18.0.1",
    "192.0.2.1",
    "198.51.100.1",
    "203.0.113.1",
    "192.0.0.1",
    "::1",
    "::",
    "fe80::1",
    "fc00::1",
    "fd00:ec2::254",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "2001::1",
    "2001:db8::1",
    "fec0::1",
    "no address",
  ])("%s isn't", (address) => expect(isPublic(address)).toBe(false));
});

describe("an address on this side is refused before anybody is asked", () => {
  test.each([
    "http://127.0.0.1/",
    "http://localhost/",
    "http://[::1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://2130706433/",
    "http://0x7f.1/",
    "http://0177.0.0.1/",
    "http://127.1/",
    "http://0/",
    "http://169.254.169.254/latest/meta-data/",
    "http://[fd00:ec2::254]/",
    "http://10.0.0.1:8080/",
    "https://192.168.0.1/",
  ])("%s", async (url) => expect(await failure(url, usual)).toBe("address_refused"));

  test("even where the port answers, and behind a redirect", async () => {
    expect(await failure(here, usual)).toBe("address_refused");
    expect(asked).toEqual([]);
  });

  test.each([
    "ftp://example.com/",
    "file:///etc/passwd",
    "gopher://x/",
    "javascript:alert(1)",
    "data:text/plain,x",
    "example.com",
    "",
    "http://user:secret@example.com/",
  ])("%s is no address at all", async (url) => expect(await failure(url, usual)).toBe("bad_address"));

  test("a name that doesn't exist is unreachable", async () => {
    // Too long a name for any name server to be asked, which may let one wait.
    expect(await failure(`http://${"x".repeat(64)}.invalid/`)).toBe("unreachable");
  });
});

describe("an answer", () => {
  test("comes with status, headers, body and where it is from", async () => {
    const answer = await guardedFetch(`${here}/path?x=1`, {
      ...near,
      method: "POST",
      headers: { "Content-Type": "text/plain" },
      body: "grüße",
    });
    expect(answer).toMatchObject({ status: 201, headers: { "x-seen": "POST" }, url: `${here}/path?x=1` });
    expect(answer.body.toString()).toBe(`grüße|${new URL(here).host}`);
    expect(asked[0]?.headers).toMatchObject({
      "user-agent": "Bellwether",
      "accept-encoding": "identity",
      "content-length": "7",
    });
  });

  test("goes to the address that was checked, under the name that was asked", async () => {
    const { port } = new URL(here);
    const { body } = await guardedFetch(`http://localhost:${port}/`, near);
    expect(body.toString()).toBe(`|localhost:${port}`);
  });

  test("of more than the cap ends at the cap, declared or not", async () => {
    expect(await failure(`${here}/big`)).toBe("too_large");
    expect(await failure(`${here}/declared`)).toBe("too_large");
    expect(await failure(`${here}/big`, { ...near, size_bytes_max: 18_000 })).toBe("answered 200");
  });

  test("that takes too long, breaks off or isn't there is told apart", async () => {
    expect(await failure(`${here}/slow`, { ...near, timeout_ms: 100 })).toBe("timed_out");
    expect(await failure(`${here}/cut`)).toBe("unreachable");
    expect(await failure("http://127.0.0.1:1/")).toBe("unreachable");
  });
});

describe("redirects", () => {
  const to = (target: string, as = 302) => `${here}/?as=${as}&to=${encodeURIComponent(target)}`;

  test("are followed at most five times", async () => {
    expect(await failure(`${here}/loop`)).toBe("too_many_redirects");
    expect(asked.length).toBe(6);
  });

  test("keep credentials within the origin and leave them behind outside of it", async () => {
    const headers = {
      authorization: "Bearer secret",
      cookie: "a=b",
      "x-api-key": "secret",
      accept: "text/plain",
    };
    expect((await guardedFetch(to("/inside"), { ...near, headers })).status).toBe(201);
    expect(asked[1]?.headers).toMatchObject(headers);
    expect((await guardedFetch(to(elsewhere), { ...near, headers })).body.toString()).toBe("elsewhere");
    expect(asked[3]?.headers).toMatchObject({ accept: "text/plain" });
    expect(Object.keys(asked[3]?.headers ?? {})).not.toEqual(expect.arrayContaining(["authorization"]));
    expect(JSON.stringify(asked[3]?.headers)).not.toMatch(/secret|a=b/);
  });

  test("turn a POST into a GET as browsers do, and never carry a body to somebody else", async () => {
    await guardedFetch(to("/seen", 303), { ...near, method: "POST", body: "data" });
    expect([asked[1]?.method, asked[1]?.headers["content-length"]]).toEqual(["GET", undefined]);
    const kept = await guardedFetch(to("/seen", 307), { ...near, method: "POST", body: "data" });
    expect(kept.body.toString()).toMatch(/^data\|/);
    asked = [];
    const aborted = guardedFetch(to(elsewhere, 308), { ...near, method: "PUT", body: "data" });
    await expect(aborted).rejects.toMatchObject({ code: "redirect_refused" });
    expect(asked.length).toBe(1);
  });

  test("to another scheme are refused, and what is refused isn't said with its query", async () => {
    expect(await failure(to("file:///etc/passwd"))).toBe("bad_address");
    expect(await failure(to("ftp://example.com"))).toBe("bad_address");
    await expect(guardedFetch("http://127.0.0.1/path?token=secret", usual)).rejects.toThrow(
      /^(?!.*secret).*http:\/\/127\.0\.0\.1\/path/,
    );
  });
});
