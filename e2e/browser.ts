import chromium from "@sparticuz/chromium";

// Meant for functions in the cloud: one process for all, which crashes when a page closes, and a browser without the
// same-origin rules that we want to see kept.
const UNWANTED = [
  "--single-process",
  "--disable-web-security",
  "--allow-running-insecure-content",
  "--disable-site-isolation-trials",
];

/** The Chromium that comes inside an npm package, since a download can't be counted on; unpacked at the first call. */
export async function browserOptions(): Promise<{ executablePath: string; args: string[] }> {
  // No WebGL here: painting through an emulated graphics card takes four times the work of painting without one.
  chromium.setGraphicsMode = false;
  const executablePath = await chromium.executablePath();
  const args = chromium.args.filter(
    (arg) =>
      !UNWANTED.includes(arg) && !arg.startsWith("--disable-features") && !arg.startsWith("--headless"),
  );
  return { executablePath, args: [...args, "--disable-gpu"] };
}
