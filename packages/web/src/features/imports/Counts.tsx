import css from "./imports.module.css";
import { formatNumber } from "./words.ts";

interface CountOf {
  label: string;
  value: number;
  bad?: boolean;
}

export function Counts({ counts }: { counts: CountOf[] }) {
  return (
    <dl className={css.counts}>
      {counts.map(({ label, value, bad }) => (
        <div
          key={label}
          className={css.count}
          data-zero={value === 0 || undefined}
          data-bad={(bad === true && value > 0) || undefined}
        >
          <dt>{label}</dt>
          <dd>{formatNumber(value)}</dd>
        </div>
      ))}
    </dl>
  );
}
