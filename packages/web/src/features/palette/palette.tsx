import type { Lead } from "@bellwether/contracts/leads";
import { Modal } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconArrowRight, IconBolt, IconLayoutList, IconSearch, IconUsersGroup } from "@tabler/icons-react";
import { useRouter } from "@tanstack/react-router";
import type { KeyboardEvent } from "react";
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { sentenceOf } from "../../api.ts";
import { takeTyped } from "../../overlay.ts";
import { Avatar, Kbd } from "../../ui/index.ts";
import { leadName } from "../leads/index.ts";
import type { Command } from "./matching.ts";
import { matching } from "./matching.ts";
import css from "./palette.module.css";
import { useCommands } from "./use-commands.tsx";
import { type FoundLeads, useFoundLeads, useRecentLeads } from "./use-found.ts";

/** ⌘K: find a lead, go somewhere, do something, without the hand leaving the keyboard. */
export function Palette({ opened, close }: { opened: boolean; close: () => void }) {
  const phone = useMediaQuery("(max-width: 47.99em)") ?? false;
  return (
    <Modal.Root
      opened={opened}
      onClose={close}
      size={600}
      yOffset="12vh"
      fullScreen={phone}
      transitionProps={{ duration: 80 }}
    >
      <Modal.Overlay />
      <Modal.Content aria-label="Search and commands" data-palette className={css.content ?? ""}>
        <Modal.Body p={0} className={css.body ?? ""}>
          {opened && <Finder close={close} phone={phone} />}
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}

interface Option {
  id: string;
  target: Command["target"];
  shown: React.ReactNode;
}
interface Group {
  title: string;
  options: Option[];
}

function Finder({ close, phone }: { close: () => void; phone: boolean }) {
  const [typed, setTyped] = useState("");
  const [chosen, setChosen] = useState<string | null>(null);
  const [awaited, setAwaited] = useState(false);
  const list = useRef<HTMLDivElement>(null);
  const input = useRef<HTMLInputElement>(null);
  // At once, not when the dialog has faded in: the next key is meant for it.
  useLayoutEffect(() => {
    input.current?.focus();
    const before = takeTyped();
    if (before) setTyped(before);
  }, []);
  const found = useFoundLeads(typed);
  const groups = useGroups(typed, found);
  const options = groups.flatMap((group) => group.options);
  const active = Math.max(
    0,
    options.findIndex((option) => option.id === chosen),
  );
  const run = useRun(close);

  const enter = (tab: boolean) => {
    const option = options[active];
    // Whoever types a name and Enter means the lead that is still being looked for.
    if (chosen === null && found.outdated && !tab) setAwaited(true);
    else if (option) run(option.target, tab);
  };
  const runFirst = useRef(() => {});
  runFirst.current = () => options[0] && run(options[0].target, false);
  useEffect(() => {
    if (awaited && !found.outdated) runFirst.current();
  }, [awaited, found.outdated]);
  useEffect(() => {
    list.current?.querySelector("[aria-selected='true']")?.scrollIntoView({ block: "nearest" });
  }, [chosen]);

  const onKeyDown = (event: KeyboardEvent) => {
    const by = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (by !== 0) {
      event.preventDefault();
      setChosen(options[(active + by + options.length) % options.length]?.id ?? null);
    } else if (event.key === "Enter" && !event.nativeEvent.isComposing) {
      event.preventDefault();
      enter(event.ctrlKey || event.metaKey);
    }
  };
  const activeOption = options[active];
  return (
    <>
      <div className={css.top}>
        <IconSearch size={17} stroke={1.6} aria-hidden="true" />
        <input
          ref={input}
          data-autofocus
          role="combobox"
          aria-label="Search leads, pages and actions"
          aria-expanded="true"
          aria-controls="palette-list"
          aria-autocomplete="list"
          {...(activeOption ? { "aria-activedescendant": `palette-${activeOption.id}` } : {})}
          autoComplete="off"
          spellCheck={false}
          enterKeyHint="go"
          placeholder="Find a lead, go to a page, do something"
          className={css.input}
          value={typed}
          onChange={(event) => {
            setTyped(event.currentTarget.value.slice(0, 1000));
            setChosen(null);
            setAwaited(false);
          }}
          onKeyDown={onKeyDown}
        />
        {phone ? (
          <button type="button" className={css.cancel} onClick={close}>
            Cancel
          </button>
        ) : (
          <Kbd>Esc</Kbd>
        )}
      </div>
      <div
        ref={list}
        id="palette-list"
        role="listbox"
        aria-label="Results"
        className={css.list}
        tabIndex={-1}
      >
        {groups.map((group, at) => (
          <div key={group.title} role="group" aria-labelledby={`palette-group-${at}`}>
            <div id={`palette-group-${at}`} className={css.title}>
              {group.title}
            </div>
            {group.options.map((option) => (
              // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- the keys are heard by the input, which keeps the focus
              <div
                key={option.id}
                tabIndex={-1}
                id={`palette-${option.id}`}
                role="option"
                aria-selected={option === activeOption}
                className={css.option}
                onMouseMove={() => option !== activeOption && setChosen(option.id)}
                onMouseDown={(event) => event.preventDefault()}
                onClick={(event) => run(option.target, event.ctrlKey || event.metaKey)}
              >
                {option.shown}
              </div>
            ))}
          </div>
        ))}
      </div>
      <p className={css.foot} role="status">
        {sayOf(typed, found, options.length)}
      </p>
    </>
  );
}

function sayOf(typed: string, found: FoundLeads, options: number): string {
  if (found.failed) return `Leads can’t be searched now. ${sentenceOf(found.failed)}`;
  if (found.outdated) return "Searching…";
  if (typed.trim() === "") return "↑ ↓ choose, Enter opens";
  return options === 1 ? "1 result" : `${options} results`;
}

/** Goes there or does it. The palette is gone before, so that what is opened can take the focus. */
function useRun(close: () => void): (target: Command["target"], tab: boolean) => void {
  const router = useRouter();
  return (target, tab) => {
    if (typeof target === "string" && tab) {
      window.open(target, "_blank", "noopener");
      return;
    }
    close();
    if (typeof target === "string") void router.navigate({ href: target });
    else target();
  };
}

const commands_max = 6;

/** What there is to choose from. What comes later stands below, so that nothing moves under the hand. */
function useGroups(typed: string, found: FoundLeads): Group[] {
  const commands = useCommands();
  const recent = useRecentLeads();
  const text = typed.trim();
  if (text === "") {
    return filled([
      { title: "Recent leads", options: recent.slice(0, 5).map(leadOption) },
      ...(["Do", "Views", "Go to"] as const).map((title) => ({
        title,
        options: commands.filter((command) => command.group === title).map(commandOption),
      })),
    ]);
  }
  const all: Option = {
    id: "all",
    target: `/leads?q=${encodeURIComponent(text)}`,
    shown: <Line icon={<IconSearch size={16} stroke={1.6} />} label={`All leads matching “${text}”`} />,
  };
  return filled([
    {
      title: "Pages and actions",
      options: matching(commands, text).slice(0, commands_max).map(commandOption),
    },
    { title: "Leads", options: [...found.leads.map(leadOption), all] },
  ]);
}

const filled = (groups: Group[]): Group[] => groups.filter((group) => group.options.length > 0);

const icons = {
  Do: IconBolt,
  Views: IconLayoutList,
  Segments: IconUsersGroup,
  "Go to": IconArrowRight,
} as const;
const details = { Do: undefined, Views: "View", Segments: "Segment", "Go to": undefined } as const;

function commandOption(command: Command): Option {
  const Icon = icons[command.group];
  return {
    id: command.id,
    target: command.target,
    shown: (
      <Line icon={<Icon size={16} stroke={1.6} />} label={command.label} detail={details[command.group]} />
    ),
  };
}

function leadOption(lead: Lead): Option {
  const name = leadName(lead);
  const detail = [lead.company, lead.email ?? lead.phone].filter((each) => each && each !== name).join(" · ");
  return {
    id: lead.id,
    target: `/leads/${lead.id}`,
    shown: (
      <Line icon={<Avatar name={name} src={lead.avatar_url} size={22} />} label={name} detail={detail} />
    ),
  };
}

function Line({
  icon,
  label,
  detail,
}: {
  icon: React.ReactNode;
  label: string;
  detail?: string | undefined;
}) {
  return (
    <>
      <span className={css.icon} aria-hidden="true">
        {icon}
      </span>
      <span className={css.label}>{label}</span>
      {detail && <span className={css.detail}>{detail}</span>}
    </>
  );
}
