import { ActionIcon, Button, CloseButton, TextInput, Tooltip } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconKeyboard, IconPlus, IconSearch } from "@tabler/icons-react";
import type { RefObject } from "react";
import { useEffect, useState } from "react";
import { Kbd } from "../../ui/index.ts";
import { ColumnsMenu } from "./columns-menu.tsx";
import { AddFilter } from "./filters/filter-bar.tsx";
import type { Status } from "./list-state.tsx";
import type { Lookups } from "./lookups.ts";
import type { ColumnLayout } from "./model/columns.ts";
import type { LeadsSearch } from "./model/filters.ts";
import { chipsOf, ruleOf } from "./model/filters.ts";
import css from "./page.module.css";

interface Props {
  box: RefObject<HTMLInputElement | null>;
  status: Status;
  search: LeadsSearch;
  change: (change: Partial<LeadsSearch>) => void;
  lookups: Lookups;
  layout: ColumnLayout;
  changeLayout: (layout: ColumnLayout) => void;
  resetLayout: () => void;
  phone: boolean;
  filtering: boolean;
  setFiltering: (filtering: boolean) => void;
  create: (() => void) | null;
  toList: () => void;
  shortcuts: () => void;
}

export function Toolbar(props: Props) {
  const { search, change, lookups, phone, create } = props;
  const chips = chipsOf(search.rule);
  return (
    <header className={css.toolbar}>
      <div className={css.title}>
        <h1>Leads</h1>
        <span className={`${css.count} bw-num`} role="status">
          {props.status.searching ? "Searching…" : props.status.count}
        </span>
      </div>
      <SearchBox
        box={props.box}
        q={search.q}
        change={(q) => change({ q })}
        refused={props.status.blank ? null : props.status.refused}
        toList={props.toList}
        phone={phone}
      />
      <div className={css.actions}>
        {chips && (
          <AddFilter
            fields={lookups.filters}
            names={lookups.names}
            opened={props.filtering}
            setOpened={props.setFiltering}
            add={(chip) => change({ rule: ruleOf([...chips, chip]) })}
          />
        )}
        {!phone && (
          <ColumnsMenu
            columns={lookups.columns}
            layout={props.layout}
            change={props.changeLayout}
            reset={props.resetLayout}
          />
        )}
        {!phone && (
          <Tooltip label="Keyboard shortcuts (?)">
            <ActionIcon variant="default" size={36} aria-label="Keyboard shortcuts" onClick={props.shortcuts}>
              <IconKeyboard size={16} stroke={1.6} />
            </ActionIcon>
          </Tooltip>
        )}
        {create && (
          <Button leftSection={<IconPlus size={15} />} onClick={create}>
            New lead
          </Button>
        )}
      </div>
    </header>
  );
}

const typing_pause_ms = 150;

interface BoxProps {
  box: Props["box"];
  q: string;
  change: (q: string) => void;
  refused: string | null;
  toList: () => void;
  phone: boolean;
}

function SearchBox({ box, q, change, refused, toList, phone }: BoxProps) {
  const [text, setText] = useState(q);
  const ask = useDebouncedCallback(change, typing_pause_ms);
  // The address changes from outside too: by Back, by “clear filters”.
  useEffect(() => setText((typed) => (typed.trim() === q.trim() ? typed : q)), [q]);
  const set = (next: string) => {
    setText(next);
    ask(next);
  };
  return (
    <TextInput
      ref={box}
      className={css.search}
      classNames={{ error: css.refused ?? "" }}
      error={refused}
      type="search"
      role="searchbox"
      aria-label="Search leads"
      placeholder={phone ? "Search leads" : "Name, e-mail, phone, company, or field:value"}
      value={text}
      onChange={(event) => set(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === "Escape" && text) set("");
        else if (event.key === "Escape" || event.key === "Enter" || event.key === "ArrowDown") toList();
        else return;
        event.preventDefault();
        event.stopPropagation();
      }}
      leftSection={<IconSearch size={15} stroke={1.7} />}
      rightSection={
        text ? (
          <CloseButton size="sm" aria-label="Clear the search" onClick={() => set("")} />
        ) : phone ? null : (
          <Kbd>/</Kbd>
        )
      }
    />
  );
}
