import { Tooltip } from "@mantine/core";
import { IconLayoutKanban, IconTable } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { LeadsPlace } from "../views/index.ts";
import css from "./page.module.css";

const icon = { size: 16, stroke: 1.6, "aria-hidden": true } as const;

export interface ShapeSwitchProps {
  searchAt: (place: LeadsPlace) => Record<string, unknown>;
}

const shapes = [
  { to: "/leads", label: "Table", Icon: IconTable },
  { to: "/leads/board", label: "Board", Icon: IconLayoutKanban },
] as const;
const exact = { exact: true, includeSearch: false } as const;
const now = { "aria-current": "page" } as const;

/** The same leads as a table or as a board: view, filters and the open lead go along. */
export function ShapeSwitch({ searchAt }: ShapeSwitchProps) {
  return (
    <nav className={css.shape} aria-label="Shown as">
      {shapes.map(({ to, label, Icon }) => (
        <Tooltip key={to} label={label}>
          <Link to={to} search={searchAt(to)} activeOptions={exact} activeProps={now} aria-label={label}>
            <Icon {...icon} />
          </Link>
        </Tooltip>
      ))}
    </nav>
  );
}
