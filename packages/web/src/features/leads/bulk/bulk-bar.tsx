import { ActionIcon, Button, Menu, Tooltip, VisuallyHidden } from "@mantine/core";
import {
  IconArrowsExchange,
  IconChevronUp,
  IconFileExport,
  IconForms,
  IconTag,
  IconTagOff,
  IconTags,
  IconUsersGroup,
  IconUsersMinus,
  IconUsersPlus,
  IconTrash,
  IconUser,
  IconX,
} from "@tabler/icons-react";
import { useState } from "react";
import type { Lookups } from "../lookups.ts";
import type { BulkKind } from "../model/bulk.ts";
import { kindWords, tooMany } from "../model/bulk.ts";
import { isNothing } from "../model/selection.ts";
import type { ListInput } from "../pages.ts";
import type { Selecting } from "../selecting.ts";
import { BulkDialog } from "./bulk-dialog.tsx";
import css from "./bulk.module.css";

interface Props {
  selecting: Selecting;
  input: ListInput;
  lookups: Lookups;
  /** How many match, as the page's head says it: “4,312 leads”. */
  count: string;
  /** Null for whoever may not export. */
  exportChosen: ((words: string) => void) | null;
  /** The static segment whose members these are. */
  within?: string | undefined;
}

const icon = { size: 15, stroke: 1.6, "aria-hidden": true } as const;

/** What can be done to the chosen leads, at the foot of the list as long as some are chosen. */
export function BulkBar({ selecting, input, lookups, count, exportChosen, within }: Props) {
  const { selection, select, clear } = selecting;
  const [kind, setKind] = useState<BulkKind | null>(null);
  const many = selection.ids.size;
  const chosen = selection.all ? `All ${count}` : `${many.toLocaleString()} ${many === 1 ? "lead" : "leads"}`;
  const all = `${many.toLocaleString()} ${many === 1 ? "lead" : "leads"}`;
  return (
    <>
      <VisuallyHidden role="status">{isNothing(selection) ? "" : `${chosen} chosen`}</VisuallyHidden>
      {!isNothing(selection) && (
        <section className={css.bar} aria-label="Chosen leads" data-foot>
          <div className={css.what}>
            <span className="bw-num">
              <b>{chosen}</b> chosen
            </span>
            {!selection.all && count !== "" && count !== all && (
              <Button
                variant="subtle"
                size="compact-sm"
                onClick={() => select((now) => ({ ...now, all: true, range: null }))}
              >
                Choose all {count}
              </Button>
            )}
          </div>
          {tooMany(selection) ? (
            <p className={css.tooMany}>More than 10,000 can only be changed by choosing all that match.</p>
          ) : (
            <Actions pick={setKind} exportChosen={exportChosen && (() => exportChosen(lowerFirst(chosen)))} />
          )}
          <Tooltip label="Let go (Esc)">
            <ActionIcon aria-label="Let go of the chosen leads" onClick={clear}>
              <IconX size={16} stroke={1.6} />
            </ActionIcon>
          </Tooltip>
        </section>
      )}
      <BulkDialog
        kind={kind}
        close={() => setKind(null)}
        selection={selection}
        input={input}
        lookups={lookups}
        chosen={chosen}
        within={within}
        // All that match may be others after the change; single leads stay who they are.
        started={(done) => (selection.all || leaves(done, within)) && clear()}
      />
    </>
  );
}

/** After it these leads aren't in this list any more. */
const leaves = (kind: BulkKind, within: string | undefined): boolean =>
  kind === "delete" || (kind === "remove_from_segment" && within !== undefined);

const lowerFirst = (words: string) => words.charAt(0).toLowerCase() + words.slice(1);

function Actions({
  pick,
  exportChosen,
}: {
  pick: (kind: BulkKind) => void;
  exportChosen: (() => void) | null;
}) {
  return (
    <div className={css.actions} role="group" aria-label="Actions">
      <Act icon={<IconUser {...icon} />} run={() => pick("assign")}>
        Assign
      </Act>
      <Act icon={<IconArrowsExchange {...icon} />} run={() => pick("stage")}>
        Stage
      </Act>
      <Pair
        words="Tags"
        icon={<IconTags {...icon} />}
        add={["add_tag", <IconTag key="add" {...icon} />]}
        remove={["remove_tag", <IconTagOff key="remove" {...icon} />]}
        pick={pick}
      />
      <Pair
        words="Segments"
        icon={<IconUsersGroup {...icon} />}
        add={["add_to_segment", <IconUsersPlus key="add" {...icon} />]}
        remove={["remove_from_segment", <IconUsersMinus key="remove" {...icon} />]}
        pick={pick}
      />
      <Act icon={<IconForms {...icon} />} run={() => pick("field")}>
        Set field
      </Act>
      {exportChosen && (
        <Act icon={<IconFileExport {...icon} />} run={exportChosen}>
          Export
        </Act>
      )}
      <Act icon={<IconTrash {...icon} />} run={() => pick("delete")}>
        Delete
      </Act>
    </div>
  );
}

interface PairProps {
  words: string;
  icon: React.ReactNode;
  add: [BulkKind, React.ReactNode];
  remove: [BulkKind, React.ReactNode];
  pick: (kind: BulkKind) => void;
}

/** Two actions, there and back. */
function Pair({ words, icon: sign, add, remove, pick }: PairProps) {
  return (
    <Menu position="top-start">
      <Menu.Target>
        <Button
          variant="default"
          size="compact-md"
          leftSection={sign}
          rightSection={<IconChevronUp size={13} aria-hidden="true" />}
        >
          {words}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {[add, remove].map(([kind, itsSign]) => (
          <Menu.Item key={kind} leftSection={itsSign} onClick={() => pick(kind)}>
            {kindWords[kind]}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function Act({ icon: sign, run, children }: { icon: React.ReactNode; run: () => void; children: string }) {
  return (
    <Button variant="default" size="compact-md" leftSection={sign} onClick={run}>
      {children}
    </Button>
  );
}
