import { SetupError } from "../kernel/config.ts";

export async function demoCommand(): Promise<void> {
  throw new SetupError("The demo workspace is not there yet.");
}
