import type { ActivityEntry } from "@bellwether/contracts/home";
import type { Stage } from "@bellwether/contracts/pipeline";
import { Button, VisuallyHidden } from "@mantine/core";
import { IconPlayerPause, IconPlayerPlay } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Fragment, memo, type ReactElement, useMemo, useState } from "react";
import { api } from "../../api.ts";
import { useMay, useSession } from "../../session.tsx";
import { byDay, ErrorState, RelativeTime, SkeletonRows, useNow } from "../../ui/index.ts";
import type { Line } from "./feed.ts";
import css from "./home.module.css";
import { useFeed } from "./use-feed.ts";
import {
  aroundLead,
  beforeThings,
  burstWords,
  type Labels,
  leadsWords,
  otherWords,
  reportedWords,
  whoWords,
} from "./words.ts";

const lines_at_once = 20;

/** What happens across the workspace, as it happens. It holds still while somebody points at it or is in it. */
export function Activity() {
  const [held, setHeld] = useState(false);
  const [over, setOver] = useState(false);
  const [within, setWithin] = useState(false);
  const paused = held || over || within;
  const { pages, lines, waiting } = useFeed(paused);
  const [shown, setShown] = useState(lines_at_once);
  const { time_zone } = useSession().workspace;
  const now = useNow();
  const stages = useStages();
  const labels = useLabels();
  const showOlder = () => {
    setShown(shown + lines_at_once);
    if (lines.length < shown + lines_at_once && pages.hasNextPage) void pages.fetchNextPage();
  };
  const days = byDay(lines.slice(0, shown), (line) => line.at, { time_zone, locale: undefined, now });
  return (
    <section aria-label="Activity" className={css.activity}>
      <div className={css.head}>
        <h2>Activity</h2>
        <span className={css.waiting}>{paused && waiting > 0 && `${waiting.toLocaleString()} more`}</span>
        <Button
          variant="subtle"
          color="gray"
          size="compact-xs"
          leftSection={held ? <IconPlayerPlay {...icon} /> : <IconPlayerPause {...icon} />}
          onClick={() => setHeld(!held)}
        >
          {held ? "Go on" : "Pause"}
        </Button>
      </div>
      {pages.isPending && <SkeletonRows rows={8} height={36} />}
      {pages.isError && !pages.data && (
        <ErrorState
          error={pages.error}
          retry={() => void pages.refetch()}
          title="The activity can’t be shown"
        />
      )}
      {pages.isSuccess && lines.length === 0 && (
        <p className={css.quietText}>What you and others do appears here as it happens.</p>
      )}
      <div
        // A finger that scrolls past is no sign that somebody reads.
        onPointerEnter={(event) => event.pointerType === "mouse" && setOver(true)}
        onPointerLeave={() => setOver(false)}
        onFocus={() => setWithin(true)}
        onBlur={() => setWithin(false)}
      >
        {days.map((day) => (
          <div key={day.day}>
            <h3 className={css.day}>{day.label}</h3>
            <ol className={css.feed}>
              {day.items.map((line) => (
                <Row key={line.id} line={line} stages={stages} labels={labels} />
              ))}
            </ol>
          </div>
        ))}
        {(pages.hasNextPage || lines.length > shown) && (
          <Button
            variant="subtle"
            color="gray"
            size="compact-sm"
            mt={8}
            loading={pages.isFetchingNextPage}
            onClick={showOlder}
          >
            Show older
          </Button>
        )}
      </div>
    </section>
  );
}

const icon = { size: 13, stroke: 1.8, "aria-hidden": true } as const;

type Stages = ReadonlyMap<string, Stage>;
function useStages(): Stages {
  const stages = useQuery(api.stages.list.queryOptions({ staleTime: 60_000 })).data?.data;
  return useMemo(() => new Map((stages ?? []).map((stage) => [stage.key, stage])), [stages]);
}

function useLabels(): Labels {
  const names = useQuery(api.eventNames.list.queryOptions({ staleTime: 60_000, select: labelsOf })).data;
  return useMemo(() => new Map(names), [names]);
}
const labelsOf = ({ data }: { data: { name: string; label: string }[] }) =>
  data.map(({ name, label }): [string, string] => [name, label]);

const Row = memo(
  function Row({ line, stages, labels }: { line: Line; stages: Stages; labels: Labels }) {
    return (
      <li data-burst={line.kind === "burst" || undefined}>
        <span className={css.told}>
          {line.kind === "burst" ? (
            burstWords(line.burst.names, labels)
          ) : (
            <Told entries={line.entries} stages={stages} labels={labels} />
          )}
        </span>
        <span className={css.dim}>
          <RelativeTime at={line.at} />
        </span>
      </li>
    );
  },
  // Lines are made anew at each look; most of them say what they said.
  (was, is) => was.stages === is.stages && was.labels === is.labels && signOf(was.line) === signOf(is.line),
);

