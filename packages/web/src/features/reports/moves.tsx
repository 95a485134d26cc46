import type { PipelineFilter, PipelineReport } from "@bellwether/contracts/reports";
import { Button } from "@mantine/core";
import { useState } from "react";
import { StageBadge } from "../../ui/index.ts";
import css from "./reports.module.css";
import { percent, RowHead, Section } from "./section.tsx";
import { numberWords } from "./words.ts";

const shown_first = 8;

/** From which stage to which. */
export function Moves({ report, filter }: { report: PipelineReport; filter: PipelineFilter }) {
  const [all, setAll] = useState(false);
  const { moves } = report;
  const stages = new Map(report.stages.map((stage) => [stage.stage, stage]));
  const badge = (key: string) => {
    const stage = stages.get(key);
    return stage ? <StageBadge stage={stage} /> : key;
  };
  const most = Math.max(1, ...moves.map((move) => move.moves));
  return (
    <Section title="Moves" file={{ table: "moves", filter }}>
      {moves.length === 0 ? (
        <p className={css.note}>No lead moved in these days.</p>
      ) : (
        <table className={`bw-table ${css.table}`}>
          <thead>
            <tr>
              <th scope="col">From one stage to another</th>
              <th scope="col">Moves</th>
              <th scope="col">Leads</th>
            </tr>
          </thead>
          <tbody>
            {(all ? moves : moves.slice(0, shown_first)).map((move) => (
              <tr key={`${move.from} ${move.to}`}>
                <RowHead bar={<span className={css.half} style={{ width: percent(move.moves, most) }} />}>
                  <span className={css.way}>
                    {badge(move.from)}{" "}
                    <span role="img" aria-label="to">
                      →
                    </span>{" "}
                    {badge(move.to)}
                  </span>
                </RowHead>
                <td>{numberWords(move.moves)}</td>
                <td>{numberWords(move.leads)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {moves.length > shown_first && (
        <Button variant="subtle" color="gray" size="compact-sm" mt={8} onClick={() => setAll(!all)}>
          {all ? "Show the most frequent" : `Show all ${numberWords(moves.length)}`}
        </Button>
      )}
    </Section>
  );
}
