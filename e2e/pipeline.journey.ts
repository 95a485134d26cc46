import type { Page } from "@playwright/test";
import { expect, expectAccessible, test } from "./journey.ts";
import { api, join, newPerson, signUp } from "./steps.ts";

const stageRows = (page: Page) =>
  page.getByRole("list", { name: "Stages in their order" }).getByRole("listitem");

test("a stage is added, put in order, and removed: its leads go elsewhere and come back", async ({
  page,
}) => {
  await signUp(page, newPerson("Ada Lovelace"), "Acme Stages");
  await page.goto("/settings/pipeline");
  const rows = stageRows(page);
  await expect(rows).toHaveCount(8);
  await expectAccessible(page);

  await page.getByRole("button", { name: "New stage" }).click();
  const drawer = page.getByRole("dialog");
  await drawer.getByLabel("Name").fill("new");
  await drawer.getByRole("button", { name: "Add stage" }).click();
  await expect(drawer.getByText("“New” exists already.")).toBeVisible();
  await drawer.getByLabel("Name").fill("Demo");
  await drawer.getByRole("radio", { name: "Pink" }).click();
  await drawer.getByLabel("Target, in days").fill("3");
  await drawer.getByRole("combobox", { name: "Fields it asks for" }).click();
  await page.getByRole("option", { name: "Company" }).click();
  await page.keyboard.press("Tab");
  await expectAccessible(page);
  await drawer.getByRole("button", { name: "Add stage" }).click();
  await expect(drawer).toBeHidden();
  await expect(rows.last()).toHaveText(/Demo.*target 3 days · asks for Company/);

  const handle = page.getByRole("button", { name: "Move Demo with the arrow keys" });
  await handle.press("ArrowUp");
  await expect(rows.nth(7)).toHaveText(/Demo/);
  await page.reload();
  await expect(rows.nth(7)).toHaveText(/Demo/);

  for (const n of [1, 2, 3])
    await api(page, "/leads", "POST", { email: `c${n}@example.com`, stage: "contacted" });
  await page.getByRole("button", { name: "More for Contacted" }).click();
  await page.getByRole("menuitem", { name: "Remove…" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByText("3 leads are in Contacted.")).toBeVisible();
  await expect(dialog.getByRole("button", { name: "Remove stage" })).toBeDisabled();
  await dialog.getByRole("combobox", { name: "Its leads go to" }).click();
  await page.getByRole("option", { name: "Qualifying" }).click();
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Remove stage" }).click();
  await expect(dialog).toBeHidden();
  await expect(rows).toHaveCount(8);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(rows).toHaveCount(9);
  await expect(rows.nth(1)).toHaveText(/Contacted/);
});

test("an admin who orders stages that somebody else just ordered is told, and sees theirs", async ({
  page,
  browser,
  baseURL,
}) => {
  await signUp(page, newPerson("Ada Lovelace"), "Acme Order");
  const max = await join(page, { browser, baseURL, role: "admin" });
  await page.goto("/settings/pipeline");
  await expect(stageRows(page)).toHaveCount(8);
  // What the other one does isn't heard of here in time.
  await page.route("**/api/v1/live**", (route) => route.abort());
  await page.route("**/api/v1/stages", (route) => route.fulfill({ json: stale }), { times: 1 });
  const stale = await api<{ data: { key: string }[] }>(max, "/stages", "GET");
  await page.reload();
  await expect(stageRows(page)).toHaveCount(8);
  await api(max, "/stage-order", "PUT", { keys: stale.data.map(({ key }) => key).toReversed() });
  await page.getByRole("button", { name: "Move Contacted with the arrow keys" }).press("ArrowUp");
  await expect(page.getByText("Somebody else changed the stages meanwhile.")).toBeVisible();
  await expect(stageRows(page).first()).toHaveText(/Archived/);
  await max.context().close();
});

test("the reasons for a loss are reworded; an agent reads them", async ({ page, browser, baseURL }) => {
  await signUp(page, newPerson("Ada Lovelace"), "Acme Reasons");
  await page.goto("/settings/pipeline");
  await page.getByLabel("New reason").fill("Moved abroad");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Remove Price" }).click();
  await page.getByRole("button", { name: "Save reasons" }).click();
  await expect(page.getByText("Saved.")).toBeVisible();
  const rep = await join(page, { browser, baseURL, role: "agent" });
  await rep.setViewportSize({ width: 390, height: 800 });
  await rep.goto("/settings/pipeline");
  await expect(rep.getByText("Moved abroad")).toBeVisible();
  await expect(rep.getByText("Price", { exact: true })).toHaveCount(0);
  await expect(rep.getByRole("button", { name: "New stage" })).toHaveCount(0);
  await expectAccessible(rep);
  await rep.context().close();
});
