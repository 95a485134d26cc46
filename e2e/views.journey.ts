import type { Page } from "@playwright/test";
import { expect, expectAccessible, test } from "./journey.ts";
import { api, workspaceWith } from "./steps.ts";

test("filter, save it as a view, share the address, change and save again, rename, delete", async ({
  page,
}) => {
  await workspaceWith(page, 60);
  const count = page.locator("header").getByRole("status");
  const views = page.getByRole("navigation", { name: "Views" });
  await expect(views.getByRole("link")).toHaveText([
    "All",
    "Mine",
    "Unassigned",
    "Hot",
    "New this week",
    "Final",
  ]);
  await views.getByRole("link", { name: "Mine" }).click();
  await expect(count).toHaveText("0 leads");
  await expect(page.getByRole("group", { name: "Filters" })).toContainText("Owner is me");
  await views.getByRole("link", { name: "Unassigned" }).click();
  await expect(count).toHaveText("60 leads");
  await expectAccessible(page);

  await page.getByRole("combobox", { name: "Search leads" }).fill("plan:Pro");
  await expect(count).toHaveText("30 leads");
  const changes = page.getByRole("group", { name: "Changes to this view" });
  await expect(changes.getByRole("button")).toHaveText(["Discard changes", "Save as new…"]);
  await changes.getByRole("button", { name: "Save as new…" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill("Free pros");
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Save view" }).click();
  await expect(views.getByRole("link", { name: "Free pros" })).toHaveAttribute("aria-current", "page");
  await expect(page).toHaveURL(/\?view=[0-9a-f-]{36}$/);
  await page.goto(page.url());
  await expect(count).toHaveText("30 leads");

  await page.getByRole("combobox", { name: "Search leads" }).fill("plan:Basic");
  await page.getByRole("button", { name: "Columns" }).click();
  await page.getByRole("checkbox", { name: "Company" }).uncheck();
  await page.keyboard.press("Escape");
  await expect(page).toHaveURL(/changed=true/);
  await changes.getByRole("button", { name: "Save", exact: true }).click();
  await expect(changes).toHaveCount(0);
  await page.goto(page.url());
  await expect(page.getByRole("combobox", { name: "Search leads" })).toHaveValue("plan:Basic");
  await expect(page.getByRole("columnheader", { name: "Company" })).toHaveCount(0);

  await page.getByRole("button", { name: "More for the view Free pros" }).click();
  await page.getByRole("menuitem", { name: "Rename" }).click();
  await dialog.getByLabel("Name").fill("Free basics");
  await dialog.getByRole("button", { name: "Rename" }).click();
  await expect(views.getByRole("link", { name: "Free basics" })).toBeVisible();
  await page.getByRole("button", { name: "More for the view Free basics" }).click();
  await page.getByRole("menuitem", { name: "Move left" }).click();
  await expect(views.getByRole("link").nth(5)).toContainText("Free basics");
  await page.getByRole("button", { name: "More for the view Free basics" }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await dialog.getByRole("button", { name: "Delete view" }).click();
  await expect(views.getByRole("link", { name: "Free basics" })).toHaveCount(0);
  await expect(count).toHaveText("60 leads");
  await expect(page.getByRole("columnheader", { name: "Company" })).toBeVisible();
});

test("views are put in order by dragging and by keyboard, and the order is there on another machine", async ({
  page,
  browser,
  baseURL,
}) => {
  await workspaceWith(page, 3);
  const views = (of: Page) => of.getByRole("navigation", { name: "Views" }).getByRole("link");
  await views(page).nth(3).dragTo(views(page).nth(0));
  await expect(views(page)).toHaveText(["Hot", "All", "Mine", "Unassigned", "New this week", "Final"]);
  await views(page).nth(5).focus();
  await page.keyboard.press("Alt+ArrowLeft");
  await expect(page.getByText("Final is now 5 of 6.")).toBeAttached();
  await page.keyboard.press("Alt+ArrowLeft");
  const order = ["Hot", "All", "Mine", "Final", "Unassigned", "New this week"];
  await expect(views(page)).toHaveText(order);
  await expect(views(page).nth(3)).toBeFocused();
  await expectAccessible(page);
  const saved = async () =>
    (await api<{ data: { name: string }[] }>(page, "/views", "GET")).data.map((view) => view.name);
  await expect.poll(saved).toEqual(order);

  const other = await browser.newContext({
    baseURL: baseURL ?? "",
    storageState: { cookies: await page.context().cookies(), origins: [] },
  });
  const elsewhere = await other.newPage();
  await elsewhere.goto("/leads");
  await expect(views(elsewhere)).toHaveText(order);
  await other.close();
});

test("a view is a list or a board: saved, opened from its tab, ⌘K and an old link, changed by switching, for others too", async ({
  page,
}) => {
  await workspaceWith(page, 6);
  const views = page.getByRole("navigation", { name: "Views" });
  const shape = page.getByRole("navigation", { name: "Shown as" });
  const changes = page.getByRole("group", { name: "Changes to this view" });
  await page.goto("/leads/board");
  await page.getByRole("combobox", { name: "Search leads" }).fill("plan:Pro");
  await page.getByRole("button", { name: "Cards" }).click();
  await page.getByRole("checkbox", { name: "E-mail" }).check();
  await page.keyboard.press("Escape");
  await changes.getByRole("button", { name: "Save as new…" }).click();
  const dialog = page.getByRole("dialog", { name: "New view" });
  await dialog.getByLabel("Name").fill("Pros by stage");
  await dialog.getByRole("button", { name: "Save view" }).click();
  const tab = views.getByRole("link", { name: "Pros by stage" });
  await expect(tab).toHaveAttribute("aria-current", "page");
  await expect(page).toHaveURL(/\/leads\/board\?view=[0-9a-f-]{36}$/);
  await expect(changes).toHaveCount(0);
  const saved = (await api<{ data: object[] }>(page, "/views", "GET")).data.at(-1);
  expect(saved).toMatchObject({ layout: "board", card_fields: ["score", "tags", "lost_reason", "email"] });
  const address = page.url();

  // The other shape is a change like any other: it says so, is taken back, or saved.
  await shape.getByRole("link", { name: "Table" }).click();
  await expect(page).toHaveURL(/\/leads\?.*changed=true/);
  await expect(page.locator("header").getByRole("status")).toHaveText("3 leads");
  await expect(changes.getByRole("button")).toHaveText(["Discard changes", "Save as new…", "Save"]);
  await expectAccessible(page);
  await changes.getByRole("button", { name: "Discard changes" }).click();
  await expect(page).toHaveURL(address);

  // Everybody's views open as what is on the screen; one's own as it was saved, from everywhere.
  await views.getByRole("link", { name: "Mine" }).click();
  await expect(page).toHaveURL(/\/leads\/board\?view=mine$/);
  await page.goto(address.replace("/leads/board", "/leads"));
  await expect(page).toHaveURL(address);
  await page.goto("/");
  await expect(page.getByRole("navigation", { name: "Main" })).toBeVisible();
  await page.keyboard.press("ControlOrMeta+k");
  await page.getByRole("combobox").fill("Pros by");
  await page.getByRole("option", { name: /Pros by stage/ }).click();
  await expect(page).toHaveURL(address);

  await page.getByRole("button", { name: "Cards" }).click();
  await page.getByRole("checkbox", { name: "E-mail" }).uncheck();
  await page.keyboard.press("Escape");
  await expect(changes.getByRole("button", { name: "Save", exact: true })).toBeVisible();
  await shape.getByRole("link", { name: "Table" }).click();
  await changes.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page).toHaveURL(/\/leads\?view=[0-9a-f-]{36}$/);
  await expect(changes).toHaveCount(0);
});
