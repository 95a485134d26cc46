import { lookup as resolve } from "node:dns/promises";
import {
  type IncomingMessage,
  type OutgoingHttpHeaders,
  request as requestHttp,
  type RequestOptions,
} from "node:http";
import { request as requestHttps } from "node:https";
import ipaddr from "ipaddr.js";

export interface FetchOptions {
  method?: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE";
  headers?: Record<string, string>;
  body?: string | Buffer;
  /** For all of it: names, redirects, the last byte. */
  timeout_ms: number;
  size_bytes_max: number;
  /** Also addresses of this machine and its network: for tests, and where the operator names the server. */
  allow_private?: boolean;
}

export interface Fetched {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
  /** Where the answer came from, after redirects. */
  url: string;
}

export type FetchFailure =
  | "bad_address"
  | "address_refused"
  | "unreachable"
  | "timed_out"
  | "too_large"
  | "too_many_redirects"
  | "redirect_refused";

/** Why another server was not asked, or gave no answer that can be used. */
export class FetchError extends Error {
  override readonly name = "FetchError";
  readonly code: FetchFailure;

  constructor(code: FetchFailure, message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

const redirects_max = 5;

/**
 * The one way out to other people's servers. An address that somebody typed must not reach this machine, its network
 * or the cloud's metadata: names are resolved here, every address is checked, and the connection goes to the checked
 * address, so that a second answer of the name server changes nothing. Redirects are checked the same way.
 */
export async function guardedFetch(url: string, options: FetchOptions): Promise<Fetched> {
  const deadline = AbortSignal.timeout(options.timeout_ms);
  let asked: Asked = {
    url: parsed(url),
    method: options.method ?? "GET",
    headers: options.headers ?? {},
    body: options.body,
  };
  for (let hop = 0; hop <= redirects_max; hop++) {
    // oxlint-disable-next-line no-await-in-loop -- each redirect depends on the answer before it
    const answer = await ask(asked, options, deadline);
    const to = redirect(asked, answer);
    if (to === null) {
      return { ...answer, url: asked.url.href };
    }
    asked = to;
  }
  throw new FetchError(
    "too_many_redirects",
    `${shown(asked.url)} redirects more than ${redirects_max} times.`,
  );
}

interface Asked {
  url: URL;
  method: string;
  headers: Record<string, string>;
  body: string | Buffer | undefined;
}

function parsed(text: string, base?: URL): URL {
  const url = URL.parse(text, base?.href);
  if (url === null || (url.protocol !== "http:" && url.protocol !== "https:")) {
    throw new FetchError(
      "bad_address",
      `“${text.slice(0, 100)}” is no web address. It begins with http:// or https://.`,
    );
  }
  if (url.username !== "" || url.password !== "") {
    throw new FetchError(
      "bad_address",
      `The address of ${url.host} holds a user name. Send it in a header instead.`,
    );
  }
  return url;
}

interface Address {
  address: string;
  family: number;
}

async function ask(
  asked: Asked,
  options: FetchOptions,
  deadline: AbortSignal,
): Promise<Omit<Fetched, "url">> {
  try {
    const addresses = await inTime(addressesOf(asked.url), deadline);
    if (options.allow_private !== true) {
      for (const { address } of addresses) {
        refusePrivate(asked.url, address);
      }
    }
    return await exchange(asked, addresses, options, deadline);
  } catch (error) {
    if (error instanceof FetchError) {
      throw error;
    }
    if (deadline.aborted) {
      throw new FetchError(
        "timed_out",
        `${shown(asked.url)} gave no whole answer within ${options.timeout_ms} ms.`,
        error,
      );
    }
    throw new FetchError("unreachable", `${shown(asked.url)} can't be reached.`, error);
  }
}

async function addressesOf(url: URL): Promise<Address[]> {
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
  if (ipaddr.isValid(host)) {
    return [{ address: host, family: ipaddr.parse(host).kind() === "ipv6" ? 6 : 4 }];
  }
  return resolve(host, { all: true });
}

function refusePrivate(url: URL, address: string): void {
  if (!isPublic(address)) {
    throw new FetchError(
      "address_refused",
      `${shown(url)} is an address of this machine or a private network, which may not be asked.`,
    );
  }
}

/** Public unicast only. IPv6 is believed where the registries give it out (2000::/3), less what tunnels IPv4. */
export function isPublic(text: string): boolean {
  if (!ipaddr.isValid(text)) {
    return false;
  }
  const address = ipaddr.process(text);
  if (address.range() !== "unicast") {
    return false;
  }
  return address.kind() === "ipv4" || (Number(address.toByteArray()[0]) & 0xe0) === 0x20;
}

async function exchange(
  asked: Asked,
  addresses: Address[],
  options: FetchOptions,
  deadline: AbortSignal,
): Promise<Omit<Fetched, "url">> {
  const response = await send(asked, addresses, deadline);
  try {
    return {
      status: response.statusCode ?? 0,
      headers: response.headers,
      body: await readBody(asked.url, response, options),
    };
  } finally {
    response.destroy();
  }
}

function send(asked: Asked, addresses: Address[], deadline: AbortSignal): Promise<IncomingMessage> {
  const headers: OutgoingHttpHeaders = {
    "user-agent": "Bellwether",
    // What is small on the way and large when unpacked would pass the cap.
    "accept-encoding": "identity",
    ...Object.fromEntries(Object.entries(asked.headers).map(([name, value]) => [name.toLowerCase(), value])),
    ...(asked.body === undefined ? {} : { "content-length": Buffer.byteLength(asked.body) }),
  };
  // The name was resolved and its addresses checked: the connection asks nobody again.
  const lookup: RequestOptions["lookup"] = (_host, wanted, done) => {
    const [first] = addresses;
    if (wanted.all === true) {
      done(null, addresses);
    } else {
      done(first === undefined ? new Error("no address") : null, first?.address ?? "", first?.family);
    }
  };
  return new Promise((answered, failed) => {
    const request = asked.url.protocol === "https:" ? requestHttps : requestHttp;
    const outgoing = request(
      asked.url,
      { method: asked.method, headers, lookup, agent: false, signal: deadline },
      answered,
    );
    outgoing.on("error", failed);
    outgoing.end(asked.body);
  });
}

async function readBody(url: URL, response: IncomingMessage, options: FetchOptions): Promise<Buffer> {
  const tooLarge = () =>
    new FetchError("too_large", `${shown(url)} answers with more than ${options.size_bytes_max} bytes.`);
  if (Number(response.headers["content-length"] ?? 0) > options.size_bytes_max) {
    throw tooLarge();
  }
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > options.size_bytes_max) {
      throw tooLarge();
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** What another origin may know of the request. Everything else could be a credential. */
const harmless = new Set(["accept", "accept-language", "user-agent", "content-type"]);

function redirect(asked: Asked, answer: Omit<Fetched, "url">): Asked | null {
  const { location } = answer.headers;
  if (![301, 302, 303, 307, 308].includes(answer.status) || typeof location !== "string") {
    return null;
  }
  const url = parsed(location, asked.url);
  const rewritten = answer.status === 303 || (answer.status <= 302 && asked.method === "POST");
  const body = rewritten ? undefined : asked.body;
  if (url.origin === asked.url.origin) {
    return { url, method: rewritten ? "GET" : asked.method, headers: asked.headers, body };
  }
  if (body !== undefined) {
    throw new FetchError(
      "redirect_refused",
      `${shown(asked.url)} sends us on to ${url.host}, which is not who the data was meant for.`,
    );
  }
  const headers = Object.fromEntries(
    Object.entries(asked.headers).filter(([name]) => harmless.has(name.toLowerCase())),
  );
  return { url, method: rewritten ? "GET" : asked.method, headers, body };
}

/** Without the query, which may hold a secret. */
function shown(url: URL): string {
  return `${url.origin}${url.pathname}`.slice(0, 200);
}

async function inTime<T>(work: Promise<T>, deadline: AbortSignal): Promise<T> {
  const late = new Promise<never>((_done, failed) => {
    deadline.addEventListener("abort", () => failed(new Error("too late")), { once: true });
  });
  return Promise.race([work, late]);
}
