import { ActionIcon, Button } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import type { ReactNode, RefObject } from "react";
import { useMemo } from "react";
import { AddFilter } from "./filters/filter-bar.tsx";
import type { Status } from "./list-state.tsx";
import type { Lookups } from "./lookups.ts";
import type { LeadsSearch } from "./model/filters.ts";
import { partsOf, ruleOfParts } from "./model/groups.ts";
import { asFilters } from "./model/query.ts";
import css from "./page.module.css";
import { PageMenu } from "./page-menu.tsx";
import { QueryBox } from "./query/query-box.tsx";
import { ShapeSwitch, type ShapeSwitchProps } from "./shape-switch.tsx";

interface Props {
  box: RefObject<HTMLInputElement | null>;
  status: Status;
  search: LeadsSearch;
  change: (change: Partial<LeadsSearch>) => void;
  lookups: Lookups;
  looks: ReactNode;
  phone: boolean;
  filtering: boolean;
  setFiltering: (filtering: boolean) => void;
  create: (() => void) | null;
  /** Null for whoever may not export. */
  exportAll: (() => void) | null;
  toFound: () => void;
  searchAt: ShapeSwitchProps["searchAt"];
  shortcuts: () => void;
}

export function Toolbar(props: Props) {
  const { search, change, lookups, phone, create } = props;
  const { progress } = props.status;
  const turned = useMemo(
    () => asFilters(search.q, search.rule, lookups.filters, lookups.names.segments),
    [search.q, search.rule, lookups.filters, lookups.names.segments],
  );
  // Words that are searched for are no condition of a segment.
  const asked = search.q.trim() === "" ? search.rule : turned?.q === "" ? turned.rule : null;
  return (
    <header className={css.toolbar}>
      <div className={css.title}>
        <h1>Leads</h1>
        <span className={`${css.count} bw-num`} role="status">
          {progress?.words ?? props.status.count}
        </span>
        {progress && (
          <Button size="compact-xs" variant="default" onClick={progress.toggle}>
            {progress.stopped ? "Go on" : "Stop"}
          </Button>
        )}
      </div>
      <QueryBox
        box={props.box}
        q={search.q}
        change={(q) => change({ q })}
        refused={props.status.blank ? null : props.status.refused}
        toList={props.toFound}
        phone={phone}
        lookups={lookups}
        turn={turned && (() => change(turned))}
      />
      <div className={css.actions}>
        <AddFilter
          fields={lookups.filters}
          names={lookups.names}
          opened={props.filtering}
          setOpened={props.setFiltering}
          add={(rule) => change({ rule: ruleOfParts([...partsOf(search.rule), rule]) })}
        />
        {props.looks}
        <ShapeSwitch searchAt={props.searchAt} />
        <PageMenu asked={asked} exportAll={props.exportAll} shortcuts={props.shortcuts} phone={phone} />
        {create &&
          (phone ? (
            <ActionIcon variant="filled" color="ink" size={44} aria-label="New lead" onClick={create}>
              <IconPlus size={18} />
            </ActionIcon>
          ) : (
            <Button leftSection={<IconPlus size={15} />} onClick={create}>
              New lead
            </Button>
          ))}
      </div>
    </header>
  );
}
