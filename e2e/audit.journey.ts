import { readFileSync } from "node:fs";
import { expect, expectAccessible, test } from "./journey.ts";
import { api, workspaceWith } from "./steps.ts";

test("leads are exported with the columns shown, downloaded, and who did it is in the audit log", async ({
  page,
}) => {
  await workspaceWith(page, 30);
  await page.getByRole("combobox", { name: "Search leads" }).fill("plan:Pro");
  await expect(page.locator("header").getByRole("status")).toHaveText("15 leads");
  await page.getByRole("button", { name: "More", exact: true }).click();
  await page.getByRole("menuitem", { name: "Export" }).click();
  const dialog = page.getByRole("dialog", { name: "Export 15 leads" });
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Export" }).click();
  await expect(dialog.getByRole("status")).toContainText("15 leads");
  const download = page.waitForEvent("download");
  await dialog.getByRole("link", { name: "Download" }).click();
  const file = readFileSync(await (await download).path(), "utf8");
  expect(file.trim().split(/\r?\n/)).toHaveLength(16);
  expect(file).toContain("first_name,last_name");
  await dialog.getByRole("link", { name: "Exports" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Exports" })).toBeVisible();
  await expect(page.getByRole("link", { name: /^Download/ })).toHaveCount(1);
  await expectAccessible(page);

  await page.getByRole("navigation", { name: "Settings" }).getByRole("link", { name: "Audit log" }).click();
  await expect(page.getByRole("listitem").filter({ hasText: "downloaded an export" })).toBeVisible();
  await expect(page.getByRole("listitem").filter({ hasText: "exported leads" })).toContainText(
    "Ada Lovelace",
  );
});

test("the audit log says before and after, is narrowed down, shared by its address, and downloaded", async ({
  page,
}) => {
  await workspaceWith(page, 3);
  const { data } = await api<{ data: { id: string }[] }>(page, "/leads?limit=1", "GET");
  const id = data[0]?.id ?? "";
  await api(page, `/leads/${id}`, "PATCH", { city: "Ulm", stage: "contacted" });
  await page.goto("/settings/audit");
  const change = page.getByRole("listitem").filter({ hasText: "changed a lead" });
  await expect(change).toContainText("City– → Ulm");
  await expect(page.getByRole("listitem").filter({ hasText: "moved a lead" })).toContainText("Contacted");
  await expectAccessible(page);

  await change.getByRole("button", { name: "Only this lead" }).click();
  await expect(page).toHaveURL(new RegExp(`lead=${id}`));
  await expect(page.getByRole("listitem").filter({ hasText: "Ada Lovelace" })).toHaveCount(3);
  await page.getByRole("combobox", { name: "What" }).fill("changed a lead");
  await page.getByRole("option", { name: "Changed a lead" }).click();
  await expect(page.getByRole("listitem").filter({ hasText: "Ada Lovelace" })).toHaveCount(1);
  await page.goto(page.url());
  await expect(page.getByRole("listitem").filter({ hasText: "Ada Lovelace" })).toHaveCount(1);
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "Download CSV" }).click();
  const file = readFileSync(await (await download).path(), "utf8");
  expect(file).toContain("lead.updated");
  expect(file).not.toContain("lead.created");

  await page.setViewportSize({ width: 390, height: 844 });
  await expectAccessible(page);
  const spill = await page.locator("#content").evaluate((main) => main.scrollWidth - main.clientWidth);
  expect(spill).toBe(0);
});
