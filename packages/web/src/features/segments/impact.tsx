import type { Lead } from "@bellwether/contracts/leads";
import type { Segment } from "@bellwether/contracts/segments";
import { useQuery } from "@tanstack/react-query";
import { api, sentenceOf } from "../../api.ts";
import { ConfirmDialog } from "../../ui/index.ts";
import { leadName } from "../leads/index.ts";
import type { Audience } from "./preview.tsx";
import css from "./segments.module.css";
import { leadsWords, numberWords } from "./words.ts";

interface Props {
  segment: Pick<Segment, "id" | "name">;
  audience: Audience;
  run: () => Promise<void>;
  close: () => void;
}

/** Who enters and who leaves, before the rule of an active segment is changed. */
export function ImpactDialog({ segment, audience, run, close }: Props) {
  const { rule, everyone } = audience;
  const impact = useQuery({
    ...api.segments.impact.queryOptions({
      input: { id: segment.id, rule: everyone ? null : rule, everyone },
    }),
    staleTime: 0,
    gcTime: 0,
    retry: false,
  });
  return (
    <ConfirmDialog
      opened
      title={`Change the rule of ${segment.name}?`}
      confirm="Save the rule"
      waiting={impact.isPending}
      run={run}
      close={close}
    >
      {impact.isError ? (
        <p className={css.wrong}>{sentenceOf(impact.error)}</p>
      ) : !impact.data ? (
        <p role="status">Counting who enters and who leaves…</p>
      ) : (
        <div role="status">
          <Side sign="+" words="enter" count={impact.data.enter} leads={impact.data.enter_sample} />
          <Side sign="−" words="leave" count={impact.data.leave} leads={impact.data.leave_sample} />
          <p className={css.hint}>
            Then {leadsWords(impact.data.size)} {impact.data.size === 1 ? "is" : "are"} in it. Until they are
            found, its present members stay.
          </p>
        </div>
      )}
    </ConfirmDialog>
  );
}

interface SideProps {
  sign: string;
  words: string;
  count: number;
  leads: Lead[];
}

function Side({ sign, words, count, leads }: SideProps) {
  const more = count - leads.length;
  return (
    <p className={css.side}>
      <b className="bw-num">
        {count > 0 ? sign : ""}
        {numberWords(count)}
      </b>{" "}
      {count === 1 ? `${words}s` : words}
      {leads.length > 0 && (
        <span className={css.hint}>
          {" "}
          {leads.map(leadName).join(", ")}
          {more > 0 && ` and ${numberWords(more)} more`}
        </span>
      )}
    </p>
  );
}
