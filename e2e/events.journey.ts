import type { Page } from "@playwright/test";
import { expect, expectAccessible, test } from "./journey.ts";
import { api, join, newPerson, signUp } from "./steps.ts";

const minute_ms = 60_000;
const ago = (minutes: number) => new Date(Date.now() - minutes * minute_ms).toISOString();
const timeline = (page: Page) => page.getByRole("region", { name: "Timeline" });
const items = (page: Page) => timeline(page).getByRole("listitem");

async function make(page: Page, first_name: string): Promise<string> {
  const lead = { email: `${first_name.toLowerCase()}@example.com`, first_name };
  return (await api<{ id: string }>(page, "/leads", "POST", lead)).id;
}
const send = (page: Page, lead_id: string, events: { name: string; [more: string]: unknown }[]) =>
  api(page, "/events", "POST", { events: events.map((event) => ({ lead_id, ...event })) });

/** Chooses from a list that opens under its box. */
async function choose(page: Page, box: string, option: string | RegExp): Promise<void> {
  await page.getByRole("combobox", { name: box, exact: true }).click();
  await page.getByRole("option", { name: option, exact: true }).click();
}

test("what programs report reaches the card as it happens, at any depth; by kind, in groups, and by hand", async ({
  page,
  browser,
  baseURL,
}) => {
  await signUp(page, newPerson("Ada Lovelace"), "Acme Events");
  const ann = await make(page, "Ann");
  const viewed = Array.from({ length: 120 }, (_, at) => ({
    name: "page.viewed",
    occurred_at: ago(at * 60 + 5),
    properties: { url: `/page/${at}` },
  }));
  await send(page, ann, viewed);
  await page.goto(`/leads/${ann}`);
  await expect(items(page).first()).toContainText("created this lead");
  await expect(items(page)).toHaveCount(50);
  await timeline(page).getByRole("button", { name: "Load older" }).click();
  await expect(items(page)).toHaveCount(100);

  // Read far below, it grows on top, and what one reads stays where it is.
  const read = items(page).filter({ hasText: "/page/90" });
  await read.scrollIntoViewIfNeeded();
  const place = async () => Math.round((await read.boundingBox())?.y ?? 0);
  const before = await place();
  await send(page, ann, [
    { name: "order placed", properties: { amount: 120, paid: true, to: { city: "Ulm" } } },
  ]);
  await expect(items(page)).toHaveCount(101);
  // To the pixel, but for lines whose heights are no whole ones.
  await expect.poll(async () => Math.abs((await place()) - before)).toBeLessThanOrEqual(1);
  await expect(items(page).first()).toContainText(
    /order placed by Ada Lovelace.*to\.city.*Ulm.*paid.*Yes.*amount.*120/,
  );

  await timeline(page).getByRole("tab", { name: "Groups" }).click();
  await expect(timeline(page).getByRole("button", { name: /Page viewed ×120 first .* last/ })).toBeVisible();
  await expectAccessible(page);
  await timeline(page)
    .getByRole("button", { name: /order placed ×1/ })
    .click();
  await expect(items(page)).toHaveCount(1);
  await timeline(page).getByRole("button", { name: "Kinds of events: order placed" }).click();
  await page.getByRole("checkbox", { name: "Created ×1" }).check();
  await expect(items(page)).toHaveCount(2);
  await page.keyboard.press("Escape");
  await timeline(page).getByRole("button", { name: "Show all kinds" }).click();
  await expect(items(page)).toHaveCount(101);

  await timeline(page).getByRole("button", { name: "Add event" }).click();
  const dialog = page.getByRole("dialog", { name: "Add an event to Ann" });
  await dialog.getByRole("textbox", { name: "Value 1" }).press("Enter");
  await expect(dialog).toContainText("Choose an event, or type a name for a new one.");
  await dialog.getByRole("combobox", { name: "Event" }).fill("lead.won");
  await expect(page.getByText("are kept for what happens in Bellwether itself")).toBeVisible();
  await dialog.getByRole("combobox", { name: "Event" }).fill("Fair visited");
  await page.getByRole("option", { name: "Fair visited" }).click();
  await dialog.getByRole("combobox", { name: "Property 1" }).fill("hall");
  await dialog.getByRole("textbox", { name: "Value 1" }).fill("7");
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Add event" }).click();
  await expect(items(page).first()).toContainText(/Fair visited by Ada Lovelace.*hall.*7/);

  // A slip goes again, by the toast or the event's own menu, and comes back; nobody takes back what Bellwether told.
  const visited = items(page).filter({ hasText: "Fair visited" });
  const undo = (told: string) =>
    page.getByRole("alert").filter({ hasText: told }).getByRole("button", { name: "Undo" }).first();
  await undo("is on the timeline.").click();
  await expect(visited).toHaveCount(0);
  await undo("is off the timeline.").click();
  await expect(visited).toHaveCount(1);
  await expectAccessible(page);
  await visited.getByRole("button", { name: "What to do with Fair visited" }).click();
  await page.getByRole("menuitem", { name: "Remove" }).click();
  await expect(visited).toHaveCount(0);
  await undo("is off the timeline.").click();
  await expect(visited).toContainText(/Fair visited by Ada Lovelace.*hall.*7/);
  const created = items(page).filter({ hasText: "created this lead" });
  await expect(created.getByRole("button", { name: /^What to do/ })).toHaveCount(0);

  const viewer = await join(page, { browser, baseURL, role: "viewer" });
  await viewer.goto(`/leads/${ann}`);
  await expect(items(viewer).first()).toContainText("Fair visited");
  await expect(timeline(viewer).getByRole("button", { name: /^(Add event|What to do)/ })).toHaveCount(0);
  await viewer.goto("/settings/events");
  await expect(viewer.getByText("Fair visited")).toBeVisible();
  await expect(viewer.getByRole("button", { name: /^(Rename|Hide)/ })).toHaveCount(0);
  await expect(viewer.getByRole("combobox", { name: "Keep reported events" })).toBeDisabled();
  await viewer.context().close();
});

