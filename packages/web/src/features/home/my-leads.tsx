import type { Home } from "@bellwether/contracts/home";
import type { Stage } from "@bellwether/contracts/pipeline";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { api } from "../../api.ts";
import { StageBadge, TextLink } from "../../ui/index.ts";
import css from "./home.module.css";

/** With more stages than this only those are shown in which I have leads. */
const all_max = 12;

/** My leads by stage, each a way into the list of them. */
export function MyLeads({ mine }: { mine: Home["mine"] }) {
  const stages = useQuery(api.stages.list.queryOptions({ staleTime: 60_000 })).data?.data ?? [];
  const counts = new Map(mine.map(({ stage, count }) => [stage, count]));
  const total = mine.reduce((sum, { count }) => sum + count, 0);
  const shown = stages
    .map((stage) => ({ stage, count: counts.get(stage.key) ?? 0 }))
    .filter(({ count }) => count > 0 || stages.length <= all_max);
  return (
    <section aria-label="My leads" className={css.mine}>
      <div className={css.head}>
        <h2>My leads</h2>
        <span className={`${css.dim} bw-num`}>{total.toLocaleString()}</span>
        <span className={css.ways}>
          <TextLink to="/leads" search={{ view: "mine" }}>
            List
          </TextLink>
          <TextLink to="/leads/board" search={{ view: "mine" }}>
            Board
          </TextLink>
        </span>
      </div>
      {total === 0 ? (
        <p className={css.quietText}>
          No lead is yours yet.{" "}
          <TextLink to="/leads" search={{ view: "unassigned" }}>
            Look at those without an owner
          </TextLink>
        </p>
      ) : (
        <ul className={css.stages}>
          {shown.map(({ stage, count }) => (
            <StageCount key={stage.key} stage={stage} count={count} share={count / total} />
          ))}
        </ul>
      )}
    </section>
  );
}

function StageCount({ stage, count, share }: { stage: Stage; count: number; share: number }) {
  const rule = {
    all: [
      { field: "owner_id", is: "eq", value: "me" },
      { field: "stage", is: "in", value: [stage.key] },
    ],
  };
  return (
    <li data-final={stage.kind !== "open" || undefined}>
      <Link to="/leads" search={{ rule }} className={css.stage}>
        <span className={css.stageCount}>{count.toLocaleString()}</span>
        <StageBadge stage={stage} />
        <span className={css.stageShare} aria-hidden="true">
          <span style={{ width: `${share * 100}%`, background: stage.colour }} />
        </span>
      </Link>
    </li>
  );
}
