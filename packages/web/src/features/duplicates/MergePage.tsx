import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { api, isProblem } from "../../api.ts";
import { useMay } from "../../session.tsx";
import { ErrorState, NotAllowed, SkeletonRows, useHotkeys, usePageTitle } from "../../ui/index.ts";
import { leadName, useLookups } from "../leads/index.ts";
import { Decide, type Decision } from "./decide.tsx";
import css from "./duplicates.module.css";
import { readAgain } from "./merging.ts";

/** Any two leads, chosen by hand or suggested: the one whose card one came from stays unless chosen otherwise. */
export function MergePage() {
  usePageTitle("Merge");
  const may_merge = useMay("leads:merge");
  const { id = "", other = "" } = useParams({ strict: false });
  if (!may_merge)
    return (
      <div className={css.page}>
        <NotAllowed what="Managers and admins merge leads that are one person." />
      </div>
    );
  return <Merge key={`${id} ${other}`} id={id} other={other} />;
}

function Merge({ id, other }: { id: string; other: string }) {
  const navigate = useNavigate();
  const lookups = useLookups();
  const a = useQuery(api.leads.show.queryOptions({ input: { id } }));
  const b = useQuery(api.leads.show.queryOptions({ input: { id: other } }));
  const pairs = useQuery(api.duplicates.list.queryOptions({ input: { lead_id: id, limit: 200 } }));
  const pair = pairs.data?.data.find((each) => each.leads.some((lead) => lead.id === other));
  const toCard = (to: string) => void navigate({ to: "/leads/$id", params: { id: to }, replace: true });
  useHotkeys([["Escape", () => toCard(id)]]);
  const decided = (decision: Decision) => {
    toCard(decision.kind === "merged" ? decision.kept : id);
    readAgain();
  };
  const failed = [a, b].find((lead) => lead.isError && !lead.data);
  return (
    <div className={css.page}>
      <header className={css.header}>
        <div className={css.crumb}>
          <Link to="/leads/$id" params={{ id }} className="bw-quiet">
            {a.data ? leadName(a.data) : "Lead"}
          </Link>
        </div>
        <h1>Merge</h1>
      </header>
      {failed ? (
        <ErrorState
          error={failed.error}
          title="These two can’t be merged"
          {...(isProblem(failed.error, "not_found") ? {} : { retry: () => void failed.refetch() })}
        />
      ) : a.data && b.data && lookups.ready && !pairs.isPending ? (
        <section className={css.pane} aria-label="The two cards">
          <Decide two={[a.data, b.data]} pair={pair} lookups={lookups} decided={decided} />
        </section>
      ) : (
        <div className={css.body}>
          <SkeletonRows rows={10} height={44} />
        </div>
      )}
    </div>
  );
}
