import { expect, expectAccessible, test } from "./journey.ts";
import { api, newPerson, workspaceWith } from "./steps.ts";

test("deleted by mistake: undone from the toast, or found in the bin and restored", async ({ page }) => {
  await workspaceWith(page, 12);
  await page.locator("[data-row='0']").getByRole("link").click();
  const card = page.getByRole("complementary", { name: "Lead" });
  await card.getByRole("button", { name: "More actions" }).click();
  await page.getByRole("menuitem", { name: "Put into the bin" }).click();
  await page
    .getByRole("alert")
    .filter({ hasText: "is in the bin" })
    .getByRole("button", { name: "Undo" })
    .click();
  await expect(page.getByText(/^Lead \d+ is back\.$/)).toBeVisible();

  const { data } = await api<{ data: { id: string; email: string }[] }>(page, "/leads?limit=3", "GET");
  for (const { id } of data) await api(page, `/leads/${id}`, "DELETE");
  // One's address is another lead's by now.
  const [first] = data;
  await api(page, "/leads", "POST", { email: first?.email, phone: "+49 30 123456", first_name: "Newer" });
  await page.getByRole("button", { name: "More", exact: true }).click();
  await page.getByRole("menuitem", { name: "Bin" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Bin" })).toBeVisible();
  const list = page.getByRole("list", { name: "Deleted leads" });
  await expect(list.getByRole("listitem")).toHaveCount(3);
  await expect(list.getByRole("listitem").first()).toContainText("Deleted by Ada Lovelace");
  await expect(list.getByRole("listitem").first()).toContainText("Erased in 30 days");
  await expectAccessible(page);

  await page.getByRole("textbox", { name: "Search the bin" }).fill("nobody at all");
  await expect(page.getByText("Nothing in the bin matches")).toBeVisible();
  await page.getByRole("button", { name: "Clear the search" }).click();
  await page.getByRole("checkbox", { name: "Choose all leads loaded here" }).check();
  const chosen = page.getByRole("region", { name: "Chosen leads" });
  await expect(chosen).toContainText("3 leads chosen");
  await chosen.getByRole("button", { name: "Restore" }).click();
  await expect(page.getByText("2 leads are back.")).toBeVisible();
  const dialog = page.getByRole("dialog", { name: "One lead stays in the bin" });
  await expect(dialog).toContainText(`The e-mail ${first?.email} belongs to Newer by now.`);
  await expectAccessible(page);
  // Without its only address nothing would be left to know it by: said, and nothing lost.
  await dialog.getByRole("button", { name: "Restore without it" }).click();
  await expect(dialog).toContainText("Nothing would be left to know it by");
  await dialog.getByRole("button", { name: "Leave in the bin" }).click();
  await expect(list.getByRole("listitem")).toHaveCount(1);
});

test("hidden until active again: out of the list, on its card, and back", async ({ page }) => {
  await workspaceWith(page, 5);
  const { data } = await api<{ data: { id: string }[] }>(page, "/leads?limit=1", "GET");
  const id = data[0]?.id ?? "";
  await page.goto(`/leads/${id}`);
  await page.getByRole("button", { name: "More actions" }).click();
  await page.getByRole("menuitem", { name: "Hide until active again" }).click();
  await expect(page.getByText("Hidden until active again. Lists leave it out.")).toBeVisible();
  await expect(page.getByText("hid this lead until it is active again")).toBeVisible();
  await expectAccessible(page);
  await page.goto("/leads?q=hidden:yes");
  await expect(page.locator("[data-row='0']").getByRole("link")).toBeVisible();
  await expect(page.locator("[data-row='1']")).toHaveCount(0);
  await page.goto("/leads");
  await expect(page.locator("[data-row='3']").getByRole("link")).toBeVisible();
  await expect(page.locator("[data-row='4']")).toHaveCount(0);
  await page.goto(`/leads/${id}`);
  await page.getByRole("button", { name: "Show", exact: true }).click();
  await expect(page.getByText("Hidden until active again. Lists leave it out.")).toHaveCount(0);

  // A program's write is a sign of life; a person's isn't.
  await api(page, `/leads/${id}/hide`, "POST");
  const { key } = await api<{ key: string }>(page, "/keys", "POST", { name: "Sync", role: "agent" });
  await page.request.patch(`/api/v1/leads/${id}`, {
    headers: { authorization: `Bearer ${key}` },
    data: { city: "Ulm" },
  });
  await expect(page.getByText("shows this lead again: it was active")).toBeVisible();
});

test("erased for good: what goes and what stays is said, and typed before it is done", async ({ page }) => {
  await workspaceWith(page, 4);
  const { data } = await api<{ data: { id: string; first_name: string; last_name: string }[] }>(
    page,
    "/leads?limit=4",
    "GET",
  );
  const [lead, ...others] = data;
  const name = `${lead?.first_name} ${lead?.last_name}`;
  await api(page, `/leads/${lead?.id}/notes`, "POST", { body: "Called twice" });
  await page.goto(`/leads/${lead?.id}`);
  await page.getByRole("button", { name: "More actions" }).click();
  const download = page.waitForEvent("download");
  await page.getByRole("menuitem", { name: "Download all data (JSON)" }).click();
  expect((await download).suggestedFilename()).toBe(`${name}.json`);

  await page.getByRole("button", { name: "More actions" }).click();
  await page.getByRole("menuitem", { name: "Erase for good…" }).click();
  const dialog = page.getByRole("dialog", { name: `Erase ${name} for good?` });
  await expect(dialog).toContainText("The lead with all its values, 1 note.");
  await expect(dialog).toContainText("That a lead was erased, by whom and when, without a name.");
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
  await page.getByRole("button", { name: "More actions" }).click();
  await page.getByRole("menuitem", { name: "Erase for good…" }).click();
  const button = dialog.getByRole("button", { name: "Erase for good" });
  await expect(button).toBeDisabled();
  await dialog.getByRole("textbox", { name: `Type ${name} to confirm` }).fill(name.toUpperCase());
  await button.click();
  await expect(page.getByText(`${name} is erased for good.`)).toBeVisible();
  await page.goto(`/leads/${lead?.id}`);
  await expect(page.getByText("This lead can’t be shown")).toBeVisible();

  for (const { id } of others) await api(page, `/leads/${id}`, "DELETE");
  await page.goto("/leads/bin");
  const list = page.getByRole("list", { name: "Deleted leads" });
  await list.getByRole("checkbox").first().check();
  await list
    .getByRole("checkbox")
    .nth(1)
    .click({ modifiers: ["Shift"] });
  await page.getByRole("button", { name: "Erase for good…" }).click();
  await page.getByRole("textbox", { name: "Type 2 leads to confirm" }).fill("2 leads");
  await page.keyboard.press("Enter");
  await expect(page.getByText("2 leads are erased for good.")).toBeVisible();
  await expect(list.getByRole("listitem")).toHaveCount(1);
});

test("on a phone; whoever may not erase is told whom to ask, whoever may not delete is told so", async ({
  page,
  browser,
  baseURL,
}) => {
  await workspaceWith(page, 3);
  const { data } = await api<{ data: { id: string }[] }>(page, "/leads?limit=3", "GET");
  for (const { id } of data.slice(0, 2)) await api(page, `/leads/${id}`, "DELETE");
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto("/leads/bin");
  await expect(page.getByRole("list", { name: "Deleted leads" }).getByRole("listitem")).toHaveCount(2);
  await page
    .getByRole("button", { name: /^Restore Lead/ })
    .first()
    .click();
  await expect(page.getByText(/^Lead \d+ is back\.$/)).toBeVisible();
  await expectAccessible(page);

  for (const [role, seen] of [
    ["manager", "Deleted by Ada Lovelace"],
    ["agent", "Not part of your role"],
  ] as const) {
    const person = newPerson(`${role} Person`);
    const { url } = await api<{ url: string }>(page, "/invitations", "POST", { email: person.email, role });
    const other = await browser.newContext({ baseURL: baseURL ?? "" });
    const theirs = await other.newPage();
    await theirs.goto(new URL(url).pathname);
    await theirs.getByLabel("Your name").fill(person.name);
    await theirs.getByRole("textbox", { name: "Password" }).fill(person.password);
    await theirs.getByRole("button", { name: "Join" }).click();
    await theirs.getByRole("link", { name: "Leads" }).first().click();
    await expect(theirs.locator("[data-row='0']").getByRole("link")).toBeVisible();
    await theirs.goto("/leads/bin");
    await expect(theirs.getByText(seen)).toBeVisible();
    await theirs.goto(`/leads/${data[2]?.id}`);
    await theirs.getByRole("button", { name: "More actions" }).click();
    const erase = theirs.getByRole("menuitem", { name: "Erase for good…" });
    if (role === "manager") {
      await expect(erase).toBeDisabled();
      await expect(erase).toContainText("Ask an admin");
    } else {
      await expect(erase).toHaveCount(0);
    }
    await other.close();
  }
});
