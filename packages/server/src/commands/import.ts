import { SetupError } from "../kernel/config.ts";

export async function importCommand(): Promise<void> {
  throw new SetupError("Importing by command line is not there yet.");
}
