import type { PipelineFilter } from "@bellwether/contracts/reports";
import { IconDownload } from "@tabler/icons-react";
import { type ReactNode, useId } from "react";
import { apiUrl } from "../../api.ts";
import css from "./reports.module.css";
import { queryOf } from "./search.ts";

interface Props {
  title: string;
  lead?: ReactNode;
  beside?: ReactNode;
  file: { table: "stages" | "moves" | "groups"; filter: PipelineFilter };
  children: ReactNode;
}

/** A part of the report: its title, what its signs mean, its figures, and those as a file. */
export function Section({ title, lead, beside, file, children }: Props) {
  const id = useId();
  return (
    <section className={css.section} aria-labelledby={id}>
      <div className={css.head}>
        <h2 id={id}>{title}</h2>
        {beside}
        <a
          className={css.file}
          href={apiUrl(`/reports/pipeline.csv?${queryOf(file.filter, file.table)}`)}
          download
          aria-label={`Download CSV: ${title}`}
        >
          <IconDownload size={15} stroke={1.7} aria-hidden="true" /> CSV
        </a>
      </div>
      {lead && <div className={css.legend}>{lead}</div>}
      {children}
    </section>
  );
}

/** The head of a row with its bar beside it, below it on a phone. What it shows is said by the row's figures too. */
export function RowHead({ bar, children }: { bar: ReactNode; children: ReactNode }) {
  return (
    // oxlint-disable-next-line jsx-a11y/control-has-associated-label -- its text is deeper than the rule looks
    <th scope="row">
      <div className={css.rowHead}>
        <span>{children}</span>
        <span className={css.track} aria-hidden="true">
          {bar}
        </span>
      </div>
    </th>
  );
}

export const percent = (part: number, whole: number): string =>
  `${whole === 0 ? 0 : Math.min(100, (part / whole) * 100)}%`;
