import type { Config } from "./kernel/config.ts";
import type { Database } from "./kernel/db.ts";
import type { LiveStream } from "./kernel/live.ts";
import type { Module } from "./kernel/module.ts";
import { assignment } from "./modules/assignment/index.ts";
import { audit } from "./modules/audit/index.ts";
import { board } from "./modules/board/index.ts";
import { changes } from "./modules/changes/index.ts";
import { duplicates } from "./modules/duplicates/index.ts";
import { events } from "./modules/events/index.ts";
import { exports } from "./modules/exports/index.ts";
import { fields } from "./modules/fields/index.ts";
import { home } from "./modules/home/index.ts";
import { type Accounts, identity } from "./modules/identity/index.ts";
import { imports } from "./modules/imports/index.ts";
import { leads } from "./modules/leads/index.ts";
import { live } from "./modules/live/index.ts";
import { pipeline } from "./modules/pipeline/index.ts";
import { privacy } from "./modules/privacy/index.ts";
import { reports } from "./modules/reports/index.ts";
import { segments } from "./modules/segments/index.ts";
import { views } from "./modules/views/index.ts";

export interface ModuleParts {
  accounts: Accounts;
  live: LiveStream;
  db: Database;
  config: Config;
}

/** Every module, in order: one may use the faces of those before it, and affects those after it by events alone. */
export function modules(parts: ModuleParts): Module[] {
  return [
    identity(parts.accounts),
    fields,
    leads,
    events,
    assignment,
    changes,
    imports(parts.config.dataDir),
    views,
    exports(parts.config.dataDir),
    pipeline,
    board,
    reports,
    home,
    duplicates,
    segments,
    privacy,
    audit,
    live(parts.live),
  ];
}
