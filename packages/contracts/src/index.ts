/** The contract: every endpoint the outside may see, in one tree. */
import { assignment } from "./assignment.ts";
import { audit } from "./audit.ts";
import { bin } from "./bin.ts";
import { board } from "./board.ts";
import { bulk, changes } from "./changes.ts";
import { duplicates } from "./duplicates.ts";
import { eventNames, events } from "./events.ts";
import { leadExports } from "./exports.ts";
import { fields } from "./fields.ts";
import { home } from "./home.ts";
import { identity } from "./identity.ts";
import { imports } from "./imports.ts";
import { leads, tagList } from "./leads.ts";
import { live } from "./live.ts";
import { moves } from "./moves.ts";
import { lostReasons, stages } from "./pipeline.ts";
import { privacy } from "./privacy.ts";
import { reports } from "./reports.ts";
import { segments } from "./segments.ts";
import { views } from "./views.ts";

export const contract = {
  identity,
  fields,
  stages,
  lostReasons,
  board,
  reports,
  home,
  leads,
  moves,
  bin,
  assignment,
  tags: tagList,
  events,
  eventNames,
  imports,
  views,
  segments,
  exports: leadExports,
  bulk,
  changes,
  duplicates,
  privacy,
  audit,
  live,
};
export type Contract = typeof contract;
