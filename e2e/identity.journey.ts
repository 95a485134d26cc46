import { expect, expectAccessible, test } from "./journey.ts";
import { firstName, newPerson, signIn, signOut, signUp } from "./steps.ts";

test("sign up, sign out, come back to the page that was asked for", async ({ page }) => {
  const ada = newPerson("Ada Lovelace");
  await page.goto("/sign-up");
  await expectAccessible(page);
  await signUp(page, ada, "Acme Solar");
  await expectAccessible(page);

  await signOut(page);
  await page.goto("/settings/fields");
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await signIn(page, { ...ada, password: "not the right one" });
  await expect(page.getByRole("alert")).toContainText(/password/i);
  await expectAccessible(page);
  await signIn(page, ada);
  await expect(page.getByRole("heading", { level: 1, name: "Fields" })).toBeVisible();
});

test("an invitation is a link, shown once; who follows it joins with that role", async ({
  page,
  browser,
  baseURL,
}) => {
  const ada = newPerson("Ada Lovelace");
  const grace = newPerson("Grace Hopper");
  await signUp(page, ada, "Acme Wind");
  await page.goto("/settings/members");
  await page.getByRole("button", { name: "Invite" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("E-mail").fill(grace.email);
  await dialog.getByRole("button", { name: "Invite" }).click();
  const link =
    (await dialog.getByRole("group", { name: "Invitation link" }).locator("code").textContent()) ?? "";
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Done" }).click();
  await expect(page.getByText(grace.email)).toBeVisible();

  const other = await browser.newContext({ baseURL: baseURL ?? "" });
  const hers = await other.newPage();
  await hers.goto(new URL(link).pathname);
  await expect(hers.getByRole("heading", { name: "Join Acme Wind" })).toBeVisible();
  await hers.getByLabel("Your name").fill(grace.name);
  await hers.getByRole("textbox", { name: "Password" }).fill(grace.password);
  await hers.getByRole("button", { name: "Join" }).click();
  await expect(hers.getByRole("heading", { level: 1, name: firstName(grace) })).toBeVisible();

  // An agent is offered neither imports nor keys, and is told why where they would be.
  await expect(hers.getByRole("link", { name: "Import" })).toHaveCount(0);
  await hers.goto("/settings/keys");
  await expect(hers.getByText("Ask an admin of this workspace")).toBeVisible();
  await hers.goto("/imports");
  await expect(hers.getByText("Managers and admins import leads.")).toBeVisible();

  await page.reload();
  await expect(page.getByRole("combobox", { name: `Role of ${grace.name}` })).toHaveValue("Agent");

  // She forgets her password; without a mail server an admin makes a link for her, and her old sessions end.
  await page.getByRole("button", { name: `More for ${grace.name}` }).click();
  await page.getByRole("menuitem", { name: "Make a password link" }).click();
  const reset =
    (await page.getByRole("dialog").getByRole("group", { name: "Link" }).locator("code").textContent()) ?? "";
  await hers.goto(new URL(reset).pathname);
  await hers.getByRole("textbox", { name: "New password" }).fill("quite another password");
  await hers.getByRole("button", { name: "Set password" }).click();
  await hers.getByRole("link", { name: "Sign in" }).click();
  await expect(hers.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await signIn(hers, { ...grace, password: "quite another password" });
  await expect(hers.getByRole("heading", { level: 1, name: firstName(grace) })).toBeVisible();
  await other.close();
});

test("somebody with an account joins a second workspace and goes back and forth", async ({
  page,
  browser,
  baseURL,
}) => {
  const ada = newPerson("Ada Lovelace");
  const max = newPerson("Max Planck");
  await signUp(page, ada, "Acme First");
  const other = await browser.newContext({ baseURL: baseURL ?? "" });
  const his = await other.newPage();
  await signUp(his, max, "Acme Second");
  await his.goto("/settings/members");
  await his.getByRole("button", { name: "Invite" }).click();
  const dialog = his.getByRole("dialog");
  await dialog.getByLabel("E-mail").fill(ada.email);
  await dialog.getByRole("button", { name: "Invite" }).click();
  const link =
    (await dialog.getByRole("group", { name: "Invitation link" }).locator("code").textContent()) ?? "";
  await other.close();

  await page.goto(new URL(link).pathname);
  await page.getByRole("textbox", { name: "Password" }).fill(ada.password);
  await page.getByRole("button", { name: "Join" }).click();
  const menu = page.getByRole("button", { name: /: menu$/ }).filter({ visible: true });
  await expect(menu).toHaveAccessibleName(/^Acme Second/);
  await menu.click();
  await page.getByRole("menuitemradio", { name: "Acme First" }).click();
  await expect(menu).toHaveAccessibleName(/^Acme First/);
  await expect(page.getByRole("link", { name: "Import", exact: true }).first()).toBeVisible();
});

test("without a mail server, whoever forgot a password is sent to an admin; a wrong link is refused", async ({
  page,
  browser,
  baseURL,
}) => {
  const ada = newPerson("Ada Lovelace");
  await signUp(page, ada, "Acme Water");
  await signOut(page);
  await page.getByRole("link", { name: "Forgot your password?" }).click();
  await expect(page.getByRole("heading", { name: "Set a new password" })).toBeVisible();
  await page.getByLabel("E-mail").fill(ada.email);
  await page.getByRole("button", { name: "Send link" }).click();
  await expect(page.getByRole("heading", { name: "Ask an admin" })).toBeVisible();
  await expectAccessible(page);

  const other = await browser.newContext({ baseURL: baseURL ?? "" });
  const hers = await other.newPage();
  await hers.goto("/reset/not-a-token");
  await hers.getByRole("textbox", { name: "New password" }).fill("another long password");
  await hers.getByRole("button", { name: "Set password" }).click();
  await expect(hers.getByRole("alert")).not.toBeEmpty();
  await other.close();
});

test("light, dark, and a phone: the choice stays, nothing spills over the edge", async ({ page }) => {
  await signUp(page, newPerson("Ada Lovelace"), "Acme Tidal");
  await page
    .getByRole("button", { name: /: menu$/ })
    .filter({ visible: true })
    .click();
  await page.getByRole("menuitemradio", { name: "Dark" }).click();
  await expect(page.locator("html")).toHaveAttribute("data-mantine-color-scheme", "dark");
  await page.reload();
  await expect(page.locator("html")).toHaveAttribute("data-mantine-color-scheme", "dark");
  await page.setViewportSize({ width: 390, height: 844 });
  for (const path of [
    "/",
    "/imports",
    "/imports/new",
    "/settings/profile",
    "/settings/workspace",
    "/settings/fields",
    "/settings/members",
    "/settings/keys",
    "/settings/sessions",
  ]) {
    await page.goto(path);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await expectAccessible(page);
    const spill = await page.locator("#content").evaluate((main) => main.scrollWidth - main.clientWidth);
    expect(spill, `${path} is wider than the phone`).toBe(0);
  }
});
