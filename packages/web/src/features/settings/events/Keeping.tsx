import { Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, client, queryClient } from "../../../api.ts";
import { useMay } from "../../../session.tsx";
import { ConfirmDialog, ErrorState, toast } from "../../../ui/index.ts";
import css from "../settings.module.css";
import { isShorter, monthChoices, monthsWords } from "./model.ts";

const query = api.eventNames.settings.queryOptions();
async function save(keep_months: number | null) {
  queryClient.setQueryData(query.queryKey, await client.eventNames.saveSettings({ keep_months }));
  toast.done("Saved.");
}

/** How long reported events are kept, and what goes when they aren't. */
export function Keeping() {
  const settings = useQuery(query);
  const may_write = useMay("settings:write");
  const [asked, setAsked] = useState<number | null>(null);
  const keep_months = settings.data?.keep_months ?? null;
  const pick = (picked: string | null) => {
    if (picked === null) return;
    const to = picked === "" ? null : Number(picked);
    if (isShorter(keep_months, to)) setAsked(to);
    else void save(to).catch((error: unknown) => toast.failed(error));
  };
  return (
    <section className={css.section} aria-label="How long events are kept">
      <h2>How long events are kept</h2>
      <p className={css.hint}>
        Reported events that are older are deleted, hour by hour. How often each happened to a lead, first and
        last, stays known. Changes, notes and moves made in Bellwether are never deleted by this.
      </p>
      {settings.isError && !settings.data && (
        <ErrorState error={settings.error} retry={() => void settings.refetch()} />
      )}
      {settings.data && (
        <Select
          label="Keep reported events"
          w={240}
          data={monthChoices(keep_months)}
          value={keep_months === null ? "" : String(keep_months)}
          onChange={pick}
          disabled={!may_write}
          description={may_write ? undefined : "Only admins change this."}
          allowDeselect={false}
        />
      )}
      {asked !== null && (
        <ConfirmDialog
          opened
          danger
          title={`Keep events for ${monthsWords(asked)}?`}
          confirm="Delete older events"
          close={() => setAsked(null)}
          run={() => save(asked)}
        >
          Reported events older than {monthsWords(asked)} are deleted within the hour, with their properties.
          Their counts, first and last times stay. This can’t be undone.
        </ConfirmDialog>
      )}
    </section>
  );
}
