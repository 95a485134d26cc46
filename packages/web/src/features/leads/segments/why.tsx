import type { Lead } from "@bellwether/contracts/leads";
import type { Explanation, Segment, SegmentName } from "@bellwether/contracts/segments";
import { Modal } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { api } from "../../../api.ts";
import { ErrorState, RelativeTime, SkeletonRows } from "../../../ui/index.ts";
import type { Lookups } from "../lookups.ts";
import { leadName } from "../model/columns.ts";
import { ExplainedRule } from "./explained.tsx";
import css from "./segments.module.css";

export interface WhyAsked {
  lead: Lead;
  segment: Pick<Segment, "id" | "name" | "type">;
}

/** “Why is this lead (not) in?”: every condition of the segment's rule, true or false for this lead now. */
export function WhyDialog({
  asked,
  lookups,
  close,
}: {
  asked: WhyAsked | null;
  lookups: Lookups;
  close: () => void;
}) {
  return (
    <Modal
      opened={asked !== null}
      onClose={close}
      title={asked ? `${leadName(asked.lead)} and ${asked.segment.name}` : ""}
      size="lg"
      centered
    >
      {asked && <Why {...asked} lookups={lookups} />}
    </Modal>
  );
}

export function Why({ lead, segment, lookups }: WhyAsked & { lookups: Lookups }) {
  const why = useQuery({
    ...api.segments.explain.queryOptions({ input: { id: segment.id, lead: lead.id } }),
    staleTime: 0,
  });
  if (why.isError) return <ErrorState error={why.error} retry={() => void why.refetch()} />;
  if (!why.data) return <SkeletonRows rows={3} height={28} />;
  return (
    <div role="region" aria-label="Why">
      <p className={css.verdict}>
        <Verdict
          lead={lead}
          type={segment.type}
          why={why.data}
          now={lookups.names.segments.find((each) => each.id === segment.id)}
        />
      </p>
      {why.data.note && <p className={css.note}>{why.data.note}</p>}
      {why.data.explained && <ExplainedRule explained={why.data.explained} lookups={lookups} />}
    </div>
  );
}

interface VerdictProps {
  lead: Lead;
  type: Segment["type"];
  why: Explanation;
  now: SegmentName | undefined;
}

function Verdict({ lead, type, why, now }: VerdictProps) {
  const name = leadName(lead);
  if (!why.member) {
    if (type === "static") return `${name} isn’t in it: nobody has added this lead.`;
    if (why.meets !== true) return `${name} isn’t in it.`;
    return now?.state === "retired"
      ? `${name} meets the rule now, but the segment is retired and takes nobody in.`
      : `${name} meets the rule now, and comes in as soon as the segment’s members are brought up to date.`;
  }
  return (
    <>
      {name} {type === "static" ? "was added" : "is in it, and came in"}{" "}
      {why.entered_at && <RelativeTime at={why.entered_at} />}
      {why.meets !== false
        ? "."
        : now?.state === "retired"
          ? ", and stays though it doesn’t meet the rule any more: the segment is retired."
          : ", but doesn’t meet the rule any more, and leaves as soon as the segment’s members are brought up to date."}
    </>
  );
}
