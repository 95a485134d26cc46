import type { View, ViewColumn } from "@bellwether/contracts/views";
import { ActionIcon, Button, Menu, Tooltip, VisuallyHidden } from "@mantine/core";
import {
  IconArrowLeft,
  IconArrowRight,
  IconChevronDown,
  IconCopy,
  IconLayoutKanban,
  IconLock,
  IconPencil,
  IconPlus,
  IconTrash,
  IconUsers,
} from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import type * as z from "zod";
import { api, client, queryClient } from "../../api.ts";
import { useMay } from "../../session.tsx";
import { ConfirmDialog, toast } from "../../ui/index.ts";
import { type LeadsPlace, layoutAt, placeOf, type Question } from "./model.ts";
import { NameDialog } from "./name-dialog.tsx";
import { type Ordering, useDragging } from "./dragging.ts";
import css from "./views.module.css";

type ViewColumns = z.infer<typeof ViewColumn>[];

interface Props {
  views: View[];
  /** Asks for them again, where they couldn't be had; else null. */
  failed: (() => void) | null;
  active: View | undefined;
  /** What is on the screen: the list or the board. A view that has no opinion opens there. */
  place: LeadsPlace;
  /** What is shown now, and whether that is still what the view says. */
  now: Question & { columns: ViewColumns; card_fields: string[] | null };
  changed: boolean;
  open: (view: Pick<View, "id" | "layout">) => void;
  /** Back to what the view says. */
  reset: () => void;
  /** The view now says what is shown. */
  saved: (view: View) => void;
  move: (id: string, place: number) => void;
  /** What the last move did. */
  moved: string;
}

type Asking = { kind: "new" | "rename" | "delete"; view: View | null } | null;

async function readAgain(): Promise<void> {
  await queryClient.invalidateQueries({ queryKey: api.views.key() });
}

/** The views over the list; beside them what was changed in the one shown, to be kept or not. */
export function ViewTabs({
  views,
  failed,
  active,
  place,
  now,
  changed,
  open,
  reset,
  saved,
  move,
  moved,
}: Props) {
  const [asking, setAsking] = useState<Asking>(null);
  const order = useDragging(views, move);
  const close = () => setAsking(null);
  const body = { ...now, q: now.q.trim(), layout: layoutAt(place) };

  const create = async (name: string, shared: boolean) => {
    const view = await client.views.create({ name, shared, ...body });
    await readAgain();
    saved(view);
    open(view);
  };
  const change = async (view: View, patch: Partial<Pick<View, "name" | "shared">>, words: string) => {
    await client.views.update({ id: view.id, ...patch });
    await readAgain();
    toast.done(words);
  };
  const save = async () => {
    if (!active) return;
    try {
      const view = await client.views.update({ id: active.id, ...body });
      await readAgain();
      saved(view);
      toast.done(`${view.name} is saved.`);
    } catch (error) {
      toast.failed(error, `${active.name} wasn’t saved`);
    }
  };
  const run = (work: Promise<unknown>) => void work.catch((error: unknown) => toast.failed(error));

  return (
    <div className={css.row}>
      <nav aria-label="Views" className={css.tabs}>
        {failed && (
          <span className={css.failed} role="alert">
            The views can’t be shown.
            <Button variant="subtle" size="compact-sm" onClick={failed}>
              Try again
            </Button>
          </span>
        )}
        {views.map((view, at) => (
          <Tab
            key={view.id}
            view={view}
            active={view.id === active?.id}
            to={placeOf(view) ?? place}
            changed={changed}
            order={order(view, at)}
          >
            {view.id === active?.id && (
              <Actions
                view={view}
                rename={() => setAsking({ kind: "rename", view })}
                share={() =>
                  run(
                    change(
                      view,
                      { shared: !view.shared },
                      view.shared ? `${view.name} is yours alone now.` : `Everybody sees ${view.name} now.`,
                    ),
                  )
                }
                copy={() => setAsking({ kind: "new", view })}
                remove={() => setAsking({ kind: "delete", view })}
                move={(by) => move(view.id, at + by)}
              />
            )}
          </Tab>
        ))}
        <Tooltip label="Save as a new view">
          <ActionIcon aria-label="New view" onClick={() => setAsking({ kind: "new", view: null })}>
            <IconPlus size={15} stroke={1.7} />
          </ActionIcon>
        </Tooltip>
      </nav>
      {changed && (
        <div className={css.changed} role="group" aria-label="Changes to this view">
          <Button variant="subtle" color="gray" size="compact-sm" onClick={reset}>
            Discard changes
          </Button>
          <Button variant="default" size="compact-sm" onClick={() => setAsking({ kind: "new", view: null })}>
            Save as new…
          </Button>
          {active?.may_change && (
            <Button size="compact-sm" onClick={() => void save()}>
              Save
            </Button>
          )}
        </div>
      )}
      <VisuallyHidden role="status">{moved}</VisuallyHidden>
      <NameDialog
        opened={asking?.kind === "new" || asking?.kind === "rename"}
        close={close}
        title={asking?.kind === "rename" ? "Rename view" : "New view"}
        button={asking?.kind === "rename" ? "Rename" : "Save view"}
        start={
          asking?.kind === "rename"
            ? (asking.view?.name ?? "")
            : asking?.view
              ? `${asking.view.name} (copy)`
              : ""
        }
        asksSharing={asking?.kind === "new"}
        send={async (name, shared) => {
          if (asking?.kind === "rename" && asking.view)
            await change(asking.view, { name }, `The view is called ${name} now.`);
          else await create(name, shared);
        }}
      />
      <ConfirmDialog
        opened={asking?.kind === "delete"}
        danger
        title={`Delete ${asking?.view?.name ?? "view"}?`}
        confirm="Delete view"
        close={close}
        run={async () => {
          if (!asking?.view) return;
          await client.views.remove({ id: asking.view.id });
          open({ id: "all", layout: null });
          await readAgain();
        }}
      >
        {asking?.view?.shared ? "It goes for everybody. " : ""}The leads stay as they are.
      </ConfirmDialog>
    </div>
  );
}

