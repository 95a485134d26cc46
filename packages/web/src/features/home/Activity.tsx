import type { ActivityEntry } from "@bellwether/contracts/home";
import type { Stage } from "@bellwether/contracts/pipeline";
import { Button } from "@mantine/core";
import { IconPlayerPause, IconPlayerPlay } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Fragment, memo, useMemo, useState } from "react";
import { api } from "../../api.ts";
import { useMay, useSession } from "../../session.tsx";
import { byDay, ErrorState, RelativeTime, SkeletonRows, useNow } from "../../ui/index.ts";
import type { Line } from "./feed.ts";
import css from "./home.module.css";
import { useFeed } from "./use-feed.ts";
import {
  aroundLead,
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
  const around = aroundLead(entry.name);
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
        <Other entry={entry} />
      )}
    </>
  );
}

const named_max = 2;

/** “Ann Lee”, “Ann Lee and Bob Ray”, “Ann Lee, Bob Ray and 35 more leads”. */
function Leads({ entries }: { entries: readonly ActivityEntry[] }) {
  const each = new Map(entries.flatMap(({ lead }) => (lead ? [[lead.id, lead]] : [])));
  const leads = [...each.values()];
  if (leads.length === 0) return <>{entries.length === 1 ? "a lead" : leadsWords(entries.length)}</>;
  const named = leads.length === named_max + 1 ? leads : leads.slice(0, named_max);
  const more = leads.length - named.length;
  return (
    <>
      {named.map((lead, at) => (
        <Fragment key={lead.id}>
          {at > 0 && (at === named.length - 1 && more === 0 ? " and " : ", ")}
          <Link to="/leads/$id" params={{ id: lead.id }} className="bw-quiet">
            {lead.name ?? "a lead without a name"}
          </Link>
        </Fragment>
      ))}
      {more > 0 && ` and ${leadsWords(more).replace(" ", " more ")}`}
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

function Other({ entry }: { entry: ActivityEntry }) {
  const may_import = useMay("imports:run");
  const words = otherWords(entry);
  if (!may_import || entry.subject_id === null || !entry.name.startsWith("import.")) return <>{words}</>;
  return (
    <Link to="/imports/$id" params={{ id: entry.subject_id }} className="bw-quiet">
      {words}
    </Link>
  );
}
