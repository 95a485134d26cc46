import type { contract } from "@bellwether/contracts";
import { type Implementation, tenant } from "../../kernel/http.ts";
import { addEvent, listGroups, listNames, saveSettings, showSettings, updateName } from "./events.ts";
import { Gatherer } from "./gatherer.ts";
import { recordSubmissions } from "./record.ts";
import { removeEvent, restoreEvent } from "./take-back.ts";

const gatherer = new Gatherer();

export const eventsApi: Implementation<typeof contract.events> = {
  record: async (call, input) => {
    const submission = { actor: call.actor, ...input };
    return {
      data: input.create_leads
        ? (await call.tenant((ctx) => recordSubmissions(ctx, [submission]))).flat()
        : await gatherer.record(call.db, submission),
    };
  },
  add: tenant(addEvent),
  remove: tenant(removeEvent),
  restore: tenant(restoreEvent),
  groups: tenant(listGroups),
};

export const eventNamesApi: Implementation<typeof contract.eventNames> = {
  list: tenant(listNames),
  update: tenant(updateName),
  settings: tenant(showSettings),
  saveSettings: tenant(saveSettings),
};
