import { ActionIcon, Button, Checkbox, TextInput, Tooltip } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { type Binned, bin_days, bin_ids_max } from "@bellwether/contracts/bin";
import { IconEraser, IconSearch, IconTrash, IconX } from "@tabler/icons-react";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { api } from "../../../api.ts";
import { itemsOf } from "../../../paging.ts";
import { useMay } from "../../../session.tsx";
import { Page } from "../../../shell/Shell.tsx";
import {
  EmptyState,
  ErrorState,
  LinkButton,
  LoadMore,
  NotAllowed,
  PageHeader,
  SkeletonRows,
  TextLink,
  useHotkeys,
} from "../../../ui/index.ts";
import { leadName } from "../model/columns.ts";
import { floating } from "../page-hooks.ts";
import css from "./bin.module.css";
import { BinRow } from "./bin-row.tsx";
import { EraseDialog, type Erasing } from "./erase-dialog.tsx";
import { useRestoring } from "./restoring.tsx";
import { counted } from "./words.ts";

/** Deleted leads, until they are restored, or erased for good. */
export function BinPage() {
  const crumb = <TextLink to="/leads">Leads</TextLink>;
  return (
    <Page>
      {useMay("leads:delete") ? (
        <Bin />
      ) : (
        <>
          <PageHeader title="Bin" crumb={crumb} />
          <NotAllowed what="Managers and admins see and restore deleted leads." />
        </>
      )}
    </Page>
  );
}

function useBin(q: string) {
  return useInfiniteQuery({
    ...api.bin.list.infiniteOptions({
      input: (cursor: string | null) => ({
        q,
        limit: 100,
        ...(cursor === null ? { count: "exact" as const } : { cursor }),
      }),
      initialPageParam: null,
      getNextPageParam: (page) => page.next_cursor,
    }),
    // While words are typed what they found before stays, so that the page doesn't flash.
    placeholderData: keepPreviousData,
  });
}

function Bin() {
  const [typed, setTyped] = useState("");
  const [q] = useDebouncedValue(typed.trim(), 200);
  const box = useRef<HTMLInputElement>(null);
  const pages = useBin(q);
  const leads = itemsOf(pages.data);
  const count = pages.data?.pages[0]?.count?.value ?? leads.length;
  const choice = useChoice(leads);
  const [erasing, setErasing] = useState<Erasing | null>(null);
  const { restore, busy, conflict } = useRestoring(choice.clear);
  const nothing = pages.isSuccess && leads.length === 0;
  useHotkeys([
    ["/", () => box.current?.focus()],
    ["Escape", () => !floating() && choice.clear()],
  ]);
  return (
    <>
      <PageHeader
        title="Bin"
        crumb={<TextLink to="/leads">Leads</TextLink>}
        lead={`Deleted leads are kept for ${bin_days} days, then erased for good.`}
        actions={
          (!nothing || q !== "") && (
            <TextInput
              ref={box}
              className={css.search ?? ""}
              aria-label="Search the bin"
              placeholder="Search the bin"
              leftSection={<IconSearch size={15} stroke={1.6} />}
              value={typed}
              onChange={(event) => setTyped(event.currentTarget.value)}
              onKeyDown={(event) => {
                if (event.key === "Escape") setTyped("");
              }}
            />
          )
        }
      />
      {pages.isPending && <SkeletonRows rows={8} height={56} />}
      {pages.isError && leads.length === 0 && (
        <ErrorState error={pages.error} retry={() => void pages.refetch()} />
      )}
      {nothing && <Nothing q={q} clear={() => setTyped("")} />}
      {leads.length > 0 && (
        <>
          <Chosen
            choice={choice}
            loaded={leads.length}
            count={count}
            busy={busy}
            restore={() => void restore(choice.chosen)}
            erase={() => setErasing(erasingOf(choice.chosen))}
          />
          <ul
            className={css.list}
            aria-label="Deleted leads"
            data-outdated={pages.isPlaceholderData || undefined}
          >
            {leads.map((lead) => (
              <BinRow
                key={lead.id}
                lead={lead}
                chosen={choice.has(lead)}
                choose={(on, range) => choice.set(lead, on, range)}
                restore={() => void restore([lead])}
                busy={busy}
              />
            ))}
          </ul>
        </>
      )}
      <LoadMore pages={pages}>Load more</LoadMore>
      <EraseDialog what={erasing} close={() => setErasing(null)} erased={choice.clear} />
      {conflict}
    </>
  );
}

