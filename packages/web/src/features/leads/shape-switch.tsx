import { Tooltip } from "@mantine/core";
import { IconLayoutKanban, IconTable } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { LeadsPlace } from "../views/index.ts";
import css from "./page.module.css";

const icon = { size: 16, stroke: 1.6, "aria-hidden": true } as const;

export interface ShapeSwitchProps {
  searchAt: (place: LeadsPlace) => Record<string, unknown>;
}

/** The same leads as a table or as a board: view, filters and the open lead go along. */
export function ShapeSwitch({ searchAt }: ShapeSwitchProps) {
  return (
    <nav className={css.shape} aria-label="Shown as">
      <Tooltip label="Table">
        <Link
          to="/leads"
          search={searchAt("/leads")}
          activeOptions={exact}
          activeProps={now}
          aria-label="Table"
        >
          <IconTable {...icon} />
        </Link>
      </Tooltip>
      <Tooltip label="Board">
        <Link
          to="/leads/board"
          search={searchAt("/leads/board")}
          activeOptions={exact}
          activeProps={now}
          aria-label="Board"
        >
          <IconLayoutKanban {...icon} />
        </Link>
      </Tooltip>
    </nav>
  );
}

const exact = { exact: true, includeSearch: false } as const;
const now = { "aria-current": "page" } as const;