test("the list is filtered by what happened: how often, when, with which properties; by clicks and by text", async ({
  page,
}) => {
  await signUp(page, newPerson("Ada Lovelace"), "Acme Happened");
  const [ann, bob] = [await make(page, "Ann"), await make(page, "Bob")];
  await make(page, "Cid");
  const pricing = (minutes: number, seconds: number) => ({
    name: "pricing.viewed",
    occurred_at: ago(minutes),
    properties: { seconds },
  });
  await send(page, ann, [pricing(10, 40), pricing(20, 50), pricing(30, 60)]);
  await send(page, bob, [pricing(10, 40), pricing(60 * 24 * 40, 50), pricing(60 * 24 * 41, 60)]);
  await api(page, "/event-names/pricing.viewed", "PATCH", { label: "Viewed pricing" });
  await page.goto("/leads");
  await page.getByRole("button", { name: "Filter", exact: true }).click();
  await choose(page, "Field", "Event");
  await page.getByRole("combobox", { name: "Which event" }).fill("pricing");
  await page.getByRole("option", { name: /Viewed pricing/ }).click();
  await choose(page, "How often", "at least");
  await page.getByRole("textbox", { name: "How many times" }).fill("3");
  await choose(page, "When", "in the last …");
  await page.getByRole("textbox", { name: "In the last", exact: true }).fill("14");
  await page.getByRole("button", { name: "Property", exact: true }).click();
  await choose(page, "Property", "seconds");
  await page.getByRole("textbox", { name: "Value" }).fill("30");
  await expectAccessible(page);
  await page.getByRole("button", { name: "Apply" }).click();
  const filters = page.getByRole("group", { name: "Filters" });
  await expect(filters).toContainText(
    "Viewed pricing with seconds is at least 30 at least 3 times in the last 14 days",
  );
  await expect(page.locator("header").getByRole("status")).toHaveText("1 lead");
  await expect(page.getByRole("link", { name: "Ann" })).toBeVisible();

  // What others do changes whom it finds, while one looks.
  await send(page, bob, [pricing(1, 45), pricing(2, 45)]);
  await expect(page.getByText("1 new lead", { exact: true })).toBeVisible();
  await page.getByRole("button", { name: "Show", exact: true }).click();
  await expect(page.getByRole("link", { name: "Bob" })).toBeVisible();

  await filters.getByRole("button", { name: "Edit as text" }).click();
  const box = page.getByRole("combobox", { name: "Search leads" });
  await expect(box).toHaveValue("did:pricing.viewed[seconds>=30]>=3/14d");
  await box.fill("");
  await box.pressSequentially("-did:pric");
  await page.keyboard.press("Enter");
  await expect(box).toHaveValue("-did:pricing.viewed");
  await page.getByRole("option", { name: "in the last 7 days /7d" }).click();
  await expect(page.locator("header").getByRole("status")).toHaveText("1 lead");
  await expect(page.getByRole("link", { name: "Cid" })).toBeVisible();
  await page.getByRole("button", { name: "Turn the search into filters" }).click();
  await expect(filters).toContainText("Viewed pricing not in the last 7 days");
  await page.setViewportSize({ width: 390, height: 844 });
  await filters.getByRole("button", { name: /^Viewed pricing/ }).click();
  await expect(
    page.getByRole("form", { name: "Filter" }).getByRole("button", { name: "Apply" }),
  ).toBeInViewport();
  await expectAccessible(page);

  // Of a segment that asks the same, why says how often it happened, and how much of that counts.
  const rule = { event: "pricing.viewed", count: { is: "gte", value: 3 }, within: { last: "14d" } };
  const { id } = await api<{ id: string }>(page, "/segments", "POST", {
    name: "Keen",
    rule,
    state: "active",
  });
  await page.goto(`/segments/${id}`);
  await page.getByRole("button", { name: "Check a lead" }).click();
  await page.getByRole("textbox", { name: "Lead" }).fill("bob@example.com");
  await page.getByRole("list", { name: "Leads found" }).getByRole("button").first().click();
  await expect(page.getByRole("region", { name: "Why" })).toContainText(
    /5 times, 3 of them as asked, last on /,
  );
  await expectAccessible(page);
});

