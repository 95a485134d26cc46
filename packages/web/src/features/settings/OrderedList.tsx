import { ActionIcon, Menu, VisuallyHidden } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconDots, IconGripVertical, IconPencil } from "@tabler/icons-react";
import type { ReactNode } from "react";
import css from "./settings.module.css";
import { useOrder } from "./useOrder.ts";

/** One place up or down; null at the end of the list. */
interface Steps {
  up: (() => void) | null;
  down: (() => void) | null;
}

interface Props<Item> {
  label: string;
  className?: string | undefined;
  items: readonly Item[];
  nameOf: (item: Item) => string;
  may_write: boolean;
  /** Sends the keys in their new order, and reads the list again. */
  send: (keys: string[], was: string[]) => Promise<void>;
  children: (item: Item, steps: Steps) => ReactNode;
}

/** Rows whose order means something: dragged, or moved by the arrow keys on their handle or by their menu. */
export function OrderedList<Item extends { key: string }>(props: Props<Item>) {
  const { label, className, items, nameOf, may_write, send, children } = props;
  const { ordered, move, drag, arrows, announced } = useOrder({ items, labelOf: nameOf, send });
  return (
    <>
      <div role="list" className={className} aria-label={label}>
        {ordered.map((item, index) => (
          <div key={item.key} role="listitem" className={css.row} {...(may_write ? drag(index) : {})}>
            {may_write && (
              <button
                type="button"
                className={css.handle}
                aria-label={`Move ${nameOf(item)} with the arrow keys`}
                {...arrows(index)}
              >
                <IconGripVertical size={16} stroke={1.6} aria-hidden="true" />
              </button>
            )}
            {children(item, {
              up: index > 0 ? () => move(index, index - 1) : null,
              down: index < ordered.length - 1 ? () => move(index, index + 1) : null,
            })}
          </div>
        ))}
      </div>
      <VisuallyHidden role="status">{announced}</VisuallyHidden>
    </>
  );
}

interface MenuProps extends Steps {
  name: string;
  edit: () => void;
  /** How it is taken away, as the last entry. */
  children: ReactNode;
}

export const menu_icon = { size: 15, stroke: 1.6 } as const;

export function RowMenu({ name, edit, up, down, children }: MenuProps) {
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon aria-label={`More for ${name}`}>
          <IconDots size={16} stroke={1.6} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconPencil {...menu_icon} />} onClick={edit}>
          Change
        </Menu.Item>
        <Menu.Item leftSection={<IconArrowUp {...menu_icon} />} disabled={!up} onClick={() => up?.()}>
          Move up
        </Menu.Item>
        <Menu.Item leftSection={<IconArrowDown {...menu_icon} />} disabled={!down} onClick={() => down?.()}>
          Move down
        </Menu.Item>
        <Menu.Divider />
        {children}
      </Menu.Dropdown>
    </Menu>
  );
}
