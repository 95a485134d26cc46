import type { Page } from "@playwright/test";
import { expect, expectAccessible, test } from "./journey.ts";
import { api, join, newPerson, signUp } from "./steps.ts";

const part = (page: Page, name: string) => page.getByRole("region", { name, exact: true });
const feed = (page: Page) => part(page, "Activity").getByRole("listitem");
async function make(page: Page, first_name: string, more: object = {}): Promise<string> {
  const lead = { email: `${first_name}@example.com`, first_name, ...more };
  return (await api<{ id: string }>(page, "/leads", "POST", lead)).id;
}
const me = async (page: Page) => (await api<{ member: { id: string } }>(page, "/session", "GET")).member.id;

/** Nobody can wait for days: the two leads that wait longest came that long ago, as far as this page knows. */
async function agedBy(page: Page, days: number): Promise<void> {
  await page.route("**/api/v1/home?*", async (route) => {
    const answer = await route.fetch();
    const home: { newest: { stage_since: string }[]; overdue: object } = await answer.json();
    const leads = home.newest.slice(0, 2).map((lead, at) => ({
      ...lead,
      stage_since: new Date(Date.parse(lead.stage_since) - (days - at) * 86_400_000).toISOString(),
    }));
    await route.fulfill({ json: { ...home, overdue: { count: { value: 2, exact: true }, leads } } });
  });
}

test("home begins with the first steps, then shows my leads, what waits too long and what is new", async ({
  page,
}) => {
  await signUp(page, newPerson("Ada Lovelace"), "Acme Home");
  await expect(page.getByRole("heading", { name: "Import a file" })).toBeVisible();
  const owner_id = await me(page);
  for (const name of ["Ann", "Bob"]) await make(page, name, { owner_id });
  await make(page, "Cid", { owner_id, stage: "contacted" });
  await expect(part(page, "My leads").getByRole("link", { name: /2\s*New/ })).toBeVisible();
  await expect(part(page, "Overdue in their stage")).toContainText("No stage has a target yet");
  await expect(part(page, "Newest leads").getByRole("listitem")).toHaveText([/Cid/, /Bob/, /Ann/]);
  await expectAccessible(page);

  await part(page, "My leads")
    .getByRole("link", { name: /2\s*New/ })
    .click();
  await expect(page.locator("header").getByRole("status")).toHaveText("2 leads");
  await page.goto("/");
  await part(page, "My leads").getByRole("link", { name: "Board" }).click();
  await expect(page).toHaveURL(/\/leads\/board\?view=mine/);

  await api(page, "/stages/new", "PATCH", { target_days: 3 });
  await agedBy(page, 12);
  await page.goto("/");
  const late = part(page, "Overdue in their stage").getByRole("listitem");
  await expect(late).toHaveText([/Cid.*12 d/, /Bob.*11 d/]);
  await part(page, "Overdue in their stage").getByText("All", { exact: true }).click();
  await expect(page).toHaveURL(/overdue=all/);
  await page.emulateMedia({ colorScheme: "dark" });
  await page.setViewportSize({ width: 390, height: 844 });
  await expectAccessible(page);
  const spill = await page.locator("#content").evaluate((main) => main.scrollWidth - main.clientWidth);
  expect(spill).toBe(0);
});

test("what others do appears as it happens, by name while one can read it and by number beyond", async ({
  page,
  browser,
  baseURL,
}) => {
  await signUp(page, newPerson("Ada Lovelace"), "Acme Live");
  const rep = await join(page, { browser, baseURL, role: "agent" });
  const ann = await make(page, "Ann", { last_name: "Lee", owner_id: await me(page) });
  await api(page, "/workspace", "PATCH", { agents_see_own: true });
  const free = await make(page, "Free");
  for (const who of [page, rep]) await who.goto("/");
  await expect(page.getByRole("heading", { name: "Today" })).toBeVisible();
  await expect(feed(rep).filter({ hasText: "created Free" })).toBeVisible();
  await expect(feed(page).filter({ hasText: "created Free and Ann Lee" })).toBeVisible();

  await api(page, `/leads/${ann}/stage`, "PUT", { stage: "contacted" });
  await expect(feed(page).first()).toContainText("moved Ann Lee from New to Contacted");
  await api(rep, `/leads/${free}`, "PATCH", { city: "Ulm" });
  await expect(feed(page).first()).toContainText("Rep Sales changed Free");
  await expect(feed(rep).first()).toContainText("Rep Sales changed Free");
  expect(await part(rep, "Activity").textContent()).not.toContain("Ann");

  for (const label of ["Industry", "Budget", "Employees", "Region"])
    await api(page, "/fields", "POST", { key: label.toLowerCase(), label, type: "text" });
  await expect(feed(page).first()).toContainText("added the fields Region, Employees and 2 more");

  // Pointed at, it holds still, and says how much waits.
  await feed(page).first().hover();
  await make(page, "Dora");
  await expect(part(page, "Activity")).toContainText("1 more");
  expect(await part(page, "Activity").textContent()).not.toContain("Dora");
  await page.mouse.move(10, 10);
  await expect(feed(page).first()).toContainText("created Dora");
  await page.getByRole("button", { name: "Pause" }).click();
  await page.mouse.move(10, 10);

  const leads = Array.from({ length: 1000 }, (_, at) => ({ email: `many${at}@example.com` }));
  await api(page, "/leads/batch", "POST", { match_on: "email", mode: "create", leads });
  await expect(part(page, "Activity")).toContainText("1,000 more");
  await page.getByRole("button", { name: "Go on" }).click();
  await expect(feed(page).first()).toContainText("1,000 leads created");
  await expect(feed(page)).toHaveCount(9);
  await expect(part(page, "Newest leads").getByRole("listitem").first()).toContainText("many999@example.com");
  await page.getByRole("button", { name: "Pause" }).focus();
  await page.mouse.move(10, 10);
  await feed(page).filter({ hasText: "moved" }).getByRole("link", { name: "Ann Lee" }).click();
  await expect(page).toHaveURL(new RegExp(`/leads/${ann}`));
  await rep.context().close();
});
