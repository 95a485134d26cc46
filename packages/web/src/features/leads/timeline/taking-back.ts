import type { TimelineEvent } from "@bellwether/contracts/leads";
import { api, client, queryClient } from "../../../api.ts";
import { toast } from "../../../ui/index.ts";

interface Taken {
  lead_id: string;
  event: Pick<TimelineEvent, "id">;
  /** As people read it. */
  label: string;
}

/** After one event more or less. */
export function rereadEvents(lead_id: string): void {
  void queryClient.invalidateQueries({ queryKey: api.leads.timeline.key({ input: { id: lead_id } }) });
  void queryClient.invalidateQueries({ queryKey: api.events.groups.key({ input: { id: lead_id } }) });
  void queryClient.invalidateQueries({ queryKey: api.eventNames.list.key() });
}

/** Takes an event off the timeline, with the way back in the toast. */
export async function takeBack(taken: Taken): Promise<void> {
  const { lead_id, event, label } = taken;
  try {
    await client.events.remove({ id: lead_id, event_id: event.id });
    rereadEvents(lead_id);
    toast.done(`${label} is off the timeline.`, () => void putBack(taken));
  } catch (error) {
    toast.failed(error, `${label} wasn’t removed`);
  }
}

async function putBack({ lead_id, event, label }: Taken): Promise<void> {
  try {
    await client.events.restore({ id: lead_id, event_id: event.id });
    rereadEvents(lead_id);
    toast.done(`${label} is on the timeline again.`);
  } catch (error) {
    toast.failed(error, `${label} wasn’t put back`);
  }
}