function Tab({
  view,
  active,
  to,
  changed,
  order,
  children,
}: {
  view: View;
  active: boolean;
  to: LeadsPlace;
  changed: boolean;
  order: Ordering;
  children: React.ReactNode;
}) {
  const tab = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    if (active) tab.current?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [active]);
  return (
    <span ref={tab} className={css.tab} data-active={active || undefined} {...order.drag}>
      <Link
        to={to}
        search={view.id === "all" ? {} : { view: view.id }}
        className={css.name}
        activeProps={{}}
        onKeyDown={order.onKeyDown}
        draggable={false}
        aria-current={active ? "page" : undefined}
      >
        {!view.standard && !view.shared && <IconLock size={12} stroke={1.8} aria-label="Private" />}
        {view.layout === "board" && <IconLayoutKanban size={13} stroke={1.8} role="img" aria-label="Board" />}
        <span className={css.words} title={view.name}>
          {view.name}
        </span>
        {active && changed && <span className={css.dot} role="img" aria-label="changed" />}
      </Link>
      {children}
    </span>
  );
}

interface ActionsProps {
  view: View;
  rename: () => void;
  share: () => void;
  copy: () => void;
  remove: () => void;
  move: (by: -1 | 1) => void;
}

const icon = { size: 15, stroke: 1.6 } as const;

function Actions({ view, rename, share, copy, remove, move }: ActionsProps) {
  const may_share = useMay("views:share");
  return (
    <Menu position="bottom-start">
      <Menu.Target>
        <ActionIcon size={24} aria-label={`More for the view ${view.name}`}>
          <IconChevronDown size={13} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {view.may_change && (
          <Menu.Item leftSection={<IconPencil {...icon} />} onClick={rename}>
            Rename
          </Menu.Item>
        )}
        {view.may_change && may_share && (
          <Menu.Item
            leftSection={view.shared ? <IconLock {...icon} /> : <IconUsers {...icon} />}
            onClick={share}
          >
            {view.shared ? "Make private" : "Share with everybody"}
          </Menu.Item>
        )}
        <Menu.Item leftSection={<IconCopy {...icon} />} onClick={copy}>
          Copy
        </Menu.Item>
        <Menu.Item leftSection={<IconArrowLeft {...icon} />} onClick={() => move(-1)}>
          Move left
        </Menu.Item>
        <Menu.Item leftSection={<IconArrowRight {...icon} />} onClick={() => move(1)}>
          Move right
        </Menu.Item>
        {view.may_change && (
          <Menu.Item leftSection={<IconTrash {...icon} />} onClick={remove} color="red.9">
            Delete
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
