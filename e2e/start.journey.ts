import { expect, expectAccessible, test } from "./journey.ts";

test("the first page loads without an error, and can be used by everyone", async ({ page }) => {
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") {
      errors.push(message.text());
    }
  });
  await page.goto("/");
  await expect(page.getByRole("button").first()).toBeVisible();
  await expect(page).toHaveTitle(/Bellwether/);
  await expectAccessible(page);
  expect(errors.filter((text) => !text.includes("401"))).toEqual([]);
});
