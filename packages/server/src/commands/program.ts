import { type Actor, systemActor } from "../kernel/access.ts";
import { readConfig, SetupError } from "../kernel/config.ts";
import type { Config } from "../kernel/config.ts";
import { Database } from "../kernel/db.ts";
import { ProblemError } from "../kernel/problems.ts";
import { showWorkspace } from "../modules/identity/index.ts";
import { type OpenDatabase, openDatabase } from "./database.ts";

export interface Opened {
  config: Config;
  database: OpenDatabase;
  db: Database;
}

/** Opens the database for a command, and closes it whatever comes. */
export async function withProgram<T>(work: (opened: Opened) => Promise<T>): Promise<T> {
  const config = readConfig();
  const database = await openDatabase(config);
  const db = new Database(database.appUrl, { max: 4, application: "bellwether command" });
  try {
    return await work({ config, database, db });
  } finally {
    await db.close();
    await database.stop();
  }
}

/** Who acts for whoever sits at the machine, in a workspace that must exist. */
export async function commandActor(db: Database, workspace_id: string): Promise<Actor> {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(workspace_id)) {
    throw new SetupError(
      `--workspace is “${workspace_id}”, which is no workspace's id: it is shown in Settings, and by “workspace create”.`,
    );
  }
  const actor: Actor = { ...systemActor(workspace_id), name: "Command line" };
  try {
    const { time_zone, default_country } = await db.tenant(actor, (ctx) => showWorkspace(ctx));
    return { ...actor, time_zone, default_country };
  } catch (error) {
    if (error instanceof ProblemError && error.code === "not_found") {
      throw new SetupError(`There is no workspace ${workspace_id} in this database.`);
    }
    throw error;
  }
}
