import { isReported } from "@bellwether/contracts/event-names";
import { LiveEvent, LiveMany } from "@bellwether/contracts/live";
import type { Query } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { api, apiUrl, queryClient } from "./api.ts";

type Listener = (event: LiveEvent) => void;
const listeners = new Set<Listener>();
type ManyListener = (many: LiveMany) => void;
const manyListeners = new Set<ManyListener>();

/** Calls `listener` with everything that happens in the workspace while the component is on the screen. */
export function useLive(listener: Listener): void {
  const latest = useRef(listener);
  latest.current = listener;
  useEffect(() => {
    const hear: Listener = (event) => latest.current(event);
    listeners.add(hear);
    return () => void listeners.delete(hear);
  }, []);
}

/** Calls `listener` with what happened too fast to be told one by one: how many of what name. */
export function useLiveMany(listener: ManyListener): void {
  const latest = useRef(listener);
  latest.current = listener;
  useEffect(() => {
    const hear: ManyListener = (many) => latest.current(many);
    manyListeners.add(hear);
    return () => void manyListeners.delete(hear);
  }, []);
}

/**
 * What to read again when something of this kind happened. Lists of leads are marked as old only where they aren't on the
 * screen: reading them again there would make the rows jump, so the list on the screen takes news in by itself.
 */
function invalidate(area: string, lead_ids: ReadonlySet<string> | "any"): void {
  const again = (queryKey: readonly unknown[]) => void queryClient.invalidateQueries({ queryKey });
  // What is on the screen takes the newest in by itself, at whatever depth it is.
  const old = (queryKey: readonly unknown[]) =>
    void queryClient.invalidateQueries({ queryKey, type: "inactive", refetchType: "none" });
  if (area === "import") again(api.imports.key());
  if (area === "lead") again(api.bin.key());
  if (area === "field") again(api.fields.key());
  if (area === "view") again(api.views.key());
  // Who comes and goes is told for each lead; the pages of segments look at their own pace.
  if (area === "membership" && lead_ids !== "any")
    for (const id of lead_ids) again(api.segments.ofLead.key({ input: { id } }));
  if (area === "segment") {
    again(api.segments.key());
    // A list that asked for one which had no members yet.
    void queryClient.refetchQueries({
      predicate: (query) => isShownList(query) && query.state.status === "error",
    });
  }
  if (area === "export") again(api.exports.key());
  if (area === "bulk") again(api.changes.key());
  if (area === "tag") again(api.tags.key());
  // Moves of leads are told as stage.changed: many, and the stages themselves are the same.
  if (area === "stage" && lead_ids !== "any" && lead_ids.size === 0) again(api.stages.key());
  if (area === "lost_reasons") again(api.lostReasons.key());
  if (area === "event") again(api.eventNames.key());
  if (area === "key") again(api.identity.keys.key());
  if (area === "workspace" || area === "member") again(api.identity.session.key());
  if (area === "member") {
    again(api.identity.members.key());
    again(api.identity.invitations.key());
  }
  if (lead_ids === "any") {
    again(api.leads.show.key());
    again(api.events.groups.key());
    old(api.leads.timeline.key());
    again(api.leads.moves.key());
    again(api.leads.notes.list.key());
  }
  for (const id of lead_ids === "any" ? [] : lead_ids) {
    again(api.leads.show.key({ input: { id } }));
    again(api.events.groups.key({ input: { id } }));
    old(api.leads.timeline.key({ input: { id } }));
    again(api.leads.moves.key({ input: { id } }));
    again(api.leads.notes.list.key({ input: { id } }));
  }
  if (area === "lead" || area === "import" || lead_ids === "any" || lead_ids.size > 0) {
    old(api.leads.query.key());
    again(api.leads.list.key());
  }
}

const catalogue = api.eventNames.list.queryOptions().queryKey;
/** The first of its name: completion and labels know nothing of it yet. */
function isNews(name: string): boolean {
  const known = queryClient.getQueryData(catalogue)?.data;
  return known !== undefined && isReported(name) && !known.some((each) => each.name === name);
}

/** What listeners hear when they may have missed anything. */
const reconnected: LiveEvent = {
  id: "",
  name: "live.reconnected",
  lead_id: null,
  subject_id: null,
  actor: { kind: "system", id: null, name: "" },
  occurred_at: "",
};

const lists = JSON.stringify(api.leads.query.key()[0]);
const isShownList = (query: Query): boolean =>
  query.isActive() && JSON.stringify(query.queryKey[0]) === lists;

function areaOf(name: string): string {
  return name.split(".")[0] ?? name;
}

/** Gathers what arrived within 300 ms: an import tells of itself many times a second. */
function gatherer() {
  const pending = new Map<string, Set<string> | "any">();
  let timer = 0;
  const flush = () => {
    timer = 0;
    for (const [area, ids] of pending) invalidate(area, ids);
    pending.clear();
  };
  return {
    add(event: LiveEvent) {
      // Leads come and go in one breath with what happens to the segment itself, which concerns every page of segments.
      const area = event.lead_id && event.name.startsWith("segment.") ? "membership" : areaOf(event.name);
      const ids = pending.get(area) ?? new Set<string>();
      if (event.lead_id && ids !== "any") ids.add(event.lead_id);
      pending.set(area, ids);
      if (isNews(event.name)) pending.set("event", new Set());
      timer ||= window.setTimeout(flush, 300);
    },
    /** Which leads they were about isn't told. */
    addMany(many: LiveMany) {
      for (const name of Object.keys(many.names)) pending.set(areaOf(name), "any");
      timer ||= window.setTimeout(flush, 300);
    },
    stop: () => window.clearTimeout(timer),
  };
}

/** Keeps one stream open for as long as the signed-in part is on the screen. Answers with what closes it. */
export function connectLive(): () => void {
  const gather = gatherer();
  let source: EventSource | undefined;
  let retry = 0;
  let wait_ms = 1000;
  let opened = false;

  const open = () => {
    source = new EventSource(apiUrl("/live"), { withCredentials: true });
    source.addEventListener("open", () => {
      wait_ms = 1000;
      // What happened while the line was down was told to nobody: read again what is on the screen.
      if (opened) void queryClient.invalidateQueries({ predicate: (query) => !isShownList(query) });
      // So was what happened between reading the page and the line's first opening.
      for (const listener of listeners) listener(reconnected);
      opened = true;
    });
    source.addEventListener("message", (message) => {
      const event = parse(LiveEvent, message.data);
      if (!event) return;
      gather.add(event);
      for (const listener of listeners) listener(event);
    });
    source.addEventListener("many", (message) => {
      const many = parse(LiveMany, message.data);
      if (!many) return;
      gather.addMany(many);
      for (const listener of manyListeners) listener(many);
      // Which leads changed isn't told, so whoever follows single ones looks again.
      for (const listener of listeners) listener(reconnected);
    });
    // The browser reconnects by itself after a dropped line, but never after a refusal (a restart behind a proxy, a rate limit).
    source.addEventListener("error", () => {
      if (source?.readyState !== EventSource.CLOSED) return;
      retry = window.setTimeout(open, wait_ms);
      wait_ms = Math.min(wait_ms * 2, 30_000);
    });
  };
  open();
  return () => {
    window.clearTimeout(retry);
    gather.stop();
    source?.close();
  };
}

function parse<T>(schema: { safeParse: (json: unknown) => { data?: T } }, data: unknown): T | undefined {
  try {
    const json: unknown = JSON.parse(String(data));
    return schema.safeParse(json).data;
  } catch {
    return undefined;
  }
}
