import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useMay } from "../../session.tsx";
import { ErrorState, NotAllowed, SkeletonRows, useHotkeys, usePageTitle } from "../../ui/index.ts";
import { useUndoKey } from "../changes/index.ts";
import { useLookups, WaitingPairs } from "../leads/index.ts";
import { Dismissed } from "./dismissed.tsx";
import css from "./duplicates.module.css";
import { type State, useFreshPairs, usePairs } from "./pairs.ts";
import { Review } from "./review.tsx";

/** Pairs of leads that may be one person: merged, or told apart for good. */
export function DuplicatesPage() {
  usePageTitle("Duplicates");
  if (useMay("leads:merge")) return <Duplicates />;
  return (
    <div className={css.page}>
      <Head />
      <NotAllowed what="Managers and admins merge leads that are one person." />
    </div>
  );
}

function Duplicates() {
  const raw: Record<string, unknown> = useSearch({ strict: false });
  const state: State = raw["state"] === "dismissed" ? "dismissed" : "suggested";
  const lookups = useLookups();
  const list = usePairs(state);
  useFreshPairs();
  useUndoKey();
  const navigate = useNavigate();
  useHotkeys([["Escape", () => void navigate({ to: "/leads" })]]);
  return (
    <div className={css.page}>
      <Head tabs />
      {list.pages.isPending || !lookups.ready ? (
        <div className={css.body}>
          <SkeletonRows rows={10} height={44} />
        </div>
      ) : list.pages.isError && list.pairs.length === 0 ? (
        <ErrorState error={list.pages.error} retry={() => void list.pages.refetch()} />
      ) : state === "suggested" ? (
        <Review {...list} shown={raw["pair"]} lookups={lookups} />
      ) : (
        <Dismissed {...list} />
      )}
    </div>
  );
}

function Head({ tabs = false }: { tabs?: boolean }) {
  return (
    <header className={css.header}>
      <div className={css.crumb}>
        <Link to="/leads" className="bw-quiet">
          Leads
        </Link>
      </div>
      <h1>Duplicates</h1>
      {tabs && (
        <nav aria-label="Which pairs" className={css.tabs}>
          <Link
            to="/leads/duplicates"
            search={{ state: undefined }}
            activeOptions={{ explicitUndefined: true }}
          >
            To review <WaitingPairs />
          </Link>
          <Link to="/leads/duplicates" search={{ state: "dismissed" }}>
            Two people
          </Link>
        </nav>
      )}
    </header>
  );
}
