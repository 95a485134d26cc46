import type { Page } from "@playwright/test";
import { expect, expectAccessible, test } from "./journey.ts";
import { api, workspaceWith } from "./steps.ts";

const count = (page: Page) => page.locator("header").getByRole("status");
const cell = (page: Page, lead: string, column: number) =>
  page
    .getByRole("row")
    .filter({ has: page.getByRole("link", { name: lead, exact: true }) })
    .getByRole("gridcell")
    .nth(column);

test("find leads by search, filter and sort, share the address, and come back by it", async ({ page }) => {
  await workspaceWith(page, 300);
  await expect(count(page)).toHaveText("300 leads");
  await expectAccessible(page);

  await page.getByRole("grid").focus();
  await page.keyboard.press("/");
  await page.keyboard.type("lead42@example.com");
  await expect(count(page)).toHaveText("1 lead");
  await page.getByRole("button", { name: "Clear the search" }).click();

  await page.getByRole("button", { name: "Filter" }).click();
  await page.getByRole("combobox", { name: "Field" }).fill("plan");
  await page.getByRole("option", { name: "Plan" }).click();
  await page.getByRole("checkbox", { name: "Pro" }).check();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Apply" }).click();
  await expect(count(page)).toHaveText("150 leads");
  await expect(page.getByRole("group", { name: "Filters" })).toContainText("Plan is Pro");

  await page.getByRole("columnheader", { name: "Company" }).getByRole("button").click();
  await expect(page.getByRole("columnheader", { name: "Company" })).toHaveAttribute("aria-sort", "ascending");
  await page.goto(page.url());
  await expect(count(page)).toHaveText("150 leads");
  await expect(page.getByRole("columnheader", { name: "Company" })).toHaveAttribute("aria-sort", "ascending");

  await page.getByRole("combobox", { name: "Search leads" }).fill("zzz nobody");
  await expect(page.getByRole("heading", { name: "No lead matches" })).toBeVisible();
  await page.getByRole("button", { name: "Clear search and filters" }).click();
  await expect(count(page)).toHaveText("300 leads");
});

test("scroll far, open a lead, leaf on, and come back to where one was", async ({ page }) => {
  await workspaceWith(page, 2000);
  const grid = page.getByRole("grid");
  await grid.evaluate((element) => (element.scrollTop = element.scrollHeight));
  await expect(page.locator("[data-row='1999']").getByRole("link")).toBeVisible();
  await grid.evaluate((element) => (element.scrollTop = 36 * 1000));
  const row = page.locator("[data-row='1005']").getByRole("link");
  const name = (await row.textContent())?.replace(/^L\d/, "") ?? "";
  await row.click();
  await expect(
    page.getByRole("complementary", { name: "Lead" }).getByRole("heading", { name }),
  ).toBeVisible();
  await page.getByRole("button", { name: "Open the lead’s page" }).click();
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Next lead" }).click();
  await expect(page.getByRole("heading", { level: 1, name })).toHaveCount(0);
  await page.goBack();
  await expect(page.locator("[data-row='1005']").getByRole("link")).toBeVisible();
  expect(await grid.evaluate((element) => Math.round(element.scrollTop / 36))).toBeGreaterThan(980);
});

test("change a lead by keyboard in the list; what is refused goes back with its reason", async ({ page }) => {
  await workspaceWith(page, 20);
  const mail = await page.getByRole("columnheader").allTextContents();
  const [email, company] = [mail.indexOf("E-mail"), mail.indexOf("Company")];
  // Nothing has the focus yet: the first goes to the first lead.
  await page.keyboard.press("j");
  await expect(page.getByRole("grid")).toBeFocused();
  await page.keyboard.press("j");
  for (let at = 0; at < company; at++) await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  await page.keyboard.type("Umbrella");
  await page.keyboard.press("Enter");
  const second = page.locator("[data-row='1']").getByRole("gridcell");
  await expect(second.nth(company)).toHaveText("Umbrella");

  const before = await second.nth(email).textContent();
  const taken = await page.locator("[data-row='3']").getByRole("gridcell").nth(email).textContent();
  for (let at = company; at > email; at--) await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("e");
  await page.keyboard.type((taken ?? "").toUpperCase());
  await page.keyboard.press("Enter");
  await expect(second.nth(email)).toHaveAttribute("aria-invalid", "true");
  await expect(second.nth(email)).toContainText(before ?? "");
  await expectAccessible(page);
});