/** One is called by its name. */
function erasingOf(leads: readonly Binned[]): Erasing {
  const [only] = leads;
  return leads.length === 1 && only
    ? { kind: "lead", id: only.id, name: leadName(only) }
    : { kind: "bin", ids: leads.map((lead) => lead.id) };
}

function Nothing({ q, clear }: { q: string; clear: () => void }) {
  return q === "" ? (
    <EmptyState
      icon={IconTrash}
      title="The bin is empty"
      action={<LinkButton to="/leads">Go to leads</LinkButton>}
    >
      A lead that is deleted waits here for {bin_days} days, in case it is needed after all. Its addresses are
      free at once.
    </EmptyState>
  ) : (
    <EmptyState
      icon={IconSearch}
      title="Nothing in the bin matches"
      action={
        <Button variant="default" onClick={clear}>
          Clear the search
        </Button>
      }
    >
      No deleted lead has “{q}” in its name, addresses or company.
    </EmptyState>
  );
}

/** Which are chosen; what is no longer in sight isn't. */
function useChoice(leads: readonly Binned[]) {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  const last = useRef<string | null>(null);
  const chosen = leads.filter((lead) => ids.has(lead.id));
  return {
    chosen,
    has: (lead: Binned) => ids.has(lead.id),
    clear: () => setIds(new Set()),
    all: () => setIds(new Set(leads.map((lead) => lead.id))),
    /** With Shift, all from the one chosen before. */
    set(lead: Binned, on: boolean, range: boolean) {
      const from = range ? leads.findIndex((each) => each.id === last.current) : -1;
      const to = leads.indexOf(lead);
      const those = from === -1 ? [lead] : leads.slice(Math.min(from, to), Math.max(from, to) + 1);
      last.current = lead.id;
      const next = new Set(ids);
      for (const each of those) {
        if (on) next.add(each.id);
        else next.delete(each.id);
      }
      setIds(next);
    },
  };
}

/** How many there are; and of the chosen ones, what can be done with them. */
function Chosen({
  choice,
  loaded,
  count,
  busy,
  restore,
  erase,
}: {
  choice: ReturnType<typeof useChoice>;
  loaded: number;
  count: number;
  busy: boolean;
  restore: () => void;
  erase: () => void;
}) {
  const may_erase = useMay("leads:erase");
  const number = choice.chosen.length;
  const why = !may_erase
    ? "Only admins erase leads. Ask one."
    : number > bin_ids_max
      ? `Choose up to ${bin_ids_max} leads to erase them at once.`
      : null;
  return (
    <div className={css.chosen} role="region" aria-label="Chosen leads" data-any={number > 0 || undefined}>
      <Checkbox
        aria-label="Choose all leads loaded here"
        checked={number > 0 && number === loaded}
        indeterminate={number > 0 && number < loaded}
        onChange={() => (number === loaded ? choice.clear() : choice.all())}
      />
      <span className={css.count} role="status">
        {number === 0 ? counted(count, "lead") : `${counted(number, "lead")} chosen`}
      </span>
      {number > 0 && (
        <div className={css.acts}>
          <Button size="compact-sm" variant="default" loading={busy} onClick={restore}>
            Restore
          </Button>
          <Tooltip label={why ?? ""} disabled={why === null}>
            <Button
              size="compact-sm"
              variant="default"
              c={why === null ? "var(--bw-danger)" : "dimmed"}
              data-disabled={why !== null}
              aria-disabled={why !== null}
              leftSection={<IconEraser size={14} stroke={1.6} />}
              onClick={(event) => (why === null ? erase() : event.preventDefault())}
            >
              Erase for good…
            </Button>
          </Tooltip>
          <span className={css.gap} />
          <Tooltip label="Let go of the chosen leads (Esc)">
            <ActionIcon aria-label="Let go of the chosen leads" onClick={choice.clear}>
              <IconX size={15} stroke={1.6} />
            </ActionIcon>
          </Tooltip>
        </div>
      )}
    </div>
  );
}
