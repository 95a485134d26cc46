import type { CommandName } from "./index.ts";

export const help = `Bellwether: lead management on your own machine.

  npm start                                  everything: web app, API, background work, database
  npm run -s bellwether -- COMMAND …         one of these:

  all                     the same as npm start
  serve                   web app and API only
  work                    background work only (imports, jobs)
  migrate                 bring the database to this version's form, and stop
  workspace create        a new workspace with its owner and an API key
  import FILE             read a CSV file of leads into a workspace
  demo                    a workspace with 5,000 made-up leads to try things on
  COMMAND --help          more about one of them

Commands work beside a running Bellwether, or alone: they start the database if nobody has.

Settings are environment variables:

  BELLWETHER_DATA         folder for everything that is kept      ./data
  PORT, HOST              where it listens                        3000, 0.0.0.0
  BELLWETHER_URL          the address people use                  http://localhost:PORT
  DATABASE_URL            your own PostgreSQL 18 or later, as its owner; empty: one comes with it
  DATABASE_APP_URL        the same as role bellwether_app, if it can't be derived
  BELLWETHER_SECRET       signs sessions; 32 characters or more; needed when machines share a database
  SMTP_URL                mail server, such as smtps://user:password@mail.example.com:465
  BELLWETHER_MAIL_FROM    sender of its mail
  BELLWETHER_SIGN_UP      open: anyone may make a workspace       closed (after the first)
  BELLWETHER_RATE_LIMITS  off: no limits on requests              on
  BELLWETHER_TRUST_PROXY  on, or addresses of proxies in front    off
  BELLWETHER_LOG_LEVEL    trace debug info warn error silent      info
`;

const usages: Record<CommandName, string> = {
  all: `Usage: npm start

Runs everything in one process: web app, API and background work, and PostgreSQL
unless DATABASE_URL names one. Logs go to logs/bellwether.log in the data folder.
Ctrl-C stops it; nothing is lost if it is killed instead.
`,
  serve: `Usage: npm run -s bellwether -- serve

Runs the web app and the API without background work. Start as many as you like on
one DATABASE_URL, and at least one “work”. Logs go to the standard output.
`,
  work: `Usage: npm run -s bellwether -- work

Runs background work (imports, jobs, reactions) without the web app. Start as many
as you like on one DATABASE_URL. Logs go to the standard output.
`,
  migrate: `Usage: npm run -s bellwether -- migrate

Brings the database to this version's form and stops. The other commands do it by
themselves; this is for doing it at a time of your choosing.
`,
  "workspace create": `Usage: npm run -s bellwether -- workspace create --name NAME --email EMAIL --password PASSWORD

  --name       the workspace's name
  --email      its owner's address; a person who has an account keeps it, and joins as owner
  --password   at least 10 characters; for a person who has an account, theirs
  --person     the owner's name                     the address's first part
  --time-zone  such as Europe/Berlin                this machine's

Prints one JSON object: {"workspace_id": …, "user_id": …, "api_key": …}.
The key is shown this once. It may do everything: keep it like a password.
`,
  import: `Usage: npm run -s bellwether -- import FILE --workspace ID [options]

  --workspace        the workspace's id
  --match-on         email, phone or external_id: what makes two rows one lead       email
  --mode             create, update or both                                          both
  --default-country  two letters, for phone numbers without a country code
  --date-format      auto, iso, dmy or mdy                                           auto
  --number-rows      a word; for files without e-mail, phone or id: each row gets WORD-1, WORD-2 …
  --tag              put on every lead; may be given more than once
  --check            only check every row and print what would happen

Columns are matched by their headers and values; unknown ones become new fields.
Prints one JSON object: {"import_id": …, "state": …, "check": {…}, "result": {…}}.
`,
  demo: `Usage: npm run -s bellwether -- demo

Makes the workspace “Demo” with 5,000 made-up leads, their tags, notes and history,
the same every time. Prints one JSON object with its id and how to sign in.
`,
};

export function usageOf(name: CommandName): string {
  return usages[name];
}
