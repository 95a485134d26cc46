// node scripts/screenshot.ts URL OUT.png [--width 1440] [--height 900] [--dark] [--full] [--cookie NAME=VALUE] [--cookie-file FILE] [--wait SELECTOR]
// The cookie file holds cookies as Playwright's context.cookies() gives them.
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { chromium } from "@playwright/test";
import { browserOptions } from "../e2e/browser.ts";

const text = { type: "string" } as const;
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    width: text,
    height: text,
    dark: { type: "boolean" },
    full: { type: "boolean" },
    cookie: { type: "string", multiple: true },
    "cookie-file": text,
    wait: text,
  },
});
const [url, out] = positionals;
if (url === undefined || out === undefined) {
  process.stderr.write(
    "Usage: node scripts/screenshot.ts URL OUT.png [--width 1440] [--height 900] [--dark] [--full] [--cookie NAME=VALUE] [--cookie-file FILE] [--wait SELECTOR]\n",
  );
  process.exit(2);
}
const browser = await chromium.launch(await browserOptions());
const context = await browser.newContext({
  viewport: { width: Number(values.width ?? 1440), height: Number(values.height ?? 900) },
  colorScheme: values.dark === true ? "dark" : "light",
  deviceScaleFactor: 1,
});
for (const pair of values.cookie ?? []) {
  const [name = "", ...value] = pair.split("=");
  await context.addCookies([{ name, value: value.join("="), url }]);
}
if (values["cookie-file"] !== undefined) {
  await context.addCookies(JSON.parse(readFileSync(values["cookie-file"], "utf8")));
}
const page = await context.newPage();
page.on(
  "console",
  (message) => message.type() === "error" && process.stderr.write(`console: ${message.text()}\n`),
);
page.on("pageerror", (error) => process.stderr.write(`page: ${error.message}\n`));
await page.goto(url, { waitUntil: "domcontentloaded" });
if (values.wait === undefined) {
  // The live stream never ends, so the network is never idle.
  await page.waitForTimeout(1500);
} else {
  await page.waitForSelector(values.wait);
}
await page.screenshot({ path: out, fullPage: values.full === true });
await browser.close();
