import { expect, expectAccessible, test } from "./journey.ts";
import { api, join, workspaceWith } from "./steps.ts";
import type { Page } from "@playwright/test";

// Each walks a whole life of a segment in one workspace.
test.slow();

const row = (page: Page, name: string) =>
  page.getByRole("row").filter({ has: page.getByRole("link", { name, exact: true }) });
const listed = (page: Page, count: string) =>
  expect(page.getByRole("main").getByRole("status").filter({ hasText: count }).first()).toHaveText(count);
const more = async (page: Page, item: string) => {
  await page.getByRole("button", { name: "More", exact: true }).click();
  await page.getByRole("menuitem", { name: item }).click();
};
const chosen = (page: Page, field: string) =>
  page.getByRole("option", { name: field, exact: true }).filter({ visible: true });

test("a dynamic segment is made with its preview beside it, follows its leads, says why, and changes only after showing who enters and leaves", async ({
  page,
  browser,
  baseURL,
}) => {
  await workspaceWith(page, 12);
  await page.getByRole("link", { name: "Segments" }).click();
  await expect(page.getByRole("heading", { name: "No segments yet" })).toBeVisible();
  await page.getByRole("main").getByRole("link", { name: "New segment" }).last().click();
  await page.getByRole("textbox", { name: "Name" }).fill("Pro people");
  await expect(page.getByText("Choose conditions, or everyone.")).toBeVisible();
  await page.getByRole("button", { name: "Create and activate" }).click();
  await expect(page.getByText("Fill in each condition, or choose every lead.")).toBeVisible();
  await page.getByRole("combobox", { name: "Field" }).click();
  await chosen(page, "Plan").click();
  await page.getByRole("checkbox", { name: "Pro" }).check();
  const preview = page.getByRole("region", { name: "Preview" });
  await expect(preview.getByRole("status")).toHaveText("6 leads");
  await expect(preview.getByText("Plan: Pro").first()).toBeVisible();
  await preview.getByRole("button", { name: "Reasons for Lead 11" }).click();
  await expect(preview.getByRole("img", { name: "True:" }).last()).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Create and activate" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Pro people" })).toBeVisible();
  await listed(page, "6 leads");
  const id = new URL(page.url()).pathname.split("/").at(-1) ?? "";

  // A lead changes elsewhere, and is in.
  const rule = { field: "email", is: "eq", value: "lead0@example.com" };
  const { data } = await api<{ data: { id: string }[] }>(page, "/leads/query", "POST", { rule });
  const lead = data[0]?.id ?? "";
  await api(page, `/leads/${lead}`, "PATCH", { attributes: { plan: "Pro" } });
  await page.getByRole("tab", { name: "Growth" }).click();
  await expect(page.getByText("7 entered, 0 left in 1 day")).toBeVisible();
  await page.goto(`/leads/${lead}`);
  await page.getByRole("button", { name: "Why in Pro people?" }).click();
  const why = page.getByRole("region", { name: "Why" });
  await expect(why).toContainText("Plan is Pro (has Pro)");
  await expectAccessible(page);
  await page.keyboard.press("Escape");

  // The rule of an active segment is changed with open eyes.
  await page.goto(`/segments/${id}?tab=rule`);
  await page.getByRole("checkbox", { name: "Basic" }).check();
  await page.getByRole("checkbox", { name: "Pro" }).uncheck();
  await expect(preview.getByRole("status")).toHaveText("5 leads");
  // Somebody else was faster: what was typed is kept.
  await api(page, `/segments/${id}`, "PATCH", { description: "From the fair" });
  await expect(page.getByText("Somebody else changed this segment while you did.")).toBeVisible();
  await page.getByRole("button", { name: "Save…" }).click();
  const dialog = page.getByRole("dialog", { name: "Change the rule of Pro people?" });
  await expect(dialog).toContainText("+5 enter");
  await expect(dialog).toContainText("−7 leave");
  await dialog.getByRole("button", { name: "Save the rule" }).click();
  await expect(page.getByText("Its members are being brought up to date.")).toBeVisible();
  await page.getByRole("tab", { name: "Members" }).click();
  await listed(page, "5 leads");
  await page.getByRole("button", { name: "Check a lead" }).click();
  await page.getByRole("textbox", { name: "Lead" }).fill("lead1@example.com");
  await page.getByRole("list", { name: "Leads found" }).getByRole("button").first().click();
  await expect(why).toContainText("Lead 1 isn’t in it.");
  await expect(why.getByRole("img", { name: "False:" }).last()).toBeVisible();
  await page.keyboard.press("Escape");

  // Used by another, it retires only with that said; a viewer changes nothing.
  await api(page, "/segments", "POST", {
    name: "Others",
    rule: { segment: id, member: false },
    state: "active",
  });
  await more(page, "Retire…");
  const retire = page.getByRole("dialog", { name: "Retire Pro people?" });
  await expect(retire.getByRole("link", { name: "Others" })).toBeVisible();
  await retire.getByRole("button", { name: "Retire" }).click();
  await expect(page.getByText("Retired: its members stay as they were")).toBeVisible();
  const viewer = await join(page, { browser, baseURL, role: "viewer" });
  await viewer.goto(`/segments/${id}?tab=rule`);
  await expect(viewer.getByText("Plan is Basic", { exact: true })).toBeVisible();
  await expect(viewer.getByRole("button", { name: "More", exact: true })).toHaveCount(0);
  await viewer.goto("/segments/new");
  await expect(viewer.getByText("Managers and admins make segments.")).toBeVisible();
  await viewer.context().close();
});

