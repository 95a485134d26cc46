import { expect, expectAccessible, test } from "./journey.ts";
import { api, join, workspaceWith } from "./steps.ts";

test("choose many, see what would change, change them, and take it back", async ({ page }) => {
  await workspaceWith(page, 400);
  await page.getByRole("checkbox", { name: "Choose the leads loaded here" }).click();
  const bar = page.getByRole("region", { name: "Chosen leads" });
  // Pages are read ahead, so how many are loaded is a matter of time.
  await expect(bar).toContainText(/^[1-4]00 leads chosen/);
  await expectAccessible(page);
  await bar.getByRole("button", { name: "Choose all 400 leads" }).click();
  await bar.getByRole("button", { name: "Stage" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("combobox", { name: "Stage" }).click();
  await page.getByRole("option", { name: "Contacted" }).click();
  await expect(dialog.getByRole("status")).toHaveText("All 400 leads would change.");
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Change stage" }).click();
  const told = page.getByRole("alert").filter({ hasText: "Set Stage to Contacted: 400 leads changed." });
  await expect(told).toBeVisible();
  await expect(page.locator("[data-row='0']")).toContainText("Contacted");
  await expect(bar).toHaveCount(0);

  await told.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByText("400 leads put back.")).toBeVisible();
  await expect(page.locator("[data-row='0']")).toContainText("New");
});

test("by keyboard alone: a range, a tag for it, and Ctrl-Z", async ({ page }) => {
  await workspaceWith(page, 20);
  await page.getByRole("grid").focus();
  await page.keyboard.press("j");
  await page.keyboard.press("x");
  await page.keyboard.press("Shift+ArrowDown");
  await page.keyboard.press("Shift+ArrowDown");
  const bar = page.getByRole("region", { name: "Chosen leads" });
  await expect(bar).toContainText("3 leads chosen");
  await expect(page.getByRole("row", { selected: true })).toHaveCount(3);
  await bar.getByRole("button", { name: "Tags" }).press("Enter");
  await page.getByRole("menuitem", { name: "Add tag" }).press("Enter");
  await page.getByRole("combobox", { name: "Tag" }).fill("trade fair");
  await expect(page.getByRole("dialog").getByRole("status")).toHaveText("All 3 leads would change.");
  await page.keyboard.press("Enter");
  await expect(page.getByText("Add tag “trade fair”: 3 leads changed.")).toBeVisible();
  await expect(bar).toContainText("3 leads chosen");

  await page.getByRole("grid").focus();
  await page.keyboard.press("Control+z");
  await expect(page.getByText("3 leads put back.")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(bar).toHaveCount(0);
});

test("the history tells what was done, what was refused, and undoes it, leaving later edits alone", async ({
  page,
}) => {
  await workspaceWith(page, 12);
  const { data } = await api<{ data: { id: string }[] }>(page, "/leads?limit=1", "GET");
  const id = data[0]?.id ?? "";
  await page.locator("[data-row='0'] [data-choose]").click();
  await page.locator("[data-row='3'] [data-choose]").click({ modifiers: ["Shift"] });
  await page.getByRole("button", { name: "Set field" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("combobox", { name: "Field" }).fill("city");
  await page.getByRole("option", { name: "City" }).click();
  await dialog.getByRole("textbox", { name: "City" }).fill("Ulm");
  await expect(dialog.getByRole("status")).toHaveText("All 4 leads would change.");
  await dialog.getByRole("button", { name: "Set field" }).click();
  await expect(page.getByText("Set City to Ulm: 4 leads changed.")).toBeVisible();
  await api(page, `/leads/${id}`, "PATCH", { city: "Bonn" });

  await page.goto("/settings/changes");
  const entry = page.getByRole("listitem").filter({ hasText: "Set City to Ulm" });
  await expect(entry).toContainText("4 leads changed.");
  await expectAccessible(page);
  await entry.getByRole("button", { name: "Undo: Set City to Ulm" }).click();
  await expect(entry).toContainText("3 leads put back. 1 was changed since and stays as it is.");
  await expect(entry.getByRole("button")).toHaveCount(0);
});

test("on a phone a tap on the picture chooses; whoever may not change many isn’t offered it", async ({
  page,
  browser,
  baseURL,
}) => {
  await workspaceWith(page, 12);
  await page.setViewportSize({ width: 390, height: 844 });
  await page.locator("[data-row='1'] [data-choose]").click();
  await expect(page.getByRole("region", { name: "Chosen leads" })).toContainText("1 lead chosen");
  await expectAccessible(page);
  await page.getByRole("button", { name: "Let go of the chosen leads" }).click();

  const hers = await join(page, { browser, baseURL, role: "agent" });
  await hers.getByRole("link", { name: "Leads" }).first().click();
  await expect(hers.locator("[data-row='0']").getByRole("link")).toBeVisible();
  await expect(hers.getByRole("checkbox")).toHaveCount(0);
  await hers.goto("/settings/changes");
  await expect(hers.getByText("Not part of your role")).toBeVisible();
  await hers.context().close();
});
