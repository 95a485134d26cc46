import type { Locator, Page } from "@playwright/test";
import { expect, expectAccessible, test } from "./journey.ts";
import { api, join, workspaceWith } from "./steps.ts";

const column = (page: Page, stage: string) => page.getByRole("region", { name: new RegExp(`^${stage}, `) });
const card = (page: Page, lead: string) => page.getByRole("group", { name: new RegExp(`^${lead}(,|$)`) });
const told = (page: Page, words: string | RegExp) => page.getByRole("alert").filter({ hasText: words });

async function openBoard(page: Page): Promise<void> {
  await page.getByRole("link", { name: "Board" }).click();
  await expect(page).toHaveURL(/\/leads\/board/);
  await expect(page.locator("[data-card]").first()).toBeVisible();
}

async function drag(page: Page, from: Locator, to: Locator): Promise<void> {
  // Waits until it stands still: what loads above it moves it.
  await from.hover({ position: { x: 30, y: 40 } });
  const [start, end] = [await from.boundingBox(), await to.boundingBox()];
  if (!start || !end) throw new Error("What is dragged, or where to, isn't on the screen.");
  await page.mouse.down();
  await page.mouse.move(start.x + 60, start.y + 60, { steps: 3 });
  await expect(page.locator("[data-lifted]").first()).toBeAttached();
  await page.mouse.move(end.x + end.width / 2, end.y + 120, { steps: 5 });
}

test("a card is dragged to another stage, told of, and taken back; the lost one says why", async ({
  page,
}) => {
  await workspaceWith(page, 40);
  await openBoard(page);
  await expect(page.getByRole("region", { name: "New, 40 leads" })).toBeVisible();
  await expectAccessible(page);

  await drag(page, card(page, "Lead 39"), column(page, "Contacted"));
  await page.mouse.up();
  await expect(column(page, "Contacted")).toContainText("Lead 39");
  await expect(page.getByRole("region", { name: "Contacted, 1 lead" })).toBeVisible();
  await expect(page.getByRole("region", { name: "New, 39 leads" })).toBeVisible();
  await told(page, "Lead 39 is in Contacted now.").getByRole("button", { name: "Undo" }).click();
  await expect(column(page, "New")).toContainText("Lead 39");

  await card(page, "Lead 38").getByRole("button", { name: "Move Lead 38 to…" }).click();
  await page.getByRole("menuitem", { name: "Lost" }).click();
  const form = page.getByRole("dialog", { name: "Move Lead 38 to Lost" });
  await form.getByRole("button", { name: "Move to Lost" }).click();
  await expect(form).toContainText("Say why");
  await expectAccessible(page);
  await form.getByRole("combobox", { name: "Reason" }).click();
  await page.getByRole("option", { name: "Other…" }).click();
  await form.getByRole("textbox", { name: "In your words" }).fill("They moved to Mars");
  await form.getByRole("button", { name: "Move to Lost" }).click();
  await expect(column(page, "Lost")).toContainText("Lead 38");
  // The card is there before the server has said yes.
  await expect(told(page, "Lead 38 is in Lost now.")).toBeVisible();
  const { columns } = await api<{ columns: { stage: string; leads: { lost_reason: string }[] }[] }>(
    page,
    "/board",
    "GET",
  );
  expect(columns.find((each) => each.stage === "lost")?.leads[0]?.lost_reason).toBe("They moved to Mars");
});

test("by keyboard: lifted, carried, put back, dropped, and followed; many at once with one Undo", async ({
  page,
}) => {
  await workspaceWith(page, 12);
  await openBoard(page);
  const said = page.getByRole("status");
  await card(page, "Lead 11").focus();
  await page.keyboard.press("ArrowDown");
  await expect(card(page, "Lead 10")).toBeFocused();
  await page.keyboard.press("Space");
  await expect(said.filter({ hasText: "Lead 10 lifted" })).toHaveCount(1);
  await page.keyboard.press("ArrowRight");
  await expect(said.filter({ hasText: "Over Contacted, stage 2 of 8." })).toHaveCount(1);
  await page.keyboard.press("Escape");
  await expect(said.filter({ hasText: "Put back" })).toHaveCount(1);
  await expect(column(page, "New")).toContainText("Lead 10");

  await page.keyboard.press("Space");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Space");
  await expect(said.filter({ hasText: "Lead 10 moved to Qualifying." })).toHaveCount(1);
  await expect(column(page, "Qualifying")).toContainText("Lead 10");
  await expect(card(page, "Lead 10")).toBeFocused();

  await card(page, "Lead 9").click({ modifiers: ["Control"] });
  await card(page, "Lead 7").click({ modifiers: ["Shift"] });
  await expect(page.getByRole("region", { name: "Chosen leads" })).toContainText("3 leads chosen");
  await expectAccessible(page);
  await drag(page, card(page, "Lead 8"), column(page, "Contacted"));
  await page.mouse.up();
  await expect(page.getByRole("region", { name: "Contacted, 3 leads" })).toBeVisible();
  await told(page, "3 leads changed").getByRole("button", { name: "Undo" }).click();
  await expect(page.getByRole("region", { name: "Contacted, 0 leads" })).toBeVisible();
});

