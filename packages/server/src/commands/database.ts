import type { Config } from "../kernel/config.ts";
import { startEmbedded } from "../kernel/embedded.ts";
import { appUrl, migrate } from "../kernel/migrate.ts";

export interface OpenDatabase {
  ownerUrl: string;
  appUrl: string;
  embedded: boolean;
  /** Names of the migrations applied now. */
  migrated: string[];
  stop(): Promise<void>;
}

/** The database that the settings name, in this version's form. */
export async function openDatabase(config: Config): Promise<OpenDatabase> {
  const embedded = config.databaseUrl === undefined ? await startEmbedded(config) : undefined;
  const ownerUrl = config.databaseUrl ?? embedded?.ownerUrl ?? "";
  const stop = async (): Promise<void> => embedded?.stop();
  try {
    const migrated = await migrate(ownerUrl, config);
    return { ownerUrl, appUrl: appUrl(ownerUrl, config), embedded: embedded !== undefined, migrated, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
