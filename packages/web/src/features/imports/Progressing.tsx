import type { Import } from "@bellwether/contracts/imports";
import { Progress } from "@mantine/core";
import type { ReactNode } from "react";
import css from "./imports.module.css";
import { timeLeft } from "./model.ts";
import { formatNumber } from "./words.ts";

/** How far it is, how fast, and how long still. The bar moves without a share until the total is known. */
export function Progressing({ title, of, children }: { title: string; of: Import; children?: ReactNode }) {
  const { done, total, rows_per_second } = of.progress ?? { done: 0, total: 0, rows_per_second: 0 };
  const known = total > 0;
  const left = timeLeft(done, total, rows_per_second);
  return (
    <div className={css.progress}>
      <p style={{ margin: "0 0 8px" }}>
        <b>{title}</b>
      </p>
      <Progress
        value={known ? Math.min(100, (done / total) * 100) : 100}
        animated={!known}
        striped={!known}
        size="sm"
        aria-label={title}
        transitionDuration={140}
      />
      <div className={css.progressLine}>
        <span className="bw-num">
          {known
            ? `${formatNumber(done)} of ${formatNumber(total)} rows`
            : done > 0
              ? `${formatNumber(done)} rows`
              : "Starting"}
          {rows_per_second > 0 && `, ${formatNumber(rows_per_second)} a second`}
        </span>
        <span>{left}</span>
      </div>
      {children}
    </div>
  );
}
