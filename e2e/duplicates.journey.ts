import type { Page } from "@playwright/test";
import { expect, expectAccessible, test } from "./journey.ts";
import { api, join, newPerson, signUp } from "./steps.ts";

interface Made {
  id: string;
}

const grace = {
  email: "grace.hopper@gmail.com",
  first_name: "Grace",
  last_name: "Hopper",
  company: "US Navy",
  job_title: "Rear admiral",
  city: "Arlington",
  tags: ["vip"],
};
const twin = {
  email: "gracehopper+cobol@gmail.com",
  first_name: "Grace B.",
  last_name: "Hopper",
  company: "U.S. Navy",
  phone: "+12025550142",
  tags: ["conference"],
};
const steve = {
  email: "steve.jones@example.com",
  first_name: "Steve",
  last_name: "Jones",
  company: "Initech",
};
const steven = {
  email: "s.jones@example.org",
  first_name: "Steven",
  last_name: "Jones",
  company: "Initech GmbH",
};

/** A workspace with two pairs to review, the surest of them Grace with a note on her second card. */
async function workspaceWithPairs(page: Page): Promise<{ grace: Made; twin: Made }> {
  await signUp(page, newPerson("Ada Lovelace"), "Acme Wind");
  const create = (lead: object) => api<Made>(page, "/leads", "POST", lead);
  const [one, two] = [await create(grace), await create(twin)];
  await create(steve);
  await create(steven);
  await api(page, `/leads/${two.id}/notes`, "POST", { body: "<p>Met at the conference.</p>" });
  await page.goto("/leads/duplicates");
  await expect(page.getByRole("navigation", { name: "Pairs" }).getByRole("listitem")).toHaveCount(2);
  return { grace: one, twin: two };
}

const title = (page: Page) => page.getByRole("heading", { level: 2 });
const option = (page: Page, field: string, value: string) =>
  page.getByRole("radiogroup", { name: field, exact: true }).getByRole("radio", { name: value, exact: true });

test("two cards are compared, merged field by field, and taken apart again", async ({ page }) => {
  const { grace: kept, twin: gone } = await workspaceWithPairs(page);
  const pairs = page.getByRole("navigation", { name: "Pairs" });
  await pairs.getByRole("button", { name: /Grace Hopper/ }).click();
  await expect(title(page)).toHaveText("Grace Hopper and Grace B. Hopper");
  await expect(page.getByText(/^Same mailbox, spelled differently/).last()).toBeVisible();
  await expectAccessible(page);

  await option(page, "First name", "Grace B.").click();
  await expect(option(page, "First name", "Grace B.")).toBeChecked();
  await expect(page.getByText("Grace B. Hopper").last()).toBeVisible();
  await expect(page.getByText(/1 note, 1 tag and .* come over from the other card/)).toBeVisible();
  await page.getByRole("button", { name: "Merge into Grace Hopper" }).click();
  const told = page.getByRole("alert").filter({ hasText: "Grace B. Hopper is merged into Grace Hopper." });
  await expect(told).toBeVisible();
  await expect(title(page)).toHaveText(/Jones/);
  await expect(title(page)).toBeFocused();

  // The link of the card that is no more leads to the one that stayed, on which everything is.
  await page.goto(`/leads/${gone.id}`);
  await expect(page).toHaveURL(new RegExp(`/leads/${kept.id}$`));
  await expect(page.getByText("The lead you opened was merged into this one.")).toBeVisible();
  await expect(page.getByRole("heading", { level: 1, name: "Grace B. Hopper" })).toBeVisible();
  for (const text of [
    "grace.hopper@gmail.com",
    "+12025550142",
    "vip",
    "conference",
    "Met at the conference.",
  ])
    await expect(page.getByText(text).first()).toBeVisible();
  const timeline = page.getByRole("region", { name: "Timeline" });
  await expect(timeline).toContainText("merged another lead into this one");
  await expect(timeline).toContainText("added the tag “conference”");

  await page.goto("/settings/changes");
  const entry = page.getByRole("listitem").filter({ hasText: "Two leads became one" });
  await expectAccessible(page);
  await entry.getByRole("button", { name: /^Undo/ }).click();
  await expect(page.getByRole("listitem").filter({ hasText: "Both leads are back." })).toBeVisible();
  await page.goto(`/leads/${gone.id}`);
  await expect(page.getByRole("heading", { level: 1, name: "Grace B. Hopper" })).toBeVisible();
  await expect(page.getByRole("link", { name: twin.email })).toBeVisible();
  await page.goto(`/leads/${kept.id}`);
  await expect(page.getByRole("heading", { level: 1, name: "Grace Hopper" })).toBeVisible();
  await expect(page.getByText("conference", { exact: true })).toHaveCount(0);
});

