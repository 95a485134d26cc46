import { expect, expectAccessible, test } from "./journey.ts";
import { answered, api, join, newPerson, signUp } from "./steps.ts";

test("rules are put together, put in order and taken back; a new lead finds its owner", async ({
  page,
  browser,
  baseURL,
}) => {
  await signUp(page, newPerson("Ada Lovelace"), "Acme Turns");
  const rep = await join(page, { browser, baseURL, role: "agent" });
  await api(page, "/leads", "POST", { email: "before@example.com", first_name: "Before" });
  await page.goto("/settings/assignment");
  await expect(page.getByRole("heading", { name: "No rules yet" })).toBeVisible();
  await expectAccessible(page);

  await page.getByRole("button", { name: "New rule" }).click();
  const drawer = page.getByRole("dialog");
  await drawer.getByRole("button", { name: "Add rule" }).click();
  await expect(drawer.getByText("Choose at least one member.")).toBeVisible();
  await drawer.getByLabel("Name").fill("Everybody");
  await drawer.getByRole("combobox", { name: "Who gets them" }).click();
  await page.getByRole("option", { name: /^Rep Sales/ }).click();
  await page.keyboard.press("Tab");
  await expectAccessible(page);
  await drawer.getByRole("button", { name: "Add rule" }).click();
  await expect(drawer).toBeHidden();

  await page.getByRole("button", { name: "New rule" }).click();
  await drawer.getByLabel("Name").fill("Bonn");
  await drawer.getByRole("radio", { name: "Leads that match" }).click();
  await drawer.getByRole("combobox", { name: "Field" }).click();
  await page.getByRole("option", { name: "City" }).click();
  await drawer.getByRole("textbox", { name: "Value" }).fill("Bonn");
  await expect(drawer.getByText("City contains Bonn")).toBeVisible();
  await drawer.getByRole("combobox", { name: "Who gets them" }).click();
  await page.getByRole("option", { name: /^Ada Lovelace/ }).click();
  await page.keyboard.press("Tab");
  await drawer.getByRole("button", { name: "Add rule" }).click();
  await expect(drawer).toBeHidden();

  const rows = page.getByRole("list", { name: "Rules in their order" }).getByRole("listitem");
  await expect(rows).toHaveText([/Everybody.*Every lead/, /Bonn.*City contains Bonn/]);
  await answered(page, () =>
    page.getByRole("button", { name: "Move Bonn with the arrow keys" }).press("ArrowUp"),
  );
  await expect(rows).toHaveText([/Bonn/, /Everybody/]);
  await page.reload();
  await expect(rows).toHaveText([/Bonn/, /Everybody/]);
  await expectAccessible(page);

  const waiting = page.getByRole("list", { name: "The newest leads without an owner" });
  await expect(waiting.getByRole("listitem")).toHaveText([/Before.*Rep Sales.*by Everybody/]);
  await page.getByRole("button", { name: "Assign it now" }).click();
  await expect(page.getByText("Every open lead has an owner.")).toBeVisible();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(waiting.getByRole("listitem")).toHaveCount(1);

  await page.getByRole("button", { name: "More for Bonn" }).click();
  await page.getByRole("menuitem", { name: "Remove" }).click();
  await expect(rows).toHaveText([/Everybody/]);
  await page.getByRole("button", { name: "Undo" }).last().click();
  await expect(rows).toHaveText([/Bonn/, /Everybody/]);

  const { id } = await api<{ id: string }>(page, "/leads", "POST", {
    email: "new@example.com",
    first_name: "Nora",
    city: "Bonn",
  });
  await page.goto(`/leads/${id}`);
  await expect(page.getByText("assigned this lead to Ada Lovelace by the rule “Bonn”")).toBeVisible();
  await rep.context().close();
});

