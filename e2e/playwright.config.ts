import { defineConfig } from "@playwright/test";
import { browserOptions } from "./browser.ts";

export default defineConfig({
  testDir: ".",
  testMatch: "*.journey.ts",
  outputDir: "../test-results/artifacts",
  reporter: [["list"], ["json", { outputFile: "../test-results/journeys.json" }]],
  // Each runs the whole program, its database and a browser, and waits for one of them half of the time.
  workers: 2,
  // The longest take ten to fifteen seconds of a quiet machine, and three quarters of a minute of a busy one.
  timeout: 120_000,
  // A busy machine may hold a browser up for seconds. What passes at its second try is told as such.
  retries: 1,
  expect: { timeout: 10_000 },
  use: {
    browserName: "chromium",
    launchOptions: await browserOptions(),
    screenshot: "only-on-failure",
    viewport: { width: 1280, height: 800 },
    locale: "en-GB",
    timezoneId: "Europe/Berlin",
  },
});
