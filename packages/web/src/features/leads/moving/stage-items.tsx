import { Menu } from "@mantine/core";
import type { Lead } from "@bellwether/contracts/leads";
import type { Stage } from "@bellwether/contracts/pipeline";
import { IconCheck } from "@tabler/icons-react";
import { StageBadge } from "../../../ui/index.ts";
import { isOpen } from "../board/columns.ts";

interface Props {
  lead: Lead;
  stages: readonly Stage[];
  move: (to: string) => void;
}

/** The stages of a menu: the final ones apart, the lead's own ticked. */
export function StageItems({ lead, stages, move }: Props) {
  const item = (stage: Stage) => (
    <Menu.Item
      key={stage.key}
      disabled={stage.key === lead.stage}
      rightSection={stage.key === lead.stage ? <IconCheck size={14} aria-label="now" /> : null}
      onClick={() => move(stage.key)}
    >
      <StageBadge stage={stage} />
    </Menu.Item>
  );
  const final = stages.filter((stage) => !isOpen(stage));
  return (
    <>
      {stages.filter(isOpen).map(item)}
      {final.length > 0 && <Menu.Divider />}
      {final.map(item)}
    </>
  );
}