test("a colleague's move appears while a card is in the hand; a move that comes too late returns with the reason", async ({
  page,
  browser,
  baseURL,
}) => {
  await workspaceWith(page, 6);
  await openBoard(page);
  const theirs = await join(page, { browser, baseURL, role: "agent" });
  await theirs.goto("/leads/board");
  await drag(theirs, card(theirs, "Lead 5"), column(theirs, "Contacted"));

  await drag(page, card(page, "Lead 4"), column(page, "Qualifying"));
  await page.mouse.up();
  await expect(page.getByRole("region", { name: "Qualifying, 1 lead" })).toBeVisible();
  await expect(theirs.getByRole("region", { name: "Qualifying, 1 lead" })).toBeVisible();
  await expect(column(theirs, "Qualifying")).toContainText("Lead 4");
  await theirs.mouse.up();
  await expect(column(theirs, "Contacted")).toContainText("Lead 5");
  await expect(column(page, "Contacted")).toContainText("Lead 5");

  await drag(theirs, card(theirs, "Lead 3"), column(theirs, "Contacted"));
  await drag(page, card(page, "Lead 3"), column(page, "Qualified"));
  await page.mouse.up();
  await expect(page.getByRole("region", { name: "Qualified, 1 lead" })).toBeVisible();
  await expect(column(theirs, "Qualified")).toContainText("Lead 3");
  await theirs.mouse.up();
  await expect(card(theirs, "Lead 3").getByRole("alert")).toContainText("moved this lead to “Qualified”");
  await expect(column(theirs, "Qualified")).toContainText("Lead 3");
  await theirs.context().close();
});

test("an agent takes their own move into a final stage back, by the toast and by keyboard", async ({
  page,
  browser,
  baseURL,
}) => {
  await workspaceWith(page, 4);
  const theirs = await join(page, { browser, baseURL, role: "agent" });
  await theirs.goto("/leads/board");
  const archive = async (lead: string) => {
    await card(theirs, lead)
      .getByRole("button", { name: `Move ${lead} to…` })
      .click();
    await theirs.getByRole("menuitem", { name: "Archived" }).click();
    await expect(theirs.getByRole("region", { name: "Archived, 1 lead" })).toBeVisible();
  };
  await archive("Lead 2");
  await told(theirs, "Lead 2 is in Archived now.").getByRole("button", { name: "Undo" }).click();
  await expect(told(theirs, "Lead 2 is back in New.")).toBeVisible();
  await expect(column(theirs, "New")).toContainText("Lead 2");

  await archive("Lead 1");
  await expect(told(theirs, "Lead 1 is in Archived now.")).toBeVisible();
  await theirs.keyboard.press("ControlOrMeta+z");
  await expect(told(theirs, "Lead 1 is back in New.")).toBeVisible();
  await expect(theirs.getByRole("region", { name: "New, 4 leads" })).toBeVisible();
  await theirs.context().close();
});

test("on a phone one stage at a time; a card goes by its menu, or by a finger that rests on it", async ({
  page,
}) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await workspaceWith(page, 8);
  await openBoard(page);
  await expect(column(page, "New")).toBeVisible();
  await expect(column(page, "Contacted")).toHaveCount(0);
  await expectAccessible(page);
  await page.getByRole("button", { name: "Move Lead 7 to…" }).click();
  await page.getByRole("menuitem", { name: "Contacted" }).click();
  const stages = page.getByRole("group", { name: "Stages" });
  await expect(stages.getByRole("button", { name: "Contacted 1" })).toBeVisible();

  const [from, to] = [
    await card(page, "Lead 6").boundingBox(),
    await stages.getByRole("button", { name: "Contacted 1" }).boundingBox(),
  ];
  if (!from || !to) throw new Error("The card or the stage isn't on the screen.");
  const touch = await page.context().newCDPSession(page);
  const at = (x: number, y: number) => ({ touchPoints: [{ x, y }] });
  await touch.send("Input.dispatchTouchEvent", { type: "touchStart", ...at(from.x + 40, from.y + 40) });
  await expect(page.locator("[data-lifted]")).toHaveCount(1);
  await touch.send("Input.dispatchTouchEvent", { type: "touchMove", ...at(from.x + 60, from.y + 20) });
  await touch.send("Input.dispatchTouchEvent", { type: "touchMove", ...at(to.x + 20, to.y + 20) });
  await touch.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
  await stages.getByRole("button", { name: "Contacted 2" }).click();
  await expect(column(page, "Contacted")).toContainText("Lead 6");
});
