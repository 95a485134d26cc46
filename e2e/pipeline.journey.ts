import type { Page } from "@playwright/test";
import { expect, expectAccessible, test } from "./journey.ts";
import { answered, api, join, newPerson, signUp, workspaceWith } from "./steps.ts";

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
  await expect(rows.last()).toHaveText(/Demo.*Target 3 days · asks for Company/);

  const handle = page.getByRole("button", { name: "Move Demo with the arrow keys" });
  await answered(page, () => handle.press("ArrowUp"));
  await expect(rows.nth(7)).toHaveText(/Demo/);
  await page.reload();
  await expect(rows.nth(7)).toHaveText(/Demo/);
  // Twice in a row: the second starts from what the first leaves.
  await page.route(
    "**/api/v1/stage-order",
    async (route) => {
      await page.waitForTimeout(300);
      await route.continue();
    },
    { times: 1 },
  );
  await handle.press("ArrowUp");
  await handle.press("ArrowUp");
  await expect(rows.nth(5)).toHaveText(/Demo/);
  const places = async () =>
    (await api<{ data: { name: string }[] }>(page, "/stages", "GET")).data.map((stage) => stage.name);
  await expect.poll(async () => (await places()).indexOf("Demo")).toBe(5);
  await expect(rows.nth(5)).toHaveText(/Demo/);

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