test("two people change one value: both are shown, and the later one chooses", async ({ page }) => {
  await workspaceWith(page, 3);
  const { data } = await api<{ data: { id: string }[] }>(page, "/leads?limit=1", "GET");
  const id = data[0]?.id ?? "";
  await page.goto(`/leads/${id}`);
  await page.getByRole("button", { name: /^Change Company/ }).click();
  await page.keyboard.type("Mine");
  await api(page, `/leads/${id}`, "PATCH", { company: "Theirs" });
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "Changed in the meantime" });
  await expect(dialog).toContainText("Theirs");
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Use mine" }).click();
  await expect(page.getByRole("button", { name: "Change Company: Mine" })).toBeVisible();
});

test("work on a card: stage, owner, tag, note, history, bin and back", async ({ page }) => {
  await workspaceWith(page, 3);
  await page.getByRole("row").nth(1).getByRole("link").click();
  const card = page.getByRole("complementary", { name: "Lead" });
  await card.getByRole("button", { name: /^Stage:/ }).click();
  await page.getByRole("menuitem", { name: "Qualified" }).click();
  await card.getByRole("button", { name: /^Owner:/ }).click();
  await page.getByRole("option", { name: "Ada Lovelace" }).click();
  await card.getByRole("button", { name: "Add tag" }).click();
  await page.keyboard.type("trade fair");
  await page.keyboard.press("Enter");
  await card
    .getByRole("textbox", { name: "Write a note" })
    .fill("Wants a quote.\n\nSee <b>https://example.com</b>.");
  await card.getByRole("button", { name: "Add note" }).click();

  await expect(
    card.getByRole("region", { name: "Notes" }).getByRole("link", { name: "https://example.com" }),
  ).toBeVisible();
  const story = card.getByRole("region", { name: "Timeline" });
  await expect(story).toContainText("took this lead");
  await expect(story).toContainText("added the tag “trade fair”");
  await expect(story).toContainText(/moved this lead.*New.*Qualified/);
  await expectAccessible(page);

  await card.getByRole("button", { name: "More actions" }).click();
  await page.getByRole("menuitem", { name: "Put into the bin" }).click();
  await expect(count(page)).toHaveText("2 leads");
  const binned = page.getByRole("alert").filter({ hasText: "is in the bin" });
  await binned.getByRole("button", { name: "Undo" }).click();
  await expect(count(page)).toHaveText("3 leads");
});

test("create a lead; one that exists is linked instead", async ({ page }) => {
  await workspaceWith(page, 2);
  await page.getByRole("grid").focus();
  await page.keyboard.press("c");
  const dialog = page.getByRole("dialog", { name: "New lead" });
  await dialog.getByLabel("E-mail").fill("LEAD1@example.com");
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Create lead" }).click();
  await expect(dialog.getByRole("link", { name: "Open the existing lead" })).toBeVisible();
  await dialog.getByLabel("E-mail").fill("new@example.com");
  await dialog.getByLabel("First name").fill("Newton");
  await dialog.getByRole("button", { name: "Create lead" }).click();
  await expect(
    page.getByRole("complementary", { name: "Lead" }).getByRole("heading", { name: "Newton" }),
  ).toBeVisible();
  await expect(cell(page, "Newton", 0)).toBeVisible();
});

test("on a phone a lead is two lines, and its card a page", async ({ page }) => {
  await workspaceWith(page, 30);
  await page.setViewportSize({ width: 390, height: 844 });
  await expect(page.getByRole("row").nth(3)).toContainText("Unassigned");
  await expectAccessible(page);
  await page.getByRole("combobox", { name: "Sort", exact: true }).selectOption("Last name ↓");
  await expect(page).toHaveURL(/sort=-last_name/);
  await expect(page.getByRole("row").nth(0)).toBeVisible();
  await page.getByRole("row").nth(3).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Lead");
  await expectAccessible(page);
  expect(await page.locator("html").evaluate((html) => html.scrollWidth)).toBe(390);
  await page.getByRole("button", { name: "Back" }).click();
  await expect(page.getByRole("grid")).toBeVisible();
});

