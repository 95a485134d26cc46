import type { Page } from "@playwright/test";
import { expect, expectAccessible, test } from "./journey.ts";
import { api, newPerson, workspaceWith } from "./steps.ts";

const palette = (page: Page) => page.getByRole("dialog", { name: "Search and commands" });
const box = (page: Page) => palette(page).getByRole("combobox");
const option = (page: Page, name: string | RegExp) => palette(page).getByRole("option", { name });

async function openPalette(page: Page): Promise<void> {
  await page.keyboard.press("Control+k");
  await expect(box(page)).toBeFocused();
}

test("by keyboard from anywhere: find a lead by name, e-mail or phone, go somewhere, do something", async ({
  page,
}) => {
  await workspaceWith(page, 40);
  await api(page, "/leads", "POST", {
    email: "zoe@example.com",
    first_name: "Zoë",
    last_name: "Ångström",
    phone: "+49 30 1234567",
  });
  await page.goto("/settings/tags");
  await expect(page.getByRole("heading", { level: 1, name: "Tags" })).toBeVisible();
  await openPalette(page);
  await expectAccessible(page);
  for (const typed of ["zoe ang", "ZOE@example", "+49 (30) 123-45 67"]) {
    await box(page).fill(typed);
    await expect(option(page, /Zoë Ångström/)).toBeVisible();
    await expect(option(page, /Zoë Ångström/)).toHaveAttribute("aria-selected", "true");
  }
  await expectAccessible(page);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Zoë Ångström" })).toBeVisible();
  await expect(palette(page)).toHaveCount(0);

  // Typed and entered before the answer is there: it is the lead that is meant.
  await openPalette(page);
  await expect(palette(page).getByRole("group", { name: "Recent leads" })).toContainText("Zoë Ångström");
  await page.keyboard.type("lead17@example.com");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Lead 17" })).toBeVisible();

  await openPalette(page);
  await page.keyboard.type("aud");
  await expect(option(page, "Audit log")).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Audit log" })).toBeVisible();

  await openPalette(page);
  await page.keyboard.type("unas");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/view=unassigned/);
  await page.getByRole("combobox", { name: "Search leads" }).focus();
  await openPalette(page);
  await page.keyboard.type("invite");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog", { name: "Invite somebody" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page).toHaveURL(/members$/);
  await expect(page.getByRole("dialog")).toHaveCount(0);

  await openPalette(page);
  await page.keyboard.type("dark");
  await page.keyboard.press("Enter");
  await expect(page.locator("html")).toHaveAttribute("data-mantine-color-scheme", "dark");
  await openPalette(page);
  await expectAccessible(page);
  await page.keyboard.type("new lea");
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "New lead" });
  await dialog.getByLabel("E-mail").fill("made@example.com");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "made@example.com" })).toBeVisible();

  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keyboard shortcuts" })).toContainText("Find a lead");
});

test("asks a query, shows all that match as a list, and says when nobody does", async ({ page }) => {
  await workspaceWith(page, 40);
  // Whoever types on at once loses no letter.
  await page.keyboard.press("Control+k");
  await page.keyboard.type("plan:Pro");
  await expect(box(page)).toHaveValue("plan:Pro");
  await expect(palette(page).getByRole("group", { name: "Leads" }).getByRole("option")).toHaveCount(8);
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Enter");
  await expect(page.locator("header").getByRole("status").first()).toHaveText("20 leads");
  await openPalette(page);
  await page.keyboard.type("nobody: at all");
  await expect(palette(page).getByRole("status")).toHaveText("1 result");
  await page.keyboard.press("Escape");
  await expect(palette(page)).toHaveCount(0);
});

test("on a phone a button opens it; what a role may not do isn’t in it", async ({
  page,
  browser,
  baseURL,
}) => {
  await workspaceWith(page, 5);
  const { email, ...viewer } = newPerson("Vera Viewer");
  const { url } = await api<{ url: string }>(page, "/invitations", "POST", { email, role: "viewer" });
  const other = await browser.newContext({ baseURL: baseURL ?? "", viewport: { width: 390, height: 844 } });
  const hers = await other.newPage();
  await hers.goto(new URL(url).pathname);
  await hers.getByLabel("Your name").fill(viewer.name);
  await hers.getByRole("textbox", { name: "Password" }).fill(viewer.password);
  await hers.getByRole("button", { name: "Join" }).click();
  await hers.getByRole("button", { name: "Search", exact: true }).click();
  await expect(option(hers, "Members")).toBeVisible();
  for (const name of ["New lead", "Import a file", "Invite somebody", "API keys", "Audit log"])
    await expect(option(hers, name)).toHaveCount(0);
  await expectAccessible(hers);
  expect(await hers.locator("html").evaluate((html) => html.scrollWidth)).toBe(390);
  await box(hers).fill("lead 3");
  await option(hers, /^.*Lead 3/).click();
  await expect(hers.getByRole("heading", { level: 1, name: "Lead 3" })).toBeVisible();
  await other.close();
});
