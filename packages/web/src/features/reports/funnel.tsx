import type { PipelineFilter, StageFigures } from "@bellwether/contracts/reports";
import type { ReactNode } from "react";
import { Link } from "@tanstack/react-router";
import { StageBadge } from "../../ui/index.ts";
import css from "./reports.module.css";
import { percent, RowHead, Section } from "./section.tsx";
import { numberWords, shareWords } from "./words.ts";

interface Props {
  stages: readonly StageFigures[];
  filter: PipelineFilter;
  /** They are of the reader's own leads, whatever the filter says. */
  own_only: boolean;
}

/** Who entered each stage, and what became of them. */
export function Funnel({ stages, filter, own_only }: Props) {
  const these = own_only ? { ...filter, owner_id: "me" } : filter;
  const most = Math.max(1, ...stages.map((stage) => stage.entered));
  return (
    <Section
      title="Funnel"
      file={{ table: "stages", filter }}
      lead={
        <>
          Leads that entered each stage, and where they are now:
          <Key look="won">won</Key>
          <Key look="open">neither</Key>
          <Key look="lost">lost</Key>
        </>
      }
    >
      <table className={`bw-table ${css.table}`}>
        <thead>
          <tr>
            <th scope="col">Stage</th>
            <th scope="col">Entered</th>
            <th scope="col">Won</th>
            <th scope="col">Lost</th>
            <th scope="col">There now</th>
          </tr>
        </thead>
        <tbody>
          {stages.map((stage) => (
            <Row key={stage.stage} stage={stage} most={most} filter={these} />
          ))}
        </tbody>
      </table>
    </Section>
  );
}

/** The same leads in the list. */
function ruleOf(stage: string, { owner_id, source }: PipelineFilter) {
  const is = (field: string, value: string | undefined, none: string) =>
    value === undefined ? [] : [value === none ? { field, is: "unset" } : { field, is: "eq", value }];
  return {
    all: [
      { field: "stage", is: "in", value: [stage] },
      ...is("owner_id", owner_id, "none"),
      ...is("source", source, ""),
    ],
  };
}

function Row({ stage, most, filter }: { stage: StageFigures; most: number; filter: PipelineFilter }) {
  const { entered, converted, lost, now } = stage;
  const bar = entered > 0 && (
    <>
      <span className={css.won} style={{ width: percent(converted, most) }} />
      <span className={css.open} style={{ width: percent(entered - converted - lost, most) }} />
      <span className={css.lost} style={{ width: percent(lost, most) }} />
    </>
  );
  return (
    <tr>
      <StageHead stage={stage} bar={bar} />
      <td>{numberWords(entered)}</td>
      <td>
        <Share part={converted} whole={entered} />
      </td>
      <td>
        <Share part={lost} whole={entered} />
      </td>
      <td>
        {now === 0 ? (
          0
        ) : (
          <Link to="/leads" search={{ rule: ruleOf(stage.stage, filter) }} className="bw-quiet">
            {numberWords(now)}
          </Link>
        )}
      </td>
    </tr>
  );
}

function Share({ part, whole }: { part: number; whole: number }) {
  return (
    <>
      {numberWords(part)} <span className={css.share}>{whole > 0 && shareWords(part, whole)}</span>
    </>
  );
}

export function StageHead({ stage, bar }: { stage: StageFigures; bar: ReactNode }) {
  return (
    <RowHead bar={bar}>
      <StageBadge stage={stage} />
      {stage.removed && <span className={css.removed}>removed</span>}
    </RowHead>
  );
}

export function Key({
  look,
  children,
}: {
  look: "won" | "open" | "lost" | "half" | "most" | "target";
  children: string;
}) {
  return (
    <span className={css.key}>
      <span className={css[look]} aria-hidden="true" />
      {children}
    </span>
  );
}
