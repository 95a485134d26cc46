import { type Browser, expect, type Page } from "@playwright/test";

export interface Person {
  name: string;
  email: string;
  password: string;
}

let people = 0;

/** Somebody nobody has met yet: journeys share one server, so an address is used once. */
export function newPerson(name: string): Person {
  people += 1;
  return {
    name,
    email: `${name.toLowerCase().replaceAll(" ", ".")}.${process.pid}.${people}@example.com`,
    password: "a long enough password",
  };
}

/** Signs up on the screen and waits for the home page of the new workspace. */
export async function signUp(page: Page, person: Person, workspace: string): Promise<void> {
  await page.goto("/sign-up");
  await page.getByLabel("Workspace").fill(workspace);
  await page.getByLabel("Your name").fill(person.name);
  await page.getByLabel("E-mail").fill(person.email);
  await page.getByRole("textbox", { name: "Password" }).fill(person.password);
  await page.getByRole("button", { name: /^(Create workspace|Sign up)$/ }).click();
  await expect(page.getByRole("heading", { level: 1, name: firstName(person) })).toBeVisible();
}

export async function signIn(page: Page, person: Person): Promise<void> {
  await page.getByLabel("E-mail").fill(person.email);
  await page.getByRole("textbox", { name: "Password" }).fill(person.password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

export async function signOut(page: Page): Promise<void> {
  await page
    .getByRole("button", { name: /: menu$/ })
    .filter({ visible: true })
    .click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
}

export function firstName(person: Person): RegExp {
  return new RegExp(`\\b${person.name.split(" ")[0] ?? person.name}$`);
}

/** A file as somebody would choose it from their disk. */
export function csvFile(name: string, lines: string[]): { name: string; mimeType: string; buffer: Buffer } {
  return { name, mimeType: "text/csv", buffer: Buffer.from(`${lines.join("\n")}\n`) };
}

const companies = ["Acme Solar", "Globex", "Initech"];

/** Calls the API as the person signed in on the page. */
export async function api<T>(page: Page, path: string, method: string, data?: unknown): Promise<T> {
  const answer = await page.request.fetch(`/api/v1${path}`, {
    method,
    headers: { origin: new URL(page.url()).origin },
    ...(data === undefined ? {} : { data }),
  });
  expect(answer.ok(), `${method} ${path}: ${answer.status()} ${await answer.text()}`).toBe(true);
  return answer.json();
}

/** Does something, and waits until the server has answered what it changes: the screen is ahead of it, a reload would break it off. */
export async function answered(page: Page, work: () => Promise<unknown>): Promise<void> {
  const answer = page.waitForResponse(
    (each) => each.request().method() !== "GET" && each.url().includes("/api/v1/"),
  );
  await work();
  await answer;
}

/** A new workspace with a field of its own and so many leads, newest first: Lead 0, Lead 1 … */
export async function workspaceWith(page: Page, leads: number): Promise<void> {
  await signUp(page, newPerson("Ada Lovelace"), "Acme Wind");
  await api(page, "/fields", "POST", {
    key: "plan",
    label: "Plan",
    type: "choice",
    options: ["Basic", "Pro"],
  });
  const all = Array.from({ length: leads }, (_, at) => ({
    email: `lead${at}@example.com`,
    first_name: "Lead",
    last_name: String(at),
    company: companies[at % companies.length],
    attributes: { plan: at % 2 === 0 ? "Basic" : "Pro" },
  }));
  for (let from = 0; from < all.length; from += 1000) {
    await api(page, "/leads/batch", "POST", {
      match_on: "email",
      mode: "create",
      leads: all.slice(from, from + 1000),
    });
  }
  await page.goto("/leads");
  // Rows that still load are rows too: what is waited for is a lead.
  await expect(page.locator("[data-row='0']").getByRole("link")).toBeVisible();
}

/** A colleague in this workspace, in a browser of their own; close its context when done. */
export async function join(
  page: Page,
  { browser, baseURL, role }: { browser: Browser; baseURL: string | undefined; role: string },
): Promise<Page> {
  const rep = newPerson("Rep Sales");
  const { url } = await api<{ url: string }>(page, "/invitations", "POST", { email: rep.email, role });
  const context = await browser.newContext({ baseURL: baseURL ?? "" });
  const theirs = await context.newPage();
  await theirs.goto(new URL(url).pathname);
  await theirs.getByLabel("Your name").fill(rep.name);
  await theirs.getByRole("textbox", { name: "Password" }).fill(rep.password);
  await theirs.getByRole("button", { name: "Join" }).click();
  await expect(theirs.getByRole("link", { name: "Leads" }).first()).toBeVisible();
  return theirs;
}