test("a static segment is filled by name, from the list and on the card, and every step goes back, as do making static and deleting; on a phone too", async ({
  page,
}) => {
  await workspaceWith(page, 6);
  await page.goto("/segments/new");
  await page.getByRole("radio", { name: "Static" }).check();
  await page.getByRole("textbox", { name: "Name" }).fill("Fair 2026");
  await page.getByRole("button", { name: "Create segment" }).click();
  await expect(page.getByRole("heading", { name: "Nobody is in it" })).toBeVisible();
  await page.getByRole("button", { name: "Add leads" }).first().click();
  await page.getByRole("textbox", { name: "Lead" }).fill("lead3@example.com");
  await page.getByRole("list", { name: "Leads found" }).getByRole("button").first().click();
  await expect(page.getByText("Lead 3 is in Fair 2026.")).toBeVisible();
  await page.keyboard.press("Escape");
  await listed(page, "1 lead");
  await expect(page.getByRole("heading", { name: "Nobody is in it" })).toHaveCount(0);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByText("Lead 3 isn’t in Fair 2026 any more.")).toBeVisible();
  await expect(page.getByRole("heading", { name: "Nobody is in it" })).toBeVisible();

  await page.goto("/leads");
  // Rows that still load can't be chosen.
  await expect(page.locator("[data-row='0']").getByRole("link")).toBeVisible();
  await page.getByRole("checkbox", { name: "Choose the leads loaded here" }).check();
  await page.getByRole("button", { name: "Segments" }).click();
  await page.getByRole("menuitem", { name: "Add to segment" }).click();
  await page.getByRole("combobox", { name: "Static segment" }).click();
  await chosen(page, "Fair 2026").click();
  await page.getByRole("dialog").getByRole("button", { name: "Add to segment" }).click();
  await expect(page.getByText(/6 leads changed/)).toBeVisible();
  await page.getByRole("combobox", { name: "Search leads" }).fill("segment:fai");
  await page.keyboard.press("Enter");
  await expect(page.locator("header").getByRole("status")).toHaveText("6 leads");
  await page.getByRole("button", { name: "Turn the search into filters" }).click();
  await expect(page.getByRole("group", { name: "Filters" })).toContainText("Segment is Fair 2026");
  await more(page, "Make a segment of these");
  await expect(page.getByRole("region", { name: "Preview" }).getByRole("status")).toHaveText("6 leads");

  await page.keyboard.press("Control+k");
  await page.getByRole("combobox", { name: /Search leads, pages/ }).fill("fair");
  await page.getByRole("option", { name: /Fair 2026/ }).click();
  await listed(page, "6 leads");
  await page.locator("[data-row='0']").getByRole("checkbox").check();
  await page.getByRole("button", { name: "Segments" }).click();
  await page.getByRole("menuitem", { name: "Remove from segment" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Remove from segment" }).click();
  await listed(page, "5 leads");
  await page.getByRole("button", { name: "Undo" }).last().click();
  await listed(page, "6 leads");

  await page.locator("[data-row='0']").getByRole("link").click();
  const card = page.getByRole("region", { name: "Segments" });
  await card.getByRole("button", { name: "Remove from Fair 2026" }).click();
  await expect(card.getByRole("link", { name: "Fair 2026" })).toHaveCount(0);
  await card.getByRole("button", { name: "Add to segment" }).click();
  await chosen(page, "Fair 2026").click();
  await expect(card.getByRole("link", { name: "Fair 2026" })).toBeVisible();

  // A rule that is too costly to keep live says so, and is looked at every hour.
  await api(page, "/fields", "POST", { key: "called_at", label: "Last call", type: "datetime", fast: false });
  const called = { field: "attributes.called_at", is: "in_last", value: "7d" };
  await page.goto(`/segments/new?rule=${encodeURIComponent(JSON.stringify(called))}`);
  await page.getByRole("textbox", { name: "Name" }).fill("Called lately");
  await expect(page.getByText("Last call has no index by which that is seen at once")).toBeVisible();
  await page.getByRole("button", { name: "Create and activate" }).click();
  await expect(page.getByText("Have the segment refreshed hourly").last()).toBeVisible();
  await page.getByRole("combobox", { name: "Keep members up to date" }).click();
  await chosen(page, "Every hour").click();
  await page.getByRole("button", { name: "Create and activate" }).click();
  await expect(page.getByText("Time is looked at every hour")).toBeVisible();

  // Made static and deleted, both go back: from the message, and from the page.
  await more(page, "Make static…");
  await page.getByRole("dialog").getByRole("button", { name: "Make static" }).click();
  await expect(page.getByRole("tab", { name: "Rule" })).toHaveCount(0);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByText("Called lately follows its rule again.")).toBeVisible();
  await expect(page.getByRole("tab", { name: "Rule" })).toBeVisible();
  await more(page, "Delete…");
  await page.getByRole("dialog").getByRole("button", { name: "Delete segment" }).click();
  await expect(page.getByText("Called lately is deleted.")).toBeVisible();
  await expect(row(page, "Called lately")).toHaveCount(0);
  await page.getByRole("button", { name: "Undo" }).last().click();
  await expect(row(page, "Called lately")).toBeVisible();
  const { id: spare } = await api<{ id: string }>(page, "/segments", "POST", { name: "Spare" });
  await api(page, `/segments/${spare}`, "DELETE");
  await page.getByRole("button", { name: "Deleted in the last 30 days: 1" }).click();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Restore Spare" }).click();
  await expect(row(page, "Spare")).toBeVisible();

  await page.emulateMedia({ colorScheme: "dark" });
  await page.setViewportSize({ width: 390, height: 844 });
  for (const path of ["/segments", "/segments/new"]) {
    await page.goto(path);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    if (path === "/segments") await expect(row(page, "Fair 2026")).toContainText("6");
    await expectAccessible(page);
    const spill = await page.locator("#content").evaluate((main) => main.scrollWidth - main.clientWidth);
    expect(spill).toBe(0);
  }
  await page.goto("/segments");
  await page.getByRole("link", { name: "Fair 2026" }).click();
  await listed(page, "6 leads");
  await expectAccessible(page);
});