const signOf = (line: Line): string =>
  line.kind === "burst" ? `${line.id} ${line.at}` : `${line.id} ${line.entries.length}`;

interface ToldProps {
  entries: [ActivityEntry, ...ActivityEntry[]];
  stages: Stages;
  labels: Labels;
}

function Told({ entries, stages, labels }: ToldProps) {
  const [entry] = entries;
  const around = aroundLead(entry);
  const reported = reportedWords(entry, labels);
  if (reported !== null)
    return (
      <>
        <b>{reported}</b>: <Leads entries={entries} /> <span className={css.dim}>by {whoWords(entry)}</span>
      </>
    );
  return (
    <>
      <b>{whoWords(entry)}</b>{" "}
      {around ? (
        <>
          {around.before} <Leads entries={entries} /> {around.after}
          <Way entry={entry} stages={stages} />
        </>
      ) : (
        <Other entries={entries} />
      )}
    </>
  );
}

const named_max = 2;

/** “Ann Lee”, “Ann Lee and Bob Ray”, “Ann Lee, Bob Ray and 35 more leads”. */
function Leads({ entries }: { entries: readonly ActivityEntry[] }) {
  const each = new Map(entries.flatMap(({ lead }) => (lead ? [[lead.id, lead]] : [])));
  if (each.size === 0) return <>{entries.length === 1 ? "a lead" : leadsWords(entries.length)}</>;
  const links = [...each.values()].map((lead) => (
    <Link key={lead.id} to="/leads/$id" params={{ id: lead.id }} className="bw-quiet">
      {lead.name ?? "a lead without a name"}
    </Link>
  ));
  return <FirstOf items={links} more={(count) => leadsWords(count).replace(" ", " more ")} />;
}

/** The first few, and how many more. */
function FirstOf({ items, more }: { items: readonly ReactElement[]; more: (count: number) => string }) {
  const shown = items.length === named_max + 1 ? items : items.slice(0, named_max);
  const rest = items.length - shown.length;
  return (
    <>
      {shown.map((item, at) => (
        <Fragment key={item.key}>
          {at > 0 && (at === shown.length - 1 && rest === 0 ? " and " : ", ")}
          {item}
        </Fragment>
      ))}
      {rest > 0 && ` and ${more(rest)}`}
    </>
  );
}

/** From which stage to which. */
function Way({ entry, stages }: { entry: ActivityEntry; stages: Stages }) {
  if (entry.to === null) return null;
  const name = (key: string) => stages.get(key)?.name ?? key;
  return (
    <>
      {entry.from !== null && `from ${name(entry.from)} `}to {name(entry.to)}
    </>
  );
}

/** What is about no lead: a thing by its name, or what was done, and how often in a row. */
function Other({ entries }: Pick<ToldProps, "entries">) {
  const may_import = useMay("imports:run");
  const [entry] = entries;
  const things = [...new Map(entries.flatMap((each) => (each.thing === null ? [] : [[each.thing, each]])))];
  const before = beforeThings(entry.name, things.length);
  if (before !== null && things.length > 0)
    return (
      <>
        {before}{" "}
        <FirstOf
          items={things.map(([name, each]) => (
            <Thing key={name} entry={each} />
          ))}
          more={(count) => `${count.toLocaleString()} more`}
        />
      </>
    );
  const words = otherWords(entry);
  if (entries.length > 1)
    return (
      <>
        {words} <span aria-hidden="true">×{entries.length.toLocaleString()}</span>
        <VisuallyHidden>{entries.length.toLocaleString()} times</VisuallyHidden>
      </>
    );
  if (!may_import || entry.subject_id === null || !entry.name.startsWith("import.")) return <>{words}</>;
  return (
    <Link to="/imports/$id" params={{ id: entry.subject_id }} className="bw-quiet">
      {words}
    </Link>
  );
}

/** A segment leads to itself, as long as it is there. */
function Thing({ entry }: { entry: ActivityEntry }) {
  if (!/^segment\.(created|restored)$/.test(entry.name) || entry.subject_id === null)
    return <>{entry.thing}</>;
  return (
    <Link to="/segments/$id" params={{ id: entry.subject_id }} className="bw-quiet">
      {entry.thing}
    </Link>
  );
}
