import { AxeBuilder } from "@axe-core/playwright";
import { expect, type Page, test as base } from "@playwright/test";
import { type Program, startProgram, temporaryFolder } from "./program.ts";

/** `test` with the real program behind it: `baseURL` is set, the data folder is new for each worker. */
export const test = base.extend<object, { program: Program }>({
  program: [
    // eslint-disable-next-line no-empty-pattern -- Playwright reads what a fixture needs from this pattern
    async ({}, use) => {
      const folder = temporaryFolder();
      const program = await startProgram({
        dataDir: folder.path,
        environment: { BELLWETHER_RATE_LIMITS: "off", BELLWETHER_SIGN_UP: "open" },
      });
      await use(program);
      expect(await program.stop(), "exit code after Ctrl-C").toBe(0);
      folder.remove();
    },
    // The first of all builds the web app.
    { scope: "worker", timeout: 240_000 },
  ],
  page: async ({ page }, use) => {
    await use(page);
    // Answers that are still changed on their way need nobody any more, and must not fail what is over.
    await page.unrouteAll({ behavior: "ignoreErrors" });
  },
  baseURL: async ({ program }, use) => {
    await use(program.url);
  },
});

export { expect };

/** No violation of WCAG 2.2 A and AA that a program can find. */
export async function expectAccessible(page: Page): Promise<void> {
  // What is still fading in has too little contrast for a moment; what never ends (a skeleton) isn't waited for.
  await page.evaluate(
    "Promise.race([Promise.allSettled(document.getAnimations().map((each) => each.finished)), new Promise((end) => setTimeout(end, 1000))]).then(() => null)",
  );
  const { violations } = await new AxeBuilder({ page })
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"])
    .analyze();
  const found = violations.map(({ id, help, nodes }) => ({
    id,
    help,
    where: nodes.map((node) => node.target.join(" ")),
  }));
  expect(found).toEqual([]);
}
