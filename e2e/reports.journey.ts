import { readFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import { expect, expectAccessible, test } from "./journey.ts";
import { api, join, newPerson, signUp } from "./steps.ts";

const part = (page: Page, name: string) => page.getByRole("region", { name, exact: true });
const row = (page: Page, name: string, first: RegExp) =>
  part(page, name)
    .getByRole("row")
    .filter({ has: page.getByRole("rowheader", { name: first }) });
const lead = async (page: Page, name: string, more: object = {}) =>
  (await api<{ id: string }>(page, "/leads", "POST", { email: `${name}@example.com`, ...more })).id;
const move = (page: Page, id: string, stage: string) =>
  api(page, `/leads/${id}/stage`, "PUT", { stage, ...(stage === "lost" ? { reason: "Price" } : {}) });

/** Ten leads: six won, two lost, two on their way; half of them from ads. */
async function pipelineWith(page: Page): Promise<void> {
  await signUp(page, newPerson("Ada Lovelace"), "Acme Reports");
  for (let n = 0; n < 10; n++) {
    const id = await lead(page, `r${n}`, { source: n % 2 === 0 ? "Ads" : "Fair 2026" });
    if (n === 9) continue;
    await move(page, id, "contacted");
    if (n < 8) await move(page, id, n < 6 ? "converted" : "lost");
  }
}

test("the report tells what became of leads, for the days and leads asked for, and as files", async ({
  page,
  browser,
  baseURL,
}) => {
  await pipelineWith(page);
  await page.getByRole("link", { name: "Reports" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Pipeline report" })).toBeVisible();
  await expect(page.getByRole("definition").last()).toHaveText(/75\s%of 8 that ended/);
  await expect(row(page, "Funnel", /New/)).toHaveText(/10.*6 60\s%.*2 20\s%.*1$/);
  await expect(row(page, "Funnel", /Contacted/)).toHaveText(/9.*6 67\s%.*2 22\s%.*1$/);
  await expect(row(page, "Time in stage", /New/)).toContainText("less than a minute");
  await expect(row(page, "Moves", /Contacted to Converted/)).toHaveText(/66$/);
  await expectAccessible(page);

  await part(page, "By owner").getByText("Source", { exact: true }).click();
  const sources = part(page, "By source").locator("tbody").getByRole("rowheader");
  await part(page, "By source").getByRole("button", { name: "Source" }).click();
  await expect(sources).toHaveText(["Ads", "Fair 2026"]);
  await part(page, "By source").getByRole("button", { name: "Source" }).press("Enter");
  await expect(sources).toHaveText(["Fair 2026", "Ads"]);
  await expect(page).toHaveURL(/by=source/);
  await part(page, "By source").getByRole("button", { name: "Ads" }).click();
  await expect(row(page, "Funnel", /New/)).toHaveText(/5.*3 60\s%/);
  await page.reload();
  await expect(page.getByRole("combobox", { name: "Source" })).toHaveValue("Ads");
  await expect(row(page, "Funnel", /New/)).toHaveText(/5.*3 60\s%/);

  const files = { Funnel: /^.?stage,name,kind/, "By source": /^.?key,label,created/, Moves: /^.?from,to,/ };
  for (const [title, begins] of Object.entries(files)) {
    const download = page.waitForEvent("download");
    await page.getByRole("link", { name: `Download CSV: ${title}` }).click();
    const text = readFileSync(await (await download).path(), "utf8");
    expect(text).toMatch(begins);
    expect(text).not.toContain("Fair");
  }

  await page.getByRole("combobox", { name: "Period" }).click();
  await page.getByRole("option", { name: "Other days" }).click();
  await page.getByRole("textbox", { name: "From" }).fill("2020-01-01");
  await page.getByRole("textbox", { name: "To" }).fill("2019-12-31");
  await expect(page.getByText("Ends before it begins.")).toBeVisible();
  await page.getByRole("textbox", { name: "To" }).fill("2020-01-31");
  await expect(page.getByText("No lead came or moved in these days.")).toBeVisible();
  await expect(page.getByText("there are no times to tell yet")).toBeVisible();
  await page.goto("/reports?source=Nowhere");
  await page.getByRole("button", { name: "Clear owner and source" }).click();
  await expect(row(page, "Funnel", /New/)).toHaveText(/10/);

  await row(page, "Funnel", /Lost/).getByRole("link", { name: "2" }).click();
  await expect(page.locator("header").getByRole("status")).toHaveText("2 leads");
  await page.goBack();

  await page.emulateMedia({ colorScheme: "dark" });
  await page.setViewportSize({ width: 390, height: 844 });
  await expectAccessible(page);
  const spill = await page.locator("#content").evaluate((main) => main.scrollWidth - main.clientWidth);
  expect(spill).toBe(0);

  const rep = await join(page, { browser, baseURL, role: "agent" });
  await rep.getByRole("link", { name: "Reports" }).click();
  await expect(rep.getByText("your own leads")).toBeVisible();
  await expect(rep.getByRole("heading", { name: "Nothing to report yet" })).toBeVisible();
  await expect(rep.getByRole("combobox", { name: "Owner" })).toHaveCount(0);
  await rep.context().close();
  const viewer = await join(page, { browser, baseURL, role: "viewer" });
  await expect(viewer.getByRole("link", { name: "Reports" })).toHaveCount(0);
  await viewer.goto("/reports");
  await expect(viewer.getByText("Agents see figures of their own leads")).toBeVisible();
  await viewer.context().close();
});
