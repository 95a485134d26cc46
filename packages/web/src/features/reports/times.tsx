import type { PipelineFilter, StageFigures } from "@bellwether/contracts/reports";
import { useQuery } from "@tanstack/react-query";
import { api } from "../../api.ts";
import { spentWords } from "../../ui/index.ts";
import { Key, StageHead } from "./funnel.tsx";
import css from "./reports.module.css";
import { percent, Section } from "./section.tsx";
import { few, numberWords } from "./words.ts";

const day_seconds = 86_400;

/** How long leads stay where they are before they go on. */
export function Times({ stages, filter }: { stages: readonly StageFigures[]; filter: PipelineFilter }) {
  const targets = useTargets();
  const left = stages.filter((stage) => stage.stays > 0);
  const longest = Math.max(
    1,
    ...left.map((stage) => Math.max(stage.p90_seconds ?? 0, targets.get(stage.stage) ?? 0)),
  );
  return (
    <Section
      title="Time in stage"
      file={{ table: "stages", filter }}
      lead={
        left.length > 0 && (
          <>
            Of stays that ended in these days:
            <Key look="half">half were this short</Key>
            <Key look="most">nine of ten were</Key>
            {targets.size > 0 && <Key look="target">target</Key>}
          </>
        )
      }
    >
      {left.length === 0 ? (
        <p className={css.note}>No lead left a stage in these days, so there are no times to tell yet.</p>
      ) : (
        <table className={`bw-table ${css.table}`}>
          <thead>
            <tr>
              <th scope="col">Stage</th>
              <th scope="col">Half within</th>
              <th scope="col">9 of 10 within</th>
              <th scope="col">Target</th>
              <th scope="col">Stays</th>
            </tr>
          </thead>
          <tbody>
            {left.map((stage) => (
              <Row
                key={stage.stage}
                stage={stage}
                target={targets.get(stage.stage) ?? null}
                longest={longest}
              />
            ))}
          </tbody>
        </table>
      )}
    </Section>
  );
}

/** In seconds. */
function useTargets(): Map<string, number> {
  const stages = useQuery(api.stages.list.queryOptions({ staleTime: 60_000 })).data?.data ?? [];
  return new Map(
    stages.flatMap(({ key, kind, target_days }): [string, number][] =>
      target_days === null || kind !== "open" ? [] : [[key, target_days * day_seconds]],
    ),
  );
}

interface RowProps {
  stage: StageFigures;
  target: number | null;
  longest: number;
}
function Row({ stage, target, longest }: RowProps) {
  const half = stage.median_seconds ?? 0;
  const most = stage.p90_seconds ?? 0;
  const late = target !== null && half > target;
  const bar = (
    <>
      <span className={css.most} style={{ width: percent(most, longest) }} />
      <span className={css.half} style={{ width: percent(half, longest) }} data-late={late || undefined} />
      {target !== null && <span className={css.target} style={{ left: percent(target, longest) }} />}
    </>
  );
  return (
    <tr>
      <StageHead stage={stage} bar={bar} />
      <td className={late ? css.late : undefined}>
        {spentWords(half)}
        {late && <span className={css.under}>past the target</span>}
      </td>
      <td>{spentWords(most)}</td>
      <td>{target === null ? "–" : spentWords(target)}</td>
      <td>
        {numberWords(stage.stays)}
        {stage.stays < few && <span className={css.under}>too few</span>}
      </td>
    </tr>
  );
}