test("by keyboard: next, the other card stays, merge, undo; two people, and back again", async ({ page }) => {
  await workspaceWithPairs(page);
  const first = (await title(page).textContent()) ?? "";
  await page.keyboard.press("j");
  await expect(title(page)).not.toHaveText(first);
  await page.keyboard.press("k");
  await expect(title(page)).toHaveText(first);

  await page.keyboard.press("d");
  await expect(page.getByRole("alert").filter({ hasText: "stay two people" })).toBeVisible();
  await expect(title(page)).not.toHaveText(first);
  await page.keyboard.press("s");
  await expect(
    page.getByRole("radiogroup", { name: "Card that stays" }).getByRole("radio").nth(1),
  ).toBeChecked();
  await page.keyboard.press("m");
  await expect(page.getByRole("alert").filter({ hasText: "is merged into" })).toBeVisible();
  await expect(page.getByRole("heading", { name: "No duplicates found" })).toBeVisible();
  await page.keyboard.press("Control+z");
  await expect(page.getByRole("alert").filter({ hasText: "Both leads are back." })).toBeVisible();
  await expect(title(page)).not.toHaveText("No duplicates found");

  await page.getByRole("link", { name: "Two people" }).click();
  await expectAccessible(page);
  await page.getByRole("button", { name: `Suggest again: ${first}` }).click();
  await expect(page.getByRole("heading", { name: "No pair was told apart yet" })).toBeVisible();
  await page.getByRole("link", { name: "To review" }).click();
  await expect(page.getByRole("navigation", { name: "Pairs" }).getByRole("listitem")).toHaveCount(2);
  await page.setViewportSize({ width: 390, height: 844 });
  await page.getByRole("button", { name: "Next pair" }).click();
  await expect(page.getByRole("status").filter({ hasText: "2 of 2" })).toBeVisible();
  await expectAccessible(page);
});

test("a lead’s card says who it may be, and merges with any other; on a phone and in the dark", async ({
  page,
}) => {
  const { grace: lead, twin: other } = await workspaceWithPairs(page);
  await page.goto(`/leads/${lead.id}`);
  await expect(page.getByText("May be the same person as Grace B. Hopper of U.S. Navy.")).toBeVisible();
  await page.getByRole("button", { name: "More actions" }).click();
  await page.getByRole("menuitem", { name: "Merge with…" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("The other card").fill("steve.jones");
  await dialog.getByRole("button", { name: /Steve Jones/ }).click();
  await expect(title(page)).toHaveText("Grace Hopper and Steve Jones");
  await expect(page.getByRole("button", { name: "Two people" })).toHaveCount(0);

  await page.goto(`/leads/${lead.id}`);
  await page.getByRole("link", { name: "Review" }).click();
  await expect(page).toHaveURL(new RegExp(`/leads/${lead.id}/merge/${other.id}$`));
  await page.setViewportSize({ width: 390, height: 844 });
  await expectAccessible(page);
  await page.emulateMedia({ colorScheme: "dark" });
  await expectAccessible(page);
  await option(page, "E-mail", twin.email).click();
  await page.getByRole("button", { name: "Merge into Grace Hopper" }).click();
  await expect(page).toHaveURL(new RegExp(`/leads/${lead.id}$`));
  await expect(page.getByRole("link", { name: twin.email })).toBeVisible();
});

test("a value changed meanwhile is seen before the two are merged", async ({ page }) => {
  const { grace: kept } = await workspaceWithPairs(page);
  await page.goto(`/leads/${kept.id}`);
  await page.getByRole("link", { name: "Review" }).click();
  await expect(page.getByRole("button", { name: "Merge into Grace Hopper" })).toBeEnabled();
  // Somebody is faster by the blink of an eye.
  await page.route(
    "**/merge",
    async (route) => {
      await api(page, `/leads/${kept.id}`, "PATCH", { city: "Bonn" });
      await route.continue();
    },
    { times: 1 },
  );
  await page.keyboard.press("m");
  await expect(page.getByRole("alert").filter({ hasText: "changed" })).toBeVisible();
  await expect(page.getByText("Bonn").first()).toBeVisible();
  await page.keyboard.press("m");
  await expect(page).toHaveURL(new RegExp(`/leads/${kept.id}$`));
});

test("an agent isn’t offered it", async ({ page, browser, baseURL }) => {
  const { grace: lead, twin: other } = await workspaceWithPairs(page);
  const hers = await join(page, { browser, baseURL, role: "agent" });
  await hers.getByRole("link", { name: "Leads" }).first().click();
  await hers.getByRole("button", { name: "More", exact: true }).click();
  await expect(hers.getByRole("menuitem").first()).toBeVisible();
  await expect(hers.getByRole("menuitem", { name: /Duplicates/ })).toHaveCount(0);
  await hers.goto(`/leads/${lead.id}`);
  await expect(hers.getByRole("heading", { level: 1, name: "Grace Hopper" })).toBeVisible();
  await expect(hers.getByText("May be the same person")).toHaveCount(0);
  for (const path of ["/leads/duplicates", `/leads/${lead.id}/merge/${other.id}`]) {
    await hers.goto(path);
    await expect(hers.getByText("Not part of your role")).toBeVisible();
  }
  await hers.context().close();
});
