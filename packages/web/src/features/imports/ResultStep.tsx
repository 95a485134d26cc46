import type { Import } from "@bellwether/contracts/imports";
import { Button, Group, Progress } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { apiUrl } from "../../api.ts";
import { LinkButton } from "../../ui/index.ts";
import { undoneWords } from "../changes/index.ts";
import { Counts } from "./Counts.tsx";
import css from "./imports.module.css";
import { UndoImport } from "./UndoImport.tsx";
import { rowsWord } from "./words.ts";

/** Step four, after it: what the database did, the rows that it refused, and the way on. */
export function ResultStep({ of, back }: { of: Import; back: () => void }) {
  const { result } = of;
  return (
    <>
      {of.state === "failed" && (
        <p role="alert" style={{ color: "var(--bw-danger)", marginTop: 0 }}>
          {of.failure ?? "It stopped on an error."}
        </p>
      )}
      {of.state === "cancelled" && (
        <p className={css.hint}>
          Somebody stopped it. What had been written stays; importing the same file again goes on where it
          left off, since known rows are found again.
        </p>
      )}
      {of.change && <Undone change={of.change} />}
      {result && (
        <Counts
          counts={[
            { label: "Created", value: result.created },
            { label: "Updated", value: result.updated },
            { label: "Unchanged", value: result.unchanged },
            { label: "Refused", value: result.rejected, bad: true },
          ]}
        />
      )}
      <Group gap="xs" mt="lg">
        {result === null && <Button onClick={back}>Back to the columns</Button>}
        {result && (
          <LinkButton to="/leads" search={leadsOf(of)}>
            See the leads
          </LinkButton>
        )}
        {result && result.rejected > 0 && (
          <Button
            component="a"
            href={apiUrl(`/imports/${of.id}/rejected.csv`)}
            download
            variant="default"
            leftSection={<IconDownload size={15} stroke={1.6} />}
          >
            Refused {result.rejected === 1 ? "row" : "rows"} as CSV
          </Button>
        )}
        <UndoImport of={of} size="sm" />
        <LinkButton to="/imports/new" variant="subtle">
          Import another file
        </LinkButton>
      </Group>
      {result && result.rejected > 0 && (
        <p className={css.hint} style={{ marginTop: 12 }}>
          The file holds {rowsWord(result.rejected)} in their own columns, with line and reason. Mend them
          there and import that file.
        </p>
      )}
    </>
  );
}

/** How far its undo is, or what it did. */
function Undone({ change }: { change: NonNullable<Import["change"]> }) {
  if (change.undone === null) return null;
  const { restored, kept } = change.undone;
  if (change.state === "undoing") {
    return (
      <Progress
        mb="lg"
        value={change.changed > 0 ? (100 * (restored + kept)) / change.changed : 100}
        animated
        aria-label="Undoing this import"
      />
    );
  }
  return (
    <p className={css.hint} role="status">
      {change.state === "undone" ? "Undone" : "Its undo stopped half-way"}
      {change.undone_by && ` by ${change.undone_by.name}`}. {undoneWords(change.undone, change)}
      {change.state === "failed" && change.failure && ` ${change.failure}`}
    </p>
  );
}

/** The list of what came with it, as far as a filter can say: by the tags it gave, else the newest first. */
function leadsOf(of: Import): Record<string, unknown> {
  const tags = of.options?.tags ?? [];
  return tags.length > 0 ? { rule: { all: [{ field: "tags", is: "any_of", value: tags }] } } : {};
}
