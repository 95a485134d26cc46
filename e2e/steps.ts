import { expect, type Page } from "@playwright/test";

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
