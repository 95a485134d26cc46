import { readConfig, SetupError } from "../kernel/config.ts";
import { Database } from "../kernel/db.ts";
import { createAccounts, createWorkspaceByHand } from "../modules/identity/index.ts";
import { openDatabase } from "./database.ts";
import { needed, optionsOf } from "./options.ts";

const text = { type: "string" } as const;

export async function createWorkspaceCommand(args: string[]): Promise<void> {
  const options = { name: text, email: text, password: text, person: text, "time-zone": text };
  const { values } = optionsOf("workspace create", { args, options });
  const { name, email, password } = values;
  needed("workspace create", { "--name": name, "--email": email, "--password": password });
  const input = checked({
    name: name ?? "",
    email: email ?? "",
    password: password ?? "",
    person: values.person,
    time_zone: values["time-zone"],
  });
  const config = readConfig();
  const database = await openDatabase(config);
  const db = new Database(database.appUrl, { max: 2, application: "bellwether command" });
  try {
    const made = await createWorkspaceByHand(db, createAccounts(db, config), input);
    process.stdout.write(`${JSON.stringify(made)}\n`);
  } finally {
    await db.close();
    await database.stop();
  }
}

function checked(given: {
  name: string;
  email: string;
  password: string;
  person: string | undefined;
  time_zone: string | undefined;
}) {
  const email = given.email.trim().toLowerCase();
  if (!/^[^\s@]+@[^\s@]+\.[^\s@.]{2,}$/.test(email)) {
    throw new SetupError(`--email is “${given.email}”, which is no e-mail address.`);
  }
  if (given.password.length < 10) {
    throw new SetupError("--password is too short: give at least 10 characters.");
  }
  return {
    name: given.name.trim(),
    email,
    password: given.password,
    person: given.person?.trim() || (email.split("@")[0] ?? email),
    time_zone: given.time_zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
  };
}