test("who is absent says so in the profile; who leaves hands their leads on", async ({
  page,
  browser,
  baseURL,
}) => {
  await signUp(page, newPerson("Ada Lovelace"), "Acme Leaving");
  const rep = await join(page, { browser, baseURL, role: "agent" });
  const { data } = await api<{ data: { id: string; name: string }[] }>(page, "/members", "GET");
  const owner_id = data.find((member) => member.name === "Rep Sales")?.id;
  for (const n of [1, 2, 3])
    await api(page, "/leads", "POST", { email: `l${n}@example.com`, first_name: `L${n}`, owner_id });
  await api(page, "/leads", "POST", { email: "won@example.com", owner_id, stage: "converted" });

  await rep.goto("/settings/profile");
  await expect(rep.getByRole("heading", { name: "Working hours" })).toBeVisible();
  await rep.getByRole("radio", { name: "At these hours" }).click();
  await rep.getByRole("button", { name: "Remove these hours of Friday" }).click();
  await rep.getByLabel("Monday to").fill("08:00");
  await rep.getByRole("button", { name: "Save working hours" }).click();
  await expect(rep.getByText("Monday: working hours end after they begin.")).toBeVisible();
  await rep.getByLabel("Monday to").fill("12:30");
  await rep.getByRole("button", { name: "Add absence" }).click();
  await rep.getByLabel("First day of absence 1").fill("2020-01-01");
  await rep.getByLabel("Last day of absence 1").fill("2099-12-31");
  await rep.getByRole("button", { name: "Save working hours" }).click();
  await expect(rep.getByText("Working hours are saved.")).toBeVisible();
  await expectAccessible(rep);
  await rep.reload();
  await expect(rep.getByLabel("Monday to")).toHaveValue("12:30");
  await expect(rep.getByRole("link", { name: "Assignment" })).toHaveCount(0);

  await page.goto("/settings/assignment");
  await expect(page.getByText("Absent until 31 Dec")).toBeVisible();
  await page.goto("/settings/members");
  await page.getByRole("button", { name: "More for Rep Sales" }).click();
  await page.getByRole("menuitem", { name: "Remove…" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByText("They own 3 open leads. What happens to them?")).toBeVisible();
  await expect(dialog.getByRole("button", { name: "Remove member" })).toBeDisabled();
  await expectAccessible(page);
  await dialog.getByRole("combobox", { name: "Who gets the leads" }).click();
  await page.getByRole("option", { name: "Ada Lovelace" }).click();
  await dialog.getByRole("button", { name: "Remove member" }).click();
  await expect(page.getByText("Their 3 open leads go to Ada Lovelace.")).toBeVisible();
  await expect(page.getByText("Rep Sales", { exact: true })).toHaveCount(0);
  await page.goto("/settings/changes");
  await expect(page.getByText("Hand over the open leads of Rep Sales to Ada Lovelace")).toBeVisible();
  await rep.context().close();
});

test("leads that come while everybody of a rule is away wait, which its page says, and go to who is back", async ({
  page,
}) => {
  await signUp(page, newPerson("Ada Lovelace"), "Acme Waiting");
  const { data } = await api<{ data: { id: string }[] }>(page, "/members", "GET");
  const id = data[0]?.id ?? "";
  const works = (absences: object[]) =>
    api(page, `/members/${id}/availability`, "PUT", { time_zone: "UTC", hours: null, absences });
  await works([{ from: "2020-01-01", to: "2199-12-31" }]);
  await api(page, "/assignment-rules", "POST", { name: "Everybody", members: [id] });
  for (const n of [1, 2])
    await api(page, "/leads", "POST", { email: `w${n}@example.com`, first_name: `W${n}` });
  await page.goto("/settings/assignment");
  const row = page.getByRole("list", { name: "Rules in their order" }).getByRole("listitem");
  await expect(row).toContainText("2 leads wait until somebody of it is back");
  await expectAccessible(page);
  await works([]);
  await expect(page.getByText("Every open lead has an owner.")).toBeVisible();
  await expect(row).not.toContainText("wait until");
});

test("many are assigned by the rules from the list, one from its card", async ({ page }) => {
  await signUp(page, newPerson("Ada Lovelace"), "Acme Many");
  for (const n of [1, 2, 3])
    await api(page, "/leads", "POST", { email: `m${n}@example.com`, first_name: `M${n}` });
  const { data } = await api<{ data: { id: string }[] }>(page, "/members", "GET");
  // Made after the leads, which therefore wait.
  await api(page, "/assignment-rules", "POST", { name: "Mine", members: data.map((member) => member.id) });
  await page.goto("/leads");
  await expect(page.locator("[data-row='2']").getByRole("link")).toBeVisible();
  await page.locator("[data-row='2']").getByRole("link").first().click();
  const panel = page.getByRole("complementary", { name: "Lead" });
  await panel.getByRole("button", { name: "More actions" }).click();
  await page.getByRole("menuitem", { name: "Assign by the rules" }).click();
  await expect(page.getByText("M1 goes to Ada Lovelace.")).toBeVisible();
  await page.keyboard.press("Escape");
  await page.goto("/leads");
  await expect(page.locator("[data-row='2']").getByRole("link")).toBeVisible();
  await page.getByRole("checkbox", { name: "Choose the leads loaded here" }).click();
  await page.getByRole("button", { name: "Assign", exact: true }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("combobox", { name: "Owner" }).click();
  await page.getByRole("option", { name: "By the assignment rules" }).click();
  await expect(dialog.getByText("2 of 3 leads would change.")).toBeVisible();
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Assign" }).click();
  await expect(page.getByText("Assign automatically: 2 leads changed, 1 unchanged.")).toBeVisible();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByText("Undone: Assign automatically. 2 leads put back.")).toBeVisible();
});
