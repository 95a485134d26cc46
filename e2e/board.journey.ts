import type { Locator, Page } from "@playwright/test";
import { expect, expectAccessible, test } from "./journey.ts";
import { api, workspaceWith } from "./steps.ts";

const column = (page: Page, stage: string) => page.getByRole("region", { name: new RegExp(`^${stage}, `) });
const card = (page: Page, lead: string) => page.getByRole("group", { name: new RegExp(`^${lead}(,|$)`) });
const told = (page: Page, words: string | RegExp) => page.getByRole("alert").filter({ hasText: words });

async function openBoard(page: Page): Promise<void> {
  await page.getByRole("link", { name: "Board" }).click();
  await expect(page).toHaveURL(/\/leads\/board/);
  await expect(page.locator("[data-card]").first()).toBeVisible();
}

async function drag(page: Page, from: Locator, to: Locator): Promise<void> {
  const [start, end] = [await from.boundingBox(), await to.boundingBox()];
  if (!start || !end) throw new Error("What is dragged, or where to, isn't on the screen.");
  await page.mouse.move(start.x + 30, start.y + 40);
  await page.mouse.down();
  await page.mouse.move(start.x + 60, start.y + 60, { steps: 3 });
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
  const { columns } = await api<{ columns: { stage: string; leads: { lost_reason: string }[] }[] }>(
    page,
    "/board",
    "GET",
  );
  expect(columns.find((each) => each.stage === "lost")?.leads[0]?.lost_reason).toBe("They moved to Mars");
});
