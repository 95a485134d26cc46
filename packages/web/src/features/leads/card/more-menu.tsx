import { ActionIcon, Menu } from "@mantine/core";
import type { Lead } from "@bellwether/contracts/leads";
import {
  IconArrowMerge,
  IconDots,
  IconEraser,
  IconEye,
  IconEyeOff,
  IconFileDownload,
  IconTrash,
  IconUserPlus,
} from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, apiUrl, client } from "../../../api.ts";
import { useMay } from "../../../session.tsx";
import { toast } from "../../../ui/index.ts";
import { EraseDialog } from "../bin/erase-dialog.tsx";
import { useRestoring } from "../bin/restoring.tsx";
import { leadName } from "../model/columns.ts";
import css from "./card.module.css";
import { MergeWith } from "./merge-with.tsx";

const icon = { size: 15, stroke: 1.6 } as const;

/** What is done seldom with one lead. An entry is absent for whoever may not, but for erasing, which people look for. */
export function MoreMenu({ lead, held, gone }: { lead: Lead; held: boolean; gone: () => void }) {
  const [erasing, setErasing] = useState(false);
  const [merging, setMerging] = useState(false);
  const may_write = useMay("leads:write");
  const may_export = useMay("leads:export");
  const may_assign = useMay("leads:assign");
  const may_merge = useMay("leads:merge");
  const may_delete = useMay("leads:delete");
  const may_erase = useMay("leads:erase");
  const { hide, show } = useHiding(lead);
  const assign = useAssigning(lead);
  const { remove, conflict } = useRemoving(lead, gone);
  if (!may_write && !may_export && !may_delete) return null;
  return (
    <>
      <Menu position="bottom-end" width={230}>
        <Menu.Target>
          <ActionIcon aria-label="More actions">
            <IconDots size={16} stroke={1.6} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {may_write &&
            (lead.hidden ? (
              <Menu.Item leftSection={<IconEye {...icon} />} onClick={() => void show()}>
                Show in lists again
              </Menu.Item>
            ) : (
              <Menu.Item leftSection={<IconEyeOff {...icon} />} onClick={() => void hide()}>
                Hide until active again
              </Menu.Item>
            ))}
          {may_assign && lead.owner_id === null && !held && (
            <Menu.Item leftSection={<IconUserPlus {...icon} />} onClick={() => void assign()}>
              Assign by the rules
            </Menu.Item>
          )}
          {may_merge && (
            <Menu.Item leftSection={<IconArrowMerge {...icon} />} onClick={() => setMerging(true)}>
              Merge with…
            </Menu.Item>
          )}
          {may_export && (
            <Menu.Item
              component="a"
              href={apiUrl(`/leads/${lead.id}/export`)}
              download
              leftSection={<IconFileDownload {...icon} />}
            >
              Download all data (JSON)
            </Menu.Item>
          )}
          {may_delete && (
            <>
              <Menu.Divider />
              <Menu.Item leftSection={<IconTrash {...icon} />} onClick={() => void remove()}>
                Put into the bin
              </Menu.Item>
              <Menu.Item
                leftSection={<IconEraser {...icon} />}
                disabled={!may_erase}
                {...(may_erase ? { color: "red.9" } : {})}
                onClick={() => setErasing(true)}
              >
                Erase for good…
                {!may_erase && <span className={css.why}>Ask an admin</span>}
              </Menu.Item>
            </>
          )}
        </Menu.Dropdown>
      </Menu>
      <MergeWith lead={lead} opened={merging} close={() => setMerging(false)} />
      <EraseDialog
        what={erasing ? { kind: "lead", id: lead.id, name: leadName(lead) } : null}
        close={() => setErasing(false)}
        erased={gone}
      />
      {conflict}
    </>
  );
}

/** Out of the lists and back, with the other way in the toast. */
export function useHiding(lead: Lead) {
  const queries = useQueryClient();
  async function set(hidden: boolean, undo?: () => void) {
    try {
      const now = await (hidden ? client.leads.hide : client.leads.unhide)({ id: lead.id });
      queries.setQueryData(api.leads.show.queryKey({ input: { id: lead.id } }), now);
      void queries.invalidateQueries({ queryKey: api.leads.query.key() });
      void queries.invalidateQueries({ queryKey: api.leads.timeline.key({ input: { id: lead.id } }) });
      toast.done(
        hidden
          ? `${leadName(lead)} is hidden until active again.`
          : `${leadName(lead)} is in the lists again.`,
        undo,
      );
    } catch (error) {
      toast.failed(error, hidden ? "The lead wasn’t hidden" : "The lead is still hidden");
    }
  }
  return { hide: () => set(true, () => void set(false)), show: () => set(false, () => void set(true)) };
}

/** To whom the rules say, with the way back in the toast. */
function useAssigning(lead: Lead) {
  const queries = useQueryClient();
  const members = useQuery(api.identity.members.list.queryOptions());
  const tell = (now: Lead) => {
    queries.setQueryData(api.leads.show.queryKey({ input: { id: lead.id } }), now);
    void queries.invalidateQueries({ queryKey: api.leads.query.key() });
    void queries.invalidateQueries({ queryKey: api.leads.timeline.key({ input: { id: lead.id } }) });
  };
  return async () => {
    try {
      const now = await client.assignment.assign({ id: lead.id });
      tell(now);
      const owner = members.data?.data.find((member) => member.id === now.owner_id)?.name ?? "a colleague";
      toast.done(`${leadName(lead)} goes to ${owner}.`, async () => {
        try {
          tell(await client.leads.setOwner({ id: lead.id, owner_id: null }));
        } catch (error) {
          toast.failed(error, "The lead keeps its owner");
        }
      });
    } catch (error) {
      toast.failed(error, "The lead wasn’t assigned");
    }
  };
}

function useRemoving(lead: Lead, gone: () => void) {
  const queries = useQueryClient();
  const { restore, conflict } = useRestoring();
  async function remove() {
    try {
      await client.leads.remove({ id: lead.id });
      gone();
      void queries.invalidateQueries({ queryKey: api.leads.query.key() });
      toast.done(`${leadName(lead)} is in the bin.`, () => void restore([lead]));
    } catch (error) {
      toast.failed(error, "The lead wasn’t deleted");
    }
  }
  return { remove, conflict };
}
