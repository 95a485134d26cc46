import { expect, expectAccessible, test } from "./journey.ts";
import { answered, newPerson, signUp } from "./steps.ts";

test("a field is made, put in order, archived, brought back and deleted for good", async ({ page }) => {
  await signUp(page, newPerson("Ada Lovelace"), "Acme Fields");
  await page.goto("/settings/fields");
  await expect(page.getByRole("heading", { name: "No fields of your own yet" })).toBeVisible();

  await page.getByRole("button", { name: "New field" }).click();
  const drawer = page.getByRole("dialog");
  await drawer.getByLabel("Name").fill("Größe (cm)");
  await expect(drawer.getByLabel("Key")).toHaveValue("grosse_cm");
  await drawer.getByRole("combobox", { name: "Type" }).click();
  await page.getByRole("option", { name: "Number" }).click();
  await drawer.getByRole("button", { name: "Add field" }).click();
  await expect(drawer).toBeHidden();

  await page.getByRole("button", { name: "New field" }).click();
  await drawer.getByLabel("Name").fill("Industry");
  await drawer.getByRole("combobox", { name: "Type" }).click();
  await page.getByRole("option", { name: "Single choice" }).click();
  await drawer.getByRole("button", { name: "Add field" }).click();
  await expect(drawer.getByText("Add at least one option.")).toBeVisible();
  for (const option of ["SaaS", "Retail"]) {
    await drawer.getByLabel("New option").fill(option);
    await page.keyboard.press("Enter");
  }
  await expectAccessible(page);
  await drawer.getByRole("button", { name: "Add field" }).click();
  await expect(drawer).toBeHidden();

  const rows = page.getByRole("list", { name: "Fields in their order" }).getByRole("listitem");
  await expect(rows).toHaveText([/Größe/, /Industry/]);
  await page.getByRole("button", { name: "More for Industry" }).click();
  await answered(page, () => page.getByRole("menuitem", { name: "Move up" }).click());
  await expect(rows).toHaveText([/Industry/, /Größe/]);
  await page.reload();
  await expect(rows).toHaveText([/Industry/, /Größe/]);

  await page.getByRole("button", { name: /^More for Größe/ }).click();
  await page.getByRole("menuitem", { name: "Archive" }).click();
  await expect(rows).toHaveText([/Industry/]);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(rows).toHaveCount(2);
  await page.getByRole("button", { name: /^More for Größe/ }).click();
  await page.getByRole("menuitem", { name: "Archive" }).click();
  await page.getByRole("button", { name: /^Delete Größe/ }).click();
  const sure = page.getByRole("dialog");
  await expect(sure.getByRole("button", { name: "Delete field" })).toBeDisabled();
  await sure.getByLabel("Type grosse_cm to confirm").fill("grosse_cm");
  await sure.getByRole("button", { name: "Delete field" }).click();
  await expect(sure).toBeHidden();
  await expect(page.getByText("grosse_cm")).toHaveCount(0);
});

test("a key is shown once, works, and is refused once revoked", async ({ page, request }) => {
  await signUp(page, newPerson("Ada Lovelace"), "Acme Keys");
  await page.goto("/settings/keys");
  await page.getByRole("button", { name: "New key" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill("Website");
  await dialog.getByRole("button", { name: "Make key" }).click();
  const key = (await dialog.getByRole("group", { name: "API key" }).locator("code").textContent()) ?? "";
  const headers = { authorization: `Bearer ${key}` };
  expect((await request.get("/api/v1/leads", { headers })).status()).toBe(200);
  await dialog.getByRole("button", { name: "Done" }).click();
  await page.reload();
  await expect(page.getByText("Website", { exact: true })).toBeVisible();
  await expect(page.getByText(key)).toHaveCount(0);
  await expectAccessible(page);
  await page.getByRole("button", { name: "Revoke Website" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Revoke key" }).click();
  await expect(page.getByRole("heading", { name: "No keys yet" })).toBeVisible();
  expect((await request.get("/api/v1/leads", { headers })).status()).toBe(401);
});

test("the workspace and the profile are changed where one looks for them", async ({ page }) => {
  const ada = newPerson("Ada Lovelace");
  await signUp(page, ada, "Acme Before");
  await page.goto("/settings/workspace");
  await page.getByLabel("Name").fill("Acme After");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("button", { name: /^Acme After/ }).filter({ visible: true })).toBeVisible();
  await answered(page, () => page.getByRole("switch", { name: "Agents see only their own leads" }).click());
  await expect(page.getByRole("switch", { name: "Agents see only their own leads" })).toBeChecked();
  await page.reload();
  await expect(page.getByRole("switch", { name: "Agents see only their own leads" })).toBeChecked();

  await page.getByRole("link", { name: "Profile" }).click();
  await page.getByRole("textbox", { name: "Current password" }).fill("wrong");
  await page.getByRole("textbox", { name: "New password" }).fill("another long password");
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(page.getByText("This isn't your password.")).toBeVisible();
  await page.getByRole("textbox", { name: "Current password" }).fill(ada.password);
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(page.getByText("Your password is changed.")).toBeVisible();

  await page.getByRole("link", { name: "Sessions" }).click();
  await expect(page.getByText("(this one)")).toBeVisible();
});

test("tags are coloured, merged by renaming, and deleted from every lead", async ({ page }) => {
  await signUp(page, newPerson("Ada Lovelace"), "Acme Tags");
  const made = await page.request.post("/api/v1/leads/batch", {
    data: {
      leads: [
        { email: "a@example.com", tags: ["vip"] },
        { email: "b@example.com", tags: ["VIPs", "fair"] },
      ],
    },
  });
  expect(made.status()).toBe(207);
  await page.goto("/settings/tags");
  await page.getByRole("button", { name: "Change VIPs" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("radio", { name: "Teal" }).click();
  await dialog.getByLabel("Name").fill("vip");
  await expect(dialog.getByText("vip exists (1 lead).")).toBeVisible();
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Merge tags" }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByText("2 leads")).toBeVisible();
  await page.getByRole("button", { name: "Delete fair" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete tag" }).click();
  await expect(page.getByRole("button", { name: "Delete fair" })).toHaveCount(0);
});