test("a query is completed while it is typed, says where it is wrong, and becomes filters and back", async ({
  page,
}) => {
  await workspaceWith(page, 60);
  await page.getByRole("grid").focus();
  await page.keyboard.press("/");
  await page.keyboard.type("pla");
  await expect(page.getByRole("option", { name: "Plan" })).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.keyboard.type("pr");
  await expect(page.getByRole("option")).toHaveCount(1);
  await page.keyboard.press("Enter");
  await page.keyboard.type("companyy:Globex");
  const box = page.getByRole("combobox", { name: "Search leads" });
  await expect(box).toHaveValue("plan:Pro companyy:Globex");
  await expect(page.getByRole("alert")).toHaveText("There is no field “companyy”. Did you mean “company”?");
  await expectAccessible(page);
  await box.fill("plan:Pro company:Globex lead");
  await expect(count(page)).toHaveText("10 leads");

  await page.getByRole("button", { name: "Turn the search into filters" }).click();
  await expect(box).toHaveValue("lead");
  const filters = page.getByRole("group", { name: "Filters" });
  await expect(filters).toContainText("Plan is Pro");
  await expect(filters).toContainText("Company is Globex");
  await expect(count(page)).toHaveText("10 leads");
  await filters.getByRole("button", { name: "Edit as text" }).click();
  await expect(box).toHaveValue("plan:Pro company:Globex lead");
  await expect(filters).toHaveCount(0);

  // What is typed before the page knows the workspace's fields is asked once it does.
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route("**/api/v1/fields", async (route) => held.then(() => route.continue()));
  await page.goto("/leads");
  await box.fill("plan:Pro lead");
  await expect(page.getByRole("alert")).toContainText("There is no field “plan”");
  release();
  await expect(count(page)).toHaveText("30 leads");
});

test("conditions are grouped, said in words, and changed again", async ({ page }) => {
  await workspaceWith(page, 60);
  await page.getByRole("button", { name: "Filter" }).click();
  // Escape closes the list of fields, and only the next one the whole.
  await expect(page.getByRole("combobox", { name: "Field" })).toBeFocused();
  await expect(page.getByRole("option").first()).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("option")).toHaveCount(0);
  await expect(page.getByRole("form", { name: "Filter" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("form", { name: "Filter" })).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Filter" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("option").first()).toBeVisible();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Add a group (any of, none of)" }).click();
  const dialog = page.getByRole("dialog", { name: "New filter group" });
  const condition = async (within: ReturnType<Page["getByRole"]>, field: string, value: string) => {
    await within.getByRole("combobox", { name: "Field" }).last().fill(field);
    await page.getByRole("option", { name: field }).click();
    await within.getByRole("textbox", { name: "Value" }).last().fill(value);
  };
  await condition(dialog, "Company", "Globex");
  await dialog.getByRole("button", { name: "Add group" }).click();
  const inner = dialog.getByRole("group", { name: "Group, level 2" });
  await condition(inner, "Company", "Initech");
  await inner.getByRole("button", { name: "Add condition" }).click();
  await condition(inner, "Last name", "2");
  await expect(dialog.getByRole("status")).toHaveText(
    "Company contains Globex or (Company contains Initech and Last name contains 2)",
  );
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Apply" }).click();
  // 20 of Globex; of Initech those with a 2 in their number: 2, 20, 23, 26, 29, 32.
  await expect(count(page)).toHaveText("26 leads");
  const filters = page.getByRole("group", { name: "Filters" });
  await filters.getByRole("button", { name: /^\(Company contains Globex or/ }).click();
  const change = page.getByRole("dialog", { name: "Change filter group" });
  await change.getByRole("button", { name: "Remove this group" }).click();
  await change.getByRole("button", { name: "Apply" }).click();
  await expect(count(page)).toHaveText("20 leads");
});
