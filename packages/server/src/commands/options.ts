import { parseArgs, type ParseArgsConfig } from "node:util";
import { SetupError } from "../kernel/config.ts";
import { usageOf } from "./help.ts";
import type { CommandName } from "./index.ts";

/** `parseArgs`, whose complaints end with the command's usage. */
export function optionsOf<const T extends ParseArgsConfig>(name: CommandName, config: T) {
  try {
    return parseArgs({ strict: true, ...config });
  } catch (error) {
    throw new SetupError(`${error instanceof Error ? error.message : String(error)}\n\n${usageOf(name)}`);
  }
}

/** The given text, or a sentence that names what is missing. */
export function needed(
  name: CommandName,
  values: Record<string, string | undefined>,
): Record<string, string> {
  const missing = Object.entries(values).filter(([, value]) => value === undefined || value.trim() === "");
  if (missing.length > 0) {
    throw new SetupError(`Missing: ${missing.map(([option]) => option).join(", ")}.\n\n${usageOf(name)}`);
  }
  return Object.fromEntries(Object.entries(values).map(([option, value]) => [option, value ?? ""]));
}
