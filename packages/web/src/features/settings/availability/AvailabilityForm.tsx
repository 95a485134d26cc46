import type { Availability } from "@bellwether/contracts/assignment";
import { Button, Select, Radio, Group } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { api, client, fieldErrorsOf, queryClient, sentenceOf } from "../../../api.ts";
import { ErrorState, Failure, SkeletonRows, submits, toast } from "../../../ui/index.ts";
import { timeZones } from "../../../ui/regions.ts";
import { Absences } from "./Absences.tsx";
import { faultOf, officeHours } from "./model.ts";
import { Week } from "./Week.tsx";

interface Props {
  member_id: string;
  saved?: () => void;
}

/** Working hours and absences of one member, which decide who gets new leads. */
export function AvailabilityForm({ member_id, saved }: Props) {
  const now = useQuery(
    api.assignment.availability.show.queryOptions({ input: { id: member_id }, staleTime: 0 }),
  );
  if (now.isPending) return <SkeletonRows rows={4} />;
  if (now.isError) return <ErrorState error={now.error} retry={() => void now.refetch()} />;
  return <Form start={now.data} {...(saved ? { saved } : {})} />;
}

function Form({ start, saved }: { start: Availability; saved?: () => void }) {
  const [draft, setDraft] = useState(start);
  const [base, setBase] = useState(start);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState("");
  const zones = useMemo(() => timeZones(start.time_zone), [start.time_zone]);
  const dirty = JSON.stringify(draft) !== JSON.stringify(base);
  const set = (change: Partial<Availability>) => setDraft({ ...draft, ...change });

  async function save() {
    const fault = faultOf(draft);
    setFailure(fault ?? "");
    if (fault !== null) return;
    setBusy(true);
    try {
      const { member_id: id, ...rest } = draft;
      const now = await client.assignment.availability.save({ id, ...rest });
      setDraft(now);
      setBase(now);
      await queryClient.invalidateQueries({ queryKey: api.assignment.key() });
      toast.done("Working hours are saved.");
      saved?.();
    } catch (error) {
      setFailure(Object.values(fieldErrorsOf(error))[0] ?? sentenceOf(error));
    }
    setBusy(false);
  }

  return (
    <form noValidate onSubmit={submits(save)}>
      <div style={{ display: "grid", gap: 16, gridTemplateColumns: "minmax(0, 1fr)" }}>
        <Radio.Group
          label="At work"
          value={draft.hours === null ? "always" : "hours"}
          onChange={(value) => set({ hours: value === "always" ? null : officeHours })}
        >
          <Group gap="lg" mt={6}>
            <Radio value="always" label="Always" />
            <Radio value="hours" label="At these hours" />
          </Group>
        </Radio.Group>
        {draft.hours !== null && <Week hours={draft.hours} change={(hours) => set({ hours })} />}
        <Select
          label="Time zone"
          maw={380}
          data={zones}
          value={draft.time_zone}
          allowDeselect={false}
          searchable
          limit={100}
          nothingFoundMessage="No such time zone"
          onChange={(time_zone) => time_zone && set({ time_zone })}
        />
        <Absences absences={draft.absences} change={(absences) => set({ absences })} />
      </div>
      <Failure>{failure}</Failure>
      <Button type="submit" mt="md" loading={busy} disabled={!dirty}>
        Save working hours
      </Button>
    </form>
  );
}
