import type { Lead } from "@bellwether/contracts/leads";
import type { Segment } from "@bellwether/contracts/segments";
import { api, client, queryClient } from "../../../api.ts";
import { toast } from "../../../ui/index.ts";
import { leadName } from "../model/columns.ts";

type Named = Pick<Segment, "id" | "name">;

/** Puts one lead into a static segment, with the way back in the toast. */
export async function addToSegment(segment: Named, lead: Lead, undo = true): Promise<void> {
  try {
    const { added } = await client.segments.members.add({ id: segment.id, lead_ids: [lead.id] });
    await readAgain();
    const words = added > 0 ? `is in ${segment.name}` : `was in ${segment.name} already`;
    toast.done(
      `${leadName(lead)} ${words}.`,
      undo && added > 0 ? () => void removeFromSegment(segment, lead, false) : undefined,
    );
  } catch (error) {
    toast.failed(error, `${leadName(lead)} wasn’t added to ${segment.name}`);
  }
}

export async function removeFromSegment(segment: Named, lead: Lead, undo = true): Promise<void> {
  try {
    await client.segments.members.remove({ id: segment.id, lead_ids: [lead.id] });
    await readAgain();
    toast.done(
      `${leadName(lead)} isn’t in ${segment.name} any more.`,
      undo ? () => void addToSegment(segment, lead, false) : undefined,
    );
  } catch (error) {
    toast.failed(error, `${leadName(lead)} is still in ${segment.name}`);
  }
}

async function readAgain(): Promise<void> {
  await Promise.all(
    [api.segments.key(), api.leads.query.key()].map((queryKey) =>
      queryClient.invalidateQueries({ queryKey }),
    ),
  );
}
