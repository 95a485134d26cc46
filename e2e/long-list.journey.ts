import { expect, test } from "./journey.ts";
import { workspaceWith } from "./steps.ts";

const leads = 10_000;
test("ten thousand rows scroll, jump to the end and back, and hold few rows and pages; a long way can be stopped", async ({
  page,
}) => {
  test.setTimeout(180_000);
  await workspaceWith(page, leads);
  const grid = page.getByRole("grid");
  const count = page.locator("header").getByRole("status");
  await expect(count).toHaveText("10,000 leads");
  await grid.hover({ position: { x: 300, y: 200 } });
  for (let step = 0; step < 40; step++) {
    await page.mouse.wheel(0, 900);
    await page.mouse.move(300 + step, 200 + ((step * 23) % 300));
    await page.waitForTimeout(30);
  }
  await expect(page.locator("[data-row='1000']").getByRole("link")).toBeVisible();
  await page.keyboard.press("Escape");
  await grid.focus();
  for (let at = 0; at < 10; at++) await page.keyboard.press("Shift+ArrowDown");
  await page.keyboard.press("Escape");
  expect(await page.locator("[data-row]").count()).toBeLessThan(80);

  await grid.focus();
  await page.keyboard.press("Control+End");
  await expect(page.locator(`[data-row='${leads - 1}']`).getByRole("link")).toBeVisible({ timeout: 60_000 });
  await page.keyboard.press("Control+Home");
  await expect(page.locator("[data-row='0']").getByRole("link")).toBeVisible();
  await page.getByRole("button", { name: "More", exact: true }).click();
  await page.getByRole("menuitemcheckbox", { name: "Compact rows" }).click();
  await page.keyboard.press("Escape");
  await page.route("**/leads/query", async (route) => {
    await page.waitForTimeout(150);
    await route.continue();
  });
  await page.goto("/leads");
  await expect(page.locator("[data-row='0']").getByRole("link")).toBeVisible();
  expect(await page.locator("[data-row='0']").evaluate((row) => row.clientHeight)).toBeLessThan(30);
  await grid.focus();
  await page.keyboard.press("Control+End");
  await expect(count).toContainText("rows on the way");
  await page.getByRole("button", { name: "Stop", exact: true }).click();
  await expect(count).toContainText("Stopped at row");
  const rows = await grid.getAttribute("aria-rowcount");
  expect(Number(rows)).toBeLessThan(leads);
  await page.unrouteAll({ behavior: "wait" });
  await page.getByRole("button", { name: "Go on" }).click();
  await expect(count).toHaveText("10,000 leads");
});
