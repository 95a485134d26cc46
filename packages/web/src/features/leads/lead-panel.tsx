import { ActionIcon, Tooltip } from "@mantine/core";
import { IconArrowsDiagonal, IconChevronDown, IconChevronUp, IconX } from "@tabler/icons-react";
import { LeadCard } from "./card/lead-card.tsx";
import type { Lookups } from "./lookups.ts";
import css from "./page.module.css";
import cardCss from "./card/card.module.css";

interface Props {
  id: string;
  lookups: Lookups;
  close: () => void;
  leaf: (by: number) => void;
  openPage: (id: string) => void;
}

/** The lead's card beside the list. */
export function LeadPanel({ id, lookups, close, leaf, openPage }: Props) {
  return (
    <aside className={css.panel} aria-label="Lead">
      <div className={cardCss.bar}>
        <Leaf leaf={leaf} />
        <span className={cardCss.gap} />
        <Tooltip label="Open the lead’s page">
          <ActionIcon aria-label="Open the lead’s page" onClick={() => openPage(id)}>
            <IconArrowsDiagonal size={16} stroke={1.6} />
          </ActionIcon>
        </Tooltip>
        <Tooltip label="Close (Esc)">
          <ActionIcon aria-label="Close" onClick={close}>
            <IconX size={16} stroke={1.6} />
          </ActionIcon>
        </Tooltip>
      </div>
      <LeadCard id={id} lookups={lookups} heading="h2" gone={close} />
    </aside>
  );
}

/** Through the list one came from, without going back to it. */
function Leaf({ leaf }: { leaf: (by: number) => void }) {
  return (
    <>
      <Tooltip label="Previous lead (Ctrl ←)">
        <ActionIcon aria-label="Previous lead" onClick={() => leaf(-1)}>
          <IconChevronUp size={16} stroke={1.6} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label="Next lead (Ctrl →)">
        <ActionIcon aria-label="Next lead" onClick={() => leaf(1)}>
          <IconChevronDown size={16} stroke={1.6} />
        </ActionIcon>
      </Tooltip>
    </>
  );
}
