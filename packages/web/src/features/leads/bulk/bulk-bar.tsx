import { ActionIcon, Button, Menu, Tooltip } from "@mantine/core";
import {
  IconArrowsExchange,
  IconChevronUp,
  IconFileExport,
  IconForms,
  IconTag,
  IconTagOff,
  IconTags,
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
}

const icon = { size: 15, stroke: 1.6, "aria-hidden": true } as const;

/** What can be done to the chosen leads, at the foot of the list as long as some are chosen. */
export function BulkBar({ selecting, input, lookups, count, exportChosen }: Props) {
  const { selection, select, clear } = selecting;
  const [kind, setKind] = useState<BulkKind | null>(null);
  const many = selection.ids.size;
  const chosen = selection.all ? `All ${count}` : `${many.toLocaleString()} ${many === 1 ? "lead" : "leads"}`;
  const all = `${many.toLocaleString()} ${many === 1 ? "lead" : "leads"}`;
  return (
    <>
      <p className={css.said} role="status">
        {isNothing(selection) ? "" : `${chosen} chosen`}
      </p>
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
        // All that match may be others after the change; single leads stay who they are.
        started={(done) => (selection.all || done === "delete") && clear()}
      />
    </>
  );
}

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
      <Menu position="top-start">
        <Menu.Target>
          <Button
            variant="default"
            size="compact-md"
            leftSection={<IconTags {...icon} />}
            rightSection={<IconChevronUp size={13} aria-hidden="true" />}
          >
            Tags
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconTag {...icon} />} onClick={() => pick("add_tag")}>
            {kindWords.add_tag}
          </Menu.Item>
          <Menu.Item leftSection={<IconTagOff {...icon} />} onClick={() => pick("remove_tag")}>
            {kindWords.remove_tag}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
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

function Act({ icon: sign, run, children }: { icon: React.ReactNode; run: () => void; children: string }) {
  return (
    <Button variant="default" size="compact-md" leftSection={sign} onClick={run}>
      {children}
    </Button>
  );
}
