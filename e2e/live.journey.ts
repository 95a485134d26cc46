import type { Page } from "@playwright/test";
import { expect, expectAccessible, test } from "./journey.ts";
import { api, workspaceWith } from "./steps.ts";

// What is called by the API while the page looks on is done by somebody else, as far as the page can know.
const pill = (page: Page) => page.getByRole("button", { name: "Show", exact: true }).locator("..");
const row = (page: Page, at: number) => page.locator(`[data-row='${at}']`);
// What changed glows for a moment only: looked for in every frame from before it happens.
const glows = (page: Page, at: number) =>
  page.evaluate(
    `new Promise((seen) => { const look = () => document.querySelector("[data-row='${at}'] [data-glows]") ? seen(null) : requestAnimationFrame(look); look(); })`,
  );
const ids = async (page: Page, path = "/leads?limit=200") =>
  (await api<{ data: { id: string; last_name: string }[] }>(page, path, "GET")).data;

test("what others do is shown in place; new leads wait, what left says so, and no row moves", async ({
  page,
}) => {
  await workspaceWith(page, 300);
  const leads = await ids(page);
  const names = () => page.locator("[data-row] a span:last-child").allTextContents();
  await row(page, 2).locator("[data-choose]").click();
  await row(page, 4).locator("[data-choose]").click();
  const grid = page.getByRole("grid");
  await grid.evaluate((element) => (element.scrollTop = 20));
  const before = await names();

  const glowed = glows(page, 3);
  await api(page, `/leads/${leads[3]?.id}`, "PATCH", { company: "Umbrella" });
  await expect(row(page, 3)).toContainText("Umbrella");
  await glowed;
  for (const at of [1, 2, 3]) await api(page, "/leads", "POST", { email: `fresh${at}@example.com` });
  await expect(pill(page)).toContainText(/^3 new leads/);
  await api(page, `/leads/${leads[4]?.id}`, "DELETE");
  await expect(pill(page)).toContainText("3 new leads, 1 gone");
  await expect(row(page, 4)).toContainText("Gone");
  await expect(page.getByRole("region", { name: "Chosen leads" })).toContainText("1 lead chosen");
  expect((await names()).slice(0, 10)).toEqual(before.slice(0, 10));
  expect(await grid.evaluate((element) => element.scrollTop)).toBe(20);
  await expect(page.locator("[data-glows]")).toHaveCount(0);
  await expectAccessible(page);

  await pill(page).getByRole("button").click();
  await expect(row(page, 0)).toContainText("fresh3@example.com");
  await expect(page.getByText("Gone")).toHaveCount(0);
  await expect(page.locator("header").getByRole("status")).toHaveText("302 leads");
  await expect(page.getByRole("button", { name: "Show", exact: true })).toHaveCount(0);
  await expect(page.getByRole("region", { name: "Chosen leads" })).toContainText("1 lead chosen");
});

test("a lead that leaves the filter stays until the list is read again, one that comes in is offered", async ({
  page,
}) => {
  await workspaceWith(page, 20);
  const leads = await ids(page);
  await page.goto("/leads?q=plan%3APro");
  await expect(page.locator("header").getByRole("status")).toHaveText("10 leads");
  const pros = leads.filter((lead) => Number(lead.last_name) % 2 === 1);
  const basic = leads.find((lead) => Number(lead.last_name) % 2 === 0);
  await api(page, `/leads/${pros[1]?.id}`, "PATCH", { attributes: { plan: "Basic" } });
  await expect(page.getByRole("row").filter({ hasText: "No longer matches" })).toContainText("Basic");
  await api(page, `/leads/${basic?.id}`, "PATCH", { attributes: { plan: "Pro" } });
  await expect(pill(page)).toContainText("1 new lead, 1 no longer matches");
  await page.setViewportSize({ width: 390, height: 844 });
  await expect(page.getByRole("row").filter({ hasText: "No longer matches" })).toHaveCount(1);
  await expectAccessible(page);
  await pill(page).getByRole("button").click();
  await expect(page.getByText("No longer matches")).toHaveCount(0);
  await expect(page.locator("header").getByRole("status")).toHaveText("10 leads");
});

test("somebody else saves a cell while it is being edited: both values are shown", async ({ page }) => {
  await workspaceWith(page, 3);
  const [lead] = await ids(page);
  const heads = await page.getByRole("columnheader").allTextContents();
  const company = heads.indexOf("Company");
  await row(page, 0).getByRole("gridcell").nth(company).dblclick();
  await page.keyboard.press("Control+a");
  await page.keyboard.type("Mine");
  const glowed = glows(page, 0);
  await api(page, `/leads/${lead?.id}`, "PATCH", { company: "Theirs", city: "Ulm" });
  // The row has taken it in when it glows; the editor keeps what is being typed.
  await glowed;
  await expect(row(page, 0).getByRole("textbox")).toHaveValue("Mine");
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "Changed in the meantime" });
  await expect(dialog).toContainText("Theirs");
  await dialog.getByRole("button", { name: "Use mine" }).click();
  await expect(row(page, 0)).toContainText("Mine");
});
