import { readConfig } from "../kernel/config.ts";
import { openDatabase } from "./database.ts";
import { optionsOf } from "./options.ts";

export async function migrateCommand(args: string[]): Promise<void> {
  optionsOf("migrate", { args, options: {} });
  const database = await openDatabase(readConfig());
  await database.stop();
  const said =
    database.migrated.length === 0
      ? "The database is up to date."
      : `Applied: ${database.migrated.join(", ")}.`;
  process.stdout.write(`${said}\n`);
}