test("reasons that somebody else saves while one rewords them are shown, and one decides", async ({
  page,
}) => {
  await signUp(page, newPerson("Ada Lovelace"), "Acme Reasons");
  const listening = page.waitForResponse("**/api/v1/live");
  await page.goto("/settings/pipeline");
  await listening;
  const reason = (n: number) => page.getByRole("textbox", { name: `Reason ${n}`, exact: true });
  await reason(1).fill("Too dear");
  await api(page, "/lost-reasons", "PUT", { reasons: ["Theirs", "Price"] });
  await expect(page.getByText("Somebody else changed the list meanwhile: Theirs, Price.")).toBeVisible();
  await expect(reason(1)).toHaveValue("Too dear");
  await expectAccessible(page);
  await page.getByRole("button", { name: "Take theirs" }).click();
  await expect(reason(1)).toHaveValue("Theirs");
  await expect(reason(3)).toHaveCount(0);
  await reason(2).fill("Mars");
  await page.getByRole("button", { name: "Save reasons" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "Saved." })).toBeVisible();
  const saved = await api<{ data: string[] }>(page, "/lost-reasons", "GET");
  expect(saved.data).toEqual(["Theirs", "Mars"]);
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

test("a lead is moved on its card and in the list, asked why it was lost, held, and reopened", async ({
  page,
  browser,
  baseURL,
}) => {
  await signUp(page, newPerson("Ada Lovelace"), "Acme Moves");
  await api(page, "/stages/qualified", "PATCH", { required_fields: ["company"], target_days: 5 });
  const { id } = await api<{ id: string }>(page, "/leads", "POST", { email: "eva@example.com" });
  await page.goto(`/leads/${id}`);
  await page.getByRole("button", { name: "Stage: New" }).click();
  await page.getByRole("menuitem", { name: "Qualified" }).click();
  const form = page.getByRole("dialog");
  await form.getByRole("button", { name: "Move to Qualified" }).click();
  await expect(form.getByText("Qualified asks for Company.")).toBeVisible();
  await form.getByLabel("Company").fill("Acme");
  await form.getByRole("button", { name: "Move to Qualified" }).click();
  await expect(page.getByRole("button", { name: "Stage: Qualified" })).toBeVisible();
  await expect(page.getByText("0 min of 5 d")).toBeVisible();

  await page.getByRole("button", { name: "Stage: Qualified" }).click();
  await page.getByRole("menuitem", { name: "Lost" }).click();
  await form.getByRole("combobox", { name: "Reason" }).click();
  await page.getByRole("option", { name: "Price" }).click();
  await form.getByRole("button", { name: "Move to Lost" }).click();
  await expect(page.getByText("Final: stage and owner stay.", { exact: false })).toBeVisible();
  const stays = page.getByRole("region", { name: "Stages" }).getByRole("listitem");
  await expect(stays).toHaveText([
    /Lost.*now/,
    /Qualified.*to Lost by Ada Lovelace.*“Price”/,
    /New.*to Qualified/,
  ]);
  const story = page.getByRole("region", { name: "Timeline" });
  await expect(story.getByText("moved this lead").first()).toBeVisible();
  await expect(story.getByText("Stayed").first()).toBeVisible();
  await expectAccessible(page);

  const rep = await join(page, { browser, baseURL, role: "agent" });
  await rep.setViewportSize({ width: 390, height: 800 });
  await rep.goto(`/leads/${id}`);
  await expect(rep.getByText("Ask a manager to reopen it.", { exact: false })).toBeVisible();
  await expect(rep.getByRole("button", { name: /^(Reopen|Take|Stage)/ })).toHaveCount(0);
  await expectAccessible(rep);
  await rep.context().close();

  await page.getByRole("button", { name: "Reopen" }).click();
  await expect(page.getByRole("button", { name: "Stage: Qualified" })).toBeVisible();
  await expect(story.getByText("reopened this lead")).toBeVisible();
});

test("the list asks too, of one lead and of many; what isn't moved says why; overdue and reasons are found", async ({
  page,
}) => {
  await workspaceWith(page, 3);
  await api(page, "/stages/qualified", "PATCH", { required_fields: ["job_title"] });
  await page.reload();
  const cell = page.locator("[data-row='0'] [role='gridcell']").filter({ hasText: /^New$/ });
  await expect(cell).toBeVisible();
  await page.getByRole("grid").focus();
  const at = Number(await cell.getAttribute("data-column"));
  for (let n = 0; n < at; n += 1) await page.keyboard.press("ArrowRight");
  await page.keyboard.press("F2");
  await page.getByRole("option", { name: "Lost" }).click();
  const form = page.getByRole("dialog");
  await form.getByRole("combobox", { name: "Reason" }).click();
  await page.getByRole("option", { name: "No budget" }).click();
  await form.getByRole("button", { name: "Move to Lost" }).click();
  await expect(page.locator("[data-row='0']").getByText("Lost", { exact: true })).toBeVisible();

  await page.getByRole("checkbox", { name: "Choose the leads loaded here" }).click();
  const bar = page.getByRole("region", { name: "Chosen leads" });
  await bar.getByRole("button", { name: "Stage" }).click();
  await form.getByRole("combobox", { name: "Stage" }).click();
  await page.getByRole("option", { name: "Qualified" }).click();
  await expect(form.getByText(/can’t be changed/)).toBeVisible();
  await form.getByRole("combobox", { name: "Stage" }).click();
  await page.getByRole("option", { name: "Lost" }).click();
  await expect(form.getByRole("button", { name: "Change stage" })).toBeDisabled();
  await form.getByRole("combobox", { name: "Reason" }).click();
  await page.getByRole("option", { name: "Bad timing" }).click();
  await expectAccessible(page);
  await form.getByRole("button", { name: "Change stage" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "2 leads changed, 1 unchanged" })).toBeVisible();
  const found = (q: string) =>
    api<{ data: unknown[] }>(page, `/leads/search?query=${encodeURIComponent(q)}`, "GET");
  expect((await found('lost_reason:"Bad timing"')).data).toHaveLength(2);
  expect((await found("overdue:no stage_since:today")).data).toHaveLength(3);

  const box = page.getByRole("combobox", { name: "Search leads" });
  await box.fill("lost_reason:bad");
  await page.getByRole("option", { name: "Bad timing" }).click();
  await expect(box).toHaveValue(/lost_reason:"Bad timing"/);
  await expect(page.getByRole("status").filter({ hasText: /^2 leads$/ })).toBeVisible();
});
