import type { Rule } from "@bellwether/contracts/rule";
import { ActionIcon, Menu } from "@mantine/core";
import {
  IconArrowMerge,
  IconDots,
  IconFileExport,
  IconFileImport,
  IconHistory,
  IconKeyboard,
  IconTrash,
  IconUsersGroup,
} from "@tabler/icons-react";
import { useLocation } from "@tanstack/react-router";
import { useMay } from "../../session.tsx";
import { MenuLink } from "../../ui/index.ts";
import { useCompactRows } from "./density.ts";
import { WaitingPairs } from "./waiting-pairs.tsx";

const icon = { size: 15, stroke: 1.6 } as const;

interface Props {
  /** Null for whoever may not export. */
  exportAll: (() => void) | null;
  /** What the filters and the search ask for; null where that is everybody, or can't be a segment's rule. */
  asked: Rule | null;
  shortcuts: () => void;
  phone: boolean;
}

/** What else there is to do with the leads: an entry is one line, and absent for whoever may not. */
export function PageMenu({ exportAll, asked, shortcuts, phone }: Props) {
  const [compact, setCompact] = useCompactRows();
  const listed = useLocation({ select: ({ pathname }) => pathname === "/leads" });
  const may_import = useMay("imports:run");
  const may_merge = useMay("leads:merge");
  const may_bulk = useMay("leads:bulk");
  const may_delete = useMay("leads:delete");
  const may_segment = useMay("segments:write");
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <ActionIcon variant="default" size={36} aria-label="More">
          <IconDots size={16} stroke={1.6} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {exportAll && (
          <Menu.Item leftSection={<IconFileExport {...icon} />} onClick={exportAll}>
            Export…
          </Menu.Item>
        )}
        {may_segment && asked && (
          <MenuLink to="/segments/new" search={{ rule: asked }} leftSection={<IconUsersGroup {...icon} />}>
            Make a segment of these
          </MenuLink>
        )}
        {may_import && (
          <MenuLink to="/imports/new" leftSection={<IconFileImport {...icon} />}>
            Import a file
          </MenuLink>
        )}
        {may_merge && (
          <MenuLink
            to="/leads/duplicates"
            leftSection={<IconArrowMerge {...icon} />}
            rightSection={<WaitingPairs />}
          >
            Duplicates
          </MenuLink>
        )}
        {may_bulk && (
          <MenuLink to="/settings/changes" leftSection={<IconHistory {...icon} />}>
            History of changes
          </MenuLink>
        )}
        {may_delete && (
          <MenuLink to="/leads/bin" leftSection={<IconTrash {...icon} />}>
            Bin
          </MenuLink>
        )}
        {!phone && listed && (
          <Menu.CheckboxItem checked={compact} onChange={setCompact}>
            Compact rows
          </Menu.CheckboxItem>
        )}
        {!phone && (
          <Menu.Item leftSection={<IconKeyboard {...icon} />} onClick={shortcuts}>
            Keyboard shortcuts
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
