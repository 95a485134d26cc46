import { commands } from "./commands/index.ts";
import { help, usageOf } from "./commands/help.ts";
import { SetupError } from "./kernel/config.ts";
import { ProblemError } from "./kernel/problems.ts";

/** Runs one command of the command line. Failures end in one sentence and exit code 1. */
export async function main(args: string[]): Promise<void> {
  const name = commandIn(args);
  if (name === undefined || args.includes("--help") || args.includes("-h")) {
    const asked = args.length === 0 || args.some((arg) => ["--help", "-h", "help"].includes(arg));
    if (asked) {
      process.stdout.write(name === undefined ? help : usageOf(name));
    } else {
      process.stderr.write(
        `There is no command “${args.join(" ")}”. “npm run -s bellwether -- --help” lists them.\n`,
      );
      process.exitCode = 2;
    }
    return;
  }
  try {
    const command = await commands[name]();
    await command(args.slice(name.split(" ").length));
  } catch (error) {
    process.stderr.write(`${sentence(error)}\n`);
    process.exit(1);
  }
}

function commandIn(args: string[]): keyof typeof commands | undefined {
  const words = args.filter((arg) => !arg.startsWith("-"));
  return known(words.slice(0, 2).join(" ")) ?? known(words[0] ?? "");
}

function known(name: string): keyof typeof commands | undefined {
  return Object.keys(commands).find((key): key is keyof typeof commands => key === name);
}

function sentence(error: unknown): string {
  // These have a sentence meant for people; anything else is ours to look into.
  if (error instanceof SetupError || error instanceof ProblemError) {
    return error.message;
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