test("a day is chosen by what it is to today, and the filter moves on with the days", async ({ page }) => {
  await signUp(page, newPerson("Ada Lovelace"), "Acme Days");
  await api(page, "/fields", "POST", { key: "renewal", label: "Renewal", type: "date" });
  const day = (days: number) => new Date(Date.now() + days * 24 * 60 * minute_ms).toISOString().slice(0, 10);
  for (const [first_name, days] of Object.entries({ Ann: 30, Bob: 31 })) {
    const lead = { email: `${first_name}@example.com`, first_name, attributes: { renewal: day(days) } };
    await api(page, "/leads", "POST", lead);
  }
  await api(page, "/workspace", "PATCH", { time_zone: "UTC" });
  await page.goto("/leads");
  await page.getByRole("button", { name: "Filter", exact: true }).click();
  await choose(page, "Field", "Renewal");
  await choose(page, "Comparison", "is on");
  await choose(page, "Value: which day", "In … days");
  await page.getByRole("textbox", { name: "Value: how many days" }).fill("30");
  await expectAccessible(page);
  await page.getByRole("button", { name: "Apply" }).click();
  const filters = page.getByRole("group", { name: "Filters" });
  await expect(filters).toContainText("Renewal is in 30 days");
  await expect(page.getByRole("link", { name: "Ann" })).toBeVisible();
  await expect(page.locator("header").getByRole("status")).toHaveText("1 lead");
  await filters.getByRole("button", { name: /^Renewal/ }).click();
  await choose(page, "Comparison", "is between");
  await choose(page, "To: which day", "Next year");
  await page.setViewportSize({ width: 390, height: 844 });
  await expectAccessible(page);
  await page.getByRole("button", { name: "Apply" }).click();
  await expect(filters).toContainText("Renewal is between in 30 days and next year");
  await expect(page.locator("header").getByRole("status")).toHaveText("2 leads");
  await filters.getByRole("button", { name: "Edit as text" }).click();
  const box = page.getByRole("combobox", { name: "Search leads" });
  await expect(box).toHaveValue("renewal:in_30_days..next_year");
});

test("the catalogue says how to send, what came and with what; labels, hiding, and how long events are kept", async ({
  page,
}) => {
  await signUp(page, newPerson("Ada Lovelace"), "Acme Catalogue");
  await page.goto("/settings/events");
  await expect(page.getByRole("heading", { name: "No events yet" })).toBeVisible();
  await expectAccessible(page);
  // The example does what it says, once it has a key.
  const { key } = await api<{ key: string }>(page, "/keys", "POST", { name: "Shop", role: "agent" });
  const example = (await page.getByLabel("Example request").textContent()) ?? "";
  const [, url = "", body = ""] = /^curl (\S+) [\s\S]*-d '([\s\S]*)'$/.exec(example) ?? [];
  const answer = await page.request.post(url, {
    headers: { Authorization: `Bearer ${key}`, "Content-Type": "application/json", cookie: "" },
    data: body,
  });
  expect([answer.status(), (await answer.json()).data[0].status]).toEqual([207, "accepted"]);
  const own = page.getByRole("region", { name: "Your events" });
  await expect(own).toContainText("1 of 1,000 names");
  await expect(own).toContainText(/order placed.*amount number.*plan text.*1 time/);

  await own.getByRole("button", { name: "Rename order placed" }).click();
  await page.getByRole("textbox", { name: "Label" }).fill("Bought");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(own).toContainText(/Bought.*order placed/);
  await own.getByRole("button", { name: "Hide Bought" }).click();
  await expect(own).toContainText("Hidden");
  await page.goto("/leads");
  const offered = async () => {
    await page.getByRole("button", { name: "Filter", exact: true }).click();
    await choose(page, "Field", "Event");
    await page.getByRole("combobox", { name: "Which event" }).fill("bou");
    await expect(page.getByRole("option", { name: "bou", exact: true })).toBeVisible();
    return page.getByRole("option", { name: /Bought/ }).count();
  };
  expect(await offered()).toBe(0);
  await page.goto("/settings/events");
  await own.getByRole("button", { name: "Show Bought" }).click();
  await expect(page.getByText("Bought is offered again.")).toBeVisible();

  await choose(page, "Keep reported events", "6 months");
  await expect(page.getByRole("dialog")).toContainText("This can’t be undone.");
  await page.getByRole("button", { name: "Delete older events" }).click();
  await expect(page.getByRole("combobox", { name: "Keep reported events" })).toHaveValue("6 months");
  await page.goto("/");
  await expect(page.getByRole("region", { name: "Activity" })).toContainText(/Bought: .* by Shop/);

  await page.emulateMedia({ colorScheme: "dark" });
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto("/settings/events");
  await expect(own).toContainText("Bought");
  await expectAccessible(page);
  const spill = await page.locator("#content").evaluate((main) => main.scrollWidth - main.clientWidth);
  expect(spill).toBe(0);
});
