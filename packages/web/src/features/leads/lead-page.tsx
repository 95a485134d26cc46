import { ActionIcon, Tooltip } from "@mantine/core";
import { IconArrowLeft, IconChevronDown, IconChevronUp } from "@tabler/icons-react";
import { useCanGoBack, useNavigate, useParams, useRouter } from "@tanstack/react-router";
import { useHotkeys } from "../../ui/index.ts";
import { useUndoKey } from "../changes/index.ts";
import css from "./card/card.module.css";
import { LeadCard } from "./card/lead-card.tsx";
import { Editing } from "./editing.tsx";
import { useLookups } from "./lookups.ts";
import { floating } from "./page-hooks.ts";
import { useTrail } from "./trail.ts";

/** A lead with its own address: the whole card, and the way on through the list it was opened from. */
export function LeadPage() {
  const { id = "" } = useParams({ strict: false });
  const lookups = useLookups();
  const navigate = useNavigate();
  const router = useRouter();
  const can_go_back = useCanGoBack();
  const trail = useTrail(id);
  const back = () => (can_go_back ? router.history.back() : void navigate({ to: "/leads" }));
  const leaf = (by: -1 | 1) => {
    const next = trail.follow(by);
    // Leafing replaces, so that Back goes to the list from wherever one has leafed to.
    if (next) void navigate({ to: "/leads/$id", params: { id: next }, replace: true });
  };
  useUndoKey();
  useHotkeys([
    ["ctrl+ArrowRight", () => leaf(1)],
    ["ctrl+ArrowLeft", () => leaf(-1)],
    ["Escape", () => !floating() && back()],
  ]);
  return (
    <Editing lookups={lookups}>
      <div className={css.page}>
        <div className={css.bar}>
          <Tooltip label="Back (Esc)">
            <ActionIcon aria-label="Back" onClick={back}>
              <IconArrowLeft size={17} stroke={1.6} />
            </ActionIcon>
          </Tooltip>
          <span className={css.gap} />
          {(trail.previous || trail.next) && (
            <>
              <Step
                label="Previous lead"
                hint="Ctrl ←"
                disabled={!trail.previous}
                run={() => leaf(-1)}
                Icon={IconChevronUp}
              />
              <Step
                label="Next lead"
                hint="Ctrl →"
                disabled={!trail.next}
                run={() => leaf(1)}
                Icon={IconChevronDown}
              />
            </>
          )}
        </div>
        <LeadCard key={id} id={id} lookups={lookups} heading="h1" gone={back} />
      </div>
    </Editing>
  );
}

function Step({
  label,
  hint,
  disabled,
  run,
  Icon,
}: {
  label: string;
  hint: string;
  disabled: boolean;
  run: () => void;
  Icon: typeof IconChevronUp;
}) {
  return (
    <Tooltip label={`${label} (${hint})`}>
      <ActionIcon aria-label={label} disabled={disabled} onClick={run}>
        <Icon size={17} stroke={1.6} />
      </ActionIcon>
    </Tooltip>
  );
}
