import type { GrowthDay, Segment } from "@bellwether/contracts/segments";
import { SegmentedControl } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, isProblem } from "../../api.ts";
import { EmptyState, ErrorState, SkeletonRows } from "../../ui/index.ts";
import { areaPath, dayWords, linePath, scaleOf } from "./chart.ts";
import css from "./segments.module.css";
import { changeWords, leadsWords, numberWords } from "./words.ts";

const spans = [30, 90, 365];

/** How a segment grew: its size day by day, and who came and went. */
export function GrowthTab({ segment }: { segment: Segment }) {
  const [days, setDays] = useState(90);
  const growth = useQuery({
    ...api.segments.growth.queryOptions({ input: { id: segment.id, days } }),
    placeholderData: keepPreviousData,
  });
  if (isProblem(growth.error, "forbidden"))
    return (
      <EmptyState title="Not part of your role">
        Growth counts leads that you may not see. Ask a manager for it.
      </EmptyState>
    );
  if (growth.isError && !growth.data)
    return <ErrorState error={growth.error} retry={() => void growth.refetch()} />;
  if (!growth.data) return <SkeletonRows rows={4} height={44} />;
  const { data } = growth.data;
  const entered = data.reduce((sum, day) => sum + day.entered, 0);
  const left = data.reduce((sum, day) => sum + day.left, 0);
  return (
    <section aria-label="Growth">
      <div className={css.growthHead}>
        <p className={css.growthNow}>
          <b className="bw-num">{leadsWords(data.at(-1)?.size ?? 0)}</b>{" "}
          <span className={css.hint}>
            {numberWords(entered)} entered, {numberWords(left)} left in {data.length}{" "}
            {data.length === 1 ? "day" : "days"}
          </span>
        </p>
        <SegmentedControl
          size="xs"
          aria-label="Days"
          value={String(days)}
          onChange={(value) => setDays(Number(value))}
          data={spans.map((span) => ({
            value: String(span),
            label: span === 365 ? "1 year" : `${span} days`,
          }))}
        />
      </div>
      <Chart days={data} />
      <Days days={data} />
    </section>
  );
}

const width = 720;
const height = 160;

/** The same figures stand in the table below it. */
function Chart({ days }: { days: readonly GrowthDay[] }) {
  const scale = scaleOf(days, { width, height });
  const first = days[0];
  const last = days.at(-1);
  if (!first || !last) return null;
  return (
    <figure className={css.chart}>
      <svg
        viewBox={`0 0 ${width} ${height}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`From ${numberWords(first.size)} on ${dayWords(first.day)} to ${numberWords(last.size)} on ${dayWords(last.day)}`}
      >
        {scale.ticks.map((tick) => (
          <line key={tick} className={css.tick} x1={0} x2={width} y1={scale.y(tick)} y2={scale.y(tick)} />
        ))}
        <path className={css.area} d={areaPath(days, scale, height)} />
        <path className={css.line} d={linePath(days, scale)} />
      </svg>
      <div className={css.ticks} aria-hidden="true">
        {scale.ticks.map((tick) => (
          <span key={tick} style={{ top: `${(scale.y(tick) / height) * 100}%` }}>
            {numberWords(tick)}
          </span>
        ))}
      </div>
      <figcaption aria-hidden="true">
        <span>{dayWords(first.day)}</span>
        {last !== first && <span>{dayWords(last.day)}</span>}
      </figcaption>
    </figure>
  );
}

const shown_days = 31;

function Days({ days }: { days: readonly GrowthDay[] }) {
  const moved = days.filter((day) => day.entered > 0 || day.left > 0).toReversed();
  if (moved.length === 0) return <p className={css.hint}>Nobody came or went in these days.</p>;
  return (
    <>
      <table className={`bw-table ${css.days}`}>
        <thead>
          <tr>
            <th scope="col">Day</th>
            <th scope="col">Entered and left</th>
            <th scope="col">Leads at its end</th>
          </tr>
        </thead>
        <tbody>
          {moved.slice(0, shown_days).map((day) => (
            <tr key={day.day}>
              <td>{dayWords(day.day)}</td>
              <td>{changeWords(day.entered, day.left)}</td>
              <td>{numberWords(day.size)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {moved.length > shown_days && (
        <p className={css.hint}>The last {shown_days} days on which somebody came or went.</p>
      )}
    </>
  );
}
