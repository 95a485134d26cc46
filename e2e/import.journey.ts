import { expect, expectAccessible, test } from "./journey.ts";
import { api, csvFile, newPerson, signUp } from "./steps.ts";

test("a file is mapped, checked, imported, and its refused rows come back", async ({ page }) => {
  await signUp(page, newPerson("Ada Lovelace"), "Acme Imports");
  await api(page, "/segments", "POST", { name: "Met at the fair", type: "static" });
  await page.goto("/imports");
  await expect(page.getByRole("heading", { name: "No imports yet" })).toBeVisible();
  await page.getByRole("link", { name: "Import a file" }).click();
  await expectAccessible(page);
  await page
    .getByLabel("File to import")
    .setInputFiles(
      csvFile("fair.csv", [
        "Email;First name;Budget",
        "ada@fair.example;Ada;1200",
        "grace@fair.example;Grace;300",
        "not an address;Nobody;1",
      ]),
    );

  await expect(page.getByRole("heading", { level: 1, name: "fair.csv" })).toBeVisible();
  await expect(page.getByRole("combobox", { name: "Email goes to" })).toHaveValue("E-mail");
  await expect(page.getByText("Semicolon")).toBeVisible();
  await expect(page.getByRole("combobox", { name: "Type of the new field for Budget" })).toHaveValue(
    "Number",
  );
  await page.getByRole("textbox", { name: "Name of the new field for Budget" }).fill("Budget per year");
  await expectAccessible(page);
  await page.getByRole("button", { name: "Check every row" }).click();

  await expect(page.getByRole("heading", { name: "What is wrong" })).toBeVisible();
  await expect(page.getByText("not an address")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Back to the columns" }).click();
  await expect(page.getByRole("textbox", { name: "Name of the new field for Budget" })).toHaveValue(
    "Budget per year",
  );
  await page.getByRole("combobox", { name: "Static segment" }).click();
  await page.getByRole("option", { name: "Met at the fair" }).click();
  await page.getByRole("button", { name: "Check every row" }).click();
  await page.getByRole("button", { name: "Import 2 leads" }).click();

  await expect(page.getByRole("link", { name: "See the leads" })).toBeVisible();
  await expect(page.getByRole("definition").filter({ hasText: /^2$/ })).toBeVisible();
  await expectAccessible(page);
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "Refused row as CSV" }).click();
  expect((await download).suggestedFilename()).toMatch(/\.csv$/);

  await page.goto("/imports");
  await expect(page.getByRole("row", { name: /fair\.csv Done 2 0 1/ })).toBeVisible();
  await page.goto("/settings/fields");
  await expect(page.getByText("Budget per year")).toBeVisible();
  await page.goto("/segments");
  await page.getByRole("link", { name: "Met at the fair" }).click();
  await expect(page.locator("[data-row]").getByRole("link", { name: "Grace" })).toBeVisible();
  await expect(
    page.getByRole("main").getByRole("status").filter({ hasText: "2 leads" }).first(),
  ).toBeVisible();
});

test("a file without any identifier numbers its rows, and is read otherwise on request", async ({ page }) => {
  await signUp(page, newPerson("Ada Lovelace"), "Acme Numbers");
  await page.goto("/imports/new");
  await page
    .getByLabel("File to import")
    .setInputFiles(csvFile("people.csv", ["age;job", "31;cook", "42;smith"]));
  await expect(page.getByText("No column tells the leads apart")).toBeVisible();
  await expect(page.getByLabel("Number the rows with")).toHaveValue("people");

  await page.getByRole("button", { name: "Read it otherwise" }).click();
  await page.getByRole("combobox", { name: "Header" }).click();
  await page.getByRole("option", { name: /^No header/ }).click();
  await page.getByRole("button", { name: "Read again" }).click();
  await expect(page.getByText("without a header")).toBeVisible();
  await page.getByRole("button", { name: "Check every row" }).click();
  await page.getByRole("button", { name: "Import 3 leads" }).click();
  await expect(page.getByRole("link", { name: "See the leads" })).toBeVisible();
});

test("what isn't a CSV file is told apart in a sentence, and a draft can be discarded", async ({ page }) => {
  await signUp(page, newPerson("Ada Lovelace"), "Acme Files");
  await page.goto("/imports/new");
  await page
    .getByLabel("File to import")
    .setInputFiles({ name: "leads.csv", mimeType: "text/csv", buffer: Buffer.alloc(0) });
  await expect(page.getByRole("alert")).toContainText(/empty/i);
  await page.getByLabel("File to import").setInputFiles({
    name: "leads.csv",
    mimeType: "text/csv",
    buffer: Buffer.from("<!doctype html><html><body><table></table></body></html>"),
  });
  await expect(page.getByRole("alert")).toContainText(/web page|html/i);

  await page.getByLabel("File to import").setInputFiles(csvFile("draft.csv", ["email", "ada@example.com"]));
  await page.getByRole("button", { name: "Discard" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Discard" }).click();
  await expect(page.getByRole("heading", { name: "No imports yet" })).toBeVisible();
});

test("an import is undone from its result, from the list and from the toast", async ({ page }) => {
  await signUp(page, newPerson("Ada Lovelace"), "Acme Undo");
  for (const name of ["first", "second"]) {
    await page.goto("/imports/new");
    await page
      .getByLabel("File to import")
      .setInputFiles(
        csvFile(`${name}.csv`, ["Email,First name", `ada@undo.example,${name}`, `${name}@undo.example,New`]),
      );
    await page.getByRole("button", { name: "Check every row" }).click();
    await page.getByRole("button", { name: /^Import 2 leads/ }).click();
    await expect(page.getByRole("link", { name: "See the leads" })).toBeVisible();
    await expect(page.getByText(`Import “${name}.csv”: 2 leads created or updated.`)).toBeVisible();
  }

  await page.getByRole("button", { name: "Undo import of second.csv" }).click();
  const dialog = page.getByRole("dialog", { name: "Undo the import of second.csv?" });
  await expect(dialog).toContainText("1 lead it created goes to the bin.");
  await expect(dialog).toContainText("Values it overwrote in 1 lead return");
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Undo import" }).click();
  await expect(
    page.getByText(/^Undone by Ada Lovelace\. 2 leads put back or moved to the bin\.$/),
  ).toBeVisible();
  await expect(page.getByRole("button", { name: /^Undo import/ })).toBeHidden();

  await page.goto("/imports");
  await expect(page.getByRole("row", { name: /second\.csv Undone/ })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Undo import of first.csv" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Undo import" }).click();
  await expect(page.getByRole("row", { name: /first\.csv Undone/ })).toBeVisible();

  await page.goto("/settings/changes");
  await expect(page.getByRole("link", { name: "Import “first.csv”" })).toBeVisible();
  await expect(page.getByText("2 leads put back or moved to the bin.").first()).toBeVisible();
  await expectAccessible(page);
  await page.goto("/leads");
  await expect(page.getByText("ada@undo.example")).toBeHidden();
});
