import { expect, expectAccessible, test } from "./journey.ts";
import { workspaceWith } from "./steps.ts";

test("sort by one column, then by a second and a third, by mouse and keyboard, and keep it in the address", async ({
  page,
}) => {
  await workspaceWith(page, 120);
  const header = (name: string) => page.getByRole("columnheader", { name: new RegExp(`^${name}`) });
  const press = (name: string, also = false) =>
    header(name)
      .getByRole("button")
      .click(also ? { modifiers: ["Shift"] } : {});

  await press("Stage");
  await expect(header("Stage")).toHaveAttribute("aria-sort", "ascending");
  await press("Company", true);
  await press("Company", true);
  await expect(header("Company")).toHaveAttribute("aria-sort", "descending");
  await expect(header("Stage")).toContainText("1");
  await expect(header("Company")).toContainText("2");
  await press("Plan", true);
  await expect(header("Plan")).toContainText("3");
  await expect(page).toHaveURL(/sort=stage%2C-company%2Cattributes\.plan/);
  // Rows of the order before are pale until the others are here.
  await expect(page.locator("[data-outdated]")).toHaveCount(0);
  await expectAccessible(page);

  await page.goto(page.url());
  await expect(header("Plan")).toHaveAttribute("aria-sort", "ascending");
  await expect(page.getByRole("row").nth(1)).toBeVisible();

  // On the header by keyboard: alone it is the only one, with Shift it turns where it stands.
  await press("Plan");
  await expect(header("Stage")).toHaveAttribute("aria-sort", "none");
  await page.getByRole("grid").focus();
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Shift+Enter");
  const name = page.getByRole("columnheader").first();
  await expect(name).toHaveAttribute("aria-sort", "ascending");
  await expect(name).toContainText("2");
});

test("a field is made fast, and stays as it was while that goes on", async ({ page }) => {
  await workspaceWith(page, 20);
  await page.goto("/settings/fields");
  await page.getByRole("button", { name: "More for Plan" }).click();
  await page.getByRole("menuitem", { name: "Change" }).click();
  const fast = page.getByRole("switch", { name: "Fast" });
  await expect(fast).toBeChecked();
  await fast.setChecked(false);
  await expect(fast).not.toBeChecked();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Save" }).click();
  const plan = page.getByRole("listitem").filter({ hasText: "Plan" });
  await expect(plan).not.toContainText("fast");

  await page.getByRole("button", { name: "More for Plan" }).click();
  await page.getByRole("menuitem", { name: "Change" }).click();
  await fast.setChecked(true);
  await page.getByRole("button", { name: "Save" }).click();
  await expect(plan).toContainText(/fast$|fast ·/, { timeout: 60_000 });
});
