import type { Lead } from "@bellwether/contracts/leads";
import { Button, Group, Modal } from "@mantine/core";
import css from "./card/card.module.css";
import type { Conflict } from "./edits.tsx";
import type { Column } from "./model/columns.ts";
import { leadName, valueOf } from "./model/columns.ts";
import type { Names } from "./model/values.ts";
import { inWords } from "./model/values.ts";

interface Props {
  conflict: Conflict | null;
  names: Names;
  close: () => void;
  save: (seen: Lead, column: Column, value: unknown) => Promise<boolean>;
}

/** Somebody saved another value first: both are shown, and the person chooses. */
export function ConflictDialog({ conflict, names, close, save }: Props) {
  return (
    <Modal opened={conflict !== null} onClose={close} title="Changed in the meantime" centered>
      {conflict && (
        <>
          <p className={css.quiet}>
            Somebody changed {conflict.column.label.toLowerCase()} of {leadName(conflict.lead)} while you did.
          </p>
          <dl className={css.versus}>
            <dt>Theirs, saved now</dt>
            <dd>{inWords(conflict.column, valueOf(conflict.lead, conflict.column), names)}</dd>
            <dt>Yours</dt>
            <dd>{inWords(conflict.column, conflict.mine, names)}</dd>
          </dl>
          <Group justify="flex-end" gap="xs" mt="lg">
            <Button variant="default" onClick={close}>
              Keep theirs
            </Button>
            <Button
              data-autofocus
              onClick={() => {
                close();
                void save(conflict.lead, conflict.column, conflict.mine);
              }}
            >
              Use mine
            </Button>
          </Group>
        </>
      )}
    </Modal>
  );
}
