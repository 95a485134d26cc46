import { Button, Group, Modal } from "@mantine/core";
import { bin_ids_max, type RestoreResult } from "@bellwether/contracts/bin";
import type { Lead } from "@bellwether/contracts/leads";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, client } from "../../../api.ts";
import { TextLink, toast } from "../../../ui/index.ts";
import { leadName } from "../model/columns.ts";
import css from "./bin.module.css";
import { counted, inTheWay } from "./words.ts";

interface Conflict {
  leads: Lead[];
  refused: RestoreResult[];
}

/** Takes leads out of the bin; where another lead has an address by now, asks whether to do without it. */
export function useRestoring(restored: () => void = () => undefined) {
  const queries = useQueryClient();
  const [conflict, setConflict] = useState<Conflict | null>(null);
  const [busy, setBusy] = useState(false);

  async function restore(leads: Lead[], without: string[] = []) {
    setBusy(true);
    try {
      const results = await restoreAll(
        leads.map((lead) => lead.id),
        without,
      );
      const back = leads.filter((lead) =>
        results.some((result) => result.id === lead.id && result.status === "restored"),
      );
      const refused = results.filter((result) => result.status === "refused");
      if (back.length > 0) {
        const [only] = back;
        toast.done(
          back.length === 1 && only
            ? `${leadName(only)} is back.`
            : `${counted(back.length, "lead")} are back.`,
        );
        void queries.invalidateQueries({ queryKey: api.leads.query.key() });
        restored();
      }
      void queries.invalidateQueries({ queryKey: api.bin.key() });
      setConflict(refused.length === 0 ? null : { leads, refused });
    } catch (error) {
      toast.failed(
        error,
        leads.length === 1 ? "The lead is still in the bin" : "The leads are still in the bin",
      );
    } finally {
      setBusy(false);
    }
  }

  const dialog = (
    <Modal
      opened={conflict !== null}
      onClose={() => setConflict(null)}
      title={
        conflict?.refused.length === 1
          ? "One lead stays in the bin"
          : `${counted(conflict?.refused.length ?? 0, "lead")} stay in the bin`
      }
      centered
    >
      {conflict && (
        <InTheWay
          conflict={conflict}
          busy={busy}
          close={() => setConflict(null)}
          without={(paths) => {
            const ids = new Set(conflict.refused.map((each) => each.id));
            void restore(
              conflict.leads.filter((lead) => ids.has(lead.id)),
              paths,
            );
          }}
        />
      )}
    </Modal>
  );
  return { restore, busy, conflict: dialog };
}

/** In as many calls as the server takes at once. */
async function restoreAll(ids: string[], without: string[]): Promise<RestoreResult[]> {
  const results: RestoreResult[] = [];
  for (let from = 0; from < ids.length; from += bin_ids_max) {
    // oxlint-disable-next-line no-await-in-loop -- of two with one address the first gets it, whatever the call
    const { data } = await client.bin.restoreMany({
      ids: ids.slice(from, from + bin_ids_max),
      ...(without.length === 0 ? {} : { without }),
    });
    results.push(...data);
  }
  return results;
}

const shown_max = 5;

function InTheWay({
  conflict: { leads, refused },
  busy,
  close,
  without,
}: {
  conflict: Conflict;
  busy: boolean;
  close: () => void;
  without: (paths: string[]) => void;
}) {
  const paths = inTheWay(refused);
  const nameOf = (id: string) => {
    const lead = leads.find((each) => each.id === id);
    return lead ? leadName(lead) : "A lead";
  };
  const other =
    refused.length === 1 ? refused[0]?.errors.find((error) => error.lead_id !== null)?.lead_id : null;
  return (
    <>
      <ul className={css.refused}>
        {refused.slice(0, shown_max).map(({ id, errors }) => (
          <li key={id}>
            <b>{nameOf(id)}</b>: {errors.map((error) => error.message).join(" ")}
          </li>
        ))}
        {refused.length > shown_max && <li>and {counted(refused.length - shown_max, "other")}</li>}
      </ul>
      {other && (
        <p className={css.other}>
          <TextLink to="/leads/$id" params={{ id: other }} onClick={close}>
            See the other lead
          </TextLink>
        </p>
      )}
      <Group justify="flex-end" mt="lg" gap="xs">
        <Button variant="default" onClick={close}>
          Leave in the bin
        </Button>
        {paths && (
          <Button loading={busy} onClick={() => without(paths)} data-autofocus>
            Restore without {paths.length === 1 ? "it" : "them"}
          </Button>
        )}
      </Group>
    </>
  );
}
