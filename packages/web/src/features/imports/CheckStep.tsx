import type { Import } from "@bellwether/contracts/imports";
import { Button, Group } from "@mantine/core";
import { useState } from "react";
import { client, sentenceOf } from "../../api.ts";
import { Failure } from "../../ui/index.ts";
import { followImport } from "../changes/index.ts";
import { Counts } from "./Counts.tsx";
import css from "./imports.module.css";
import { type Mend, Problems } from "./Problems.tsx";
import { leadsWord, rowsWord } from "./words.ts";

type Check = NonNullable<Import["check"]>;

interface Props {
  of: Import;
  check: Check;
  back: () => void;
  /** The check begins again, or the run begins: the import as it is now. */
  moved: (now: Import) => void;
}

/** Step three: what every row would do. Nothing is written yet. */
export function CheckStep({ of, check, back, moved }: Props) {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState("");
  const writes = check.create + check.update;

  async function attempt(work: () => Promise<Import>) {
    setBusy(true);
    setFailure("");
    try {
      moved(await work());
    } catch (error) {
      setFailure(sentenceOf(error));
    }
    setBusy(false);
  }
  async function run(): Promise<Import> {
    const now = await client.imports.run({ id: of.id });
    if (now.change) followImport(now.change);
    return now;
  }
  const mend: Mend = ({ columns, options }) =>
    void attempt(() =>
      client.imports.map({
        id: of.id,
        columns: columns ?? of.mapping ?? [],
        options: { ...of.options, ...options },
      }),
    );

  return (
    <>
      <p className={css.hint}>
        All {rowsWord(check.rows)} were read and compared with your leads. Nothing is written yet.
      </p>
      <Counts
        counts={[
          { label: "To create", value: check.create },
          { label: "To update", value: check.update },
          { label: "Unchanged", value: check.unchanged },
          { label: "Twice in the file", value: check.duplicate },
          { label: "Can't be imported", value: check.invalid, bad: true },
          ...(check.suppressed > 0 ? [{ label: "Suppressed", value: check.suppressed }] : []),
        ]}
      />
      <Problems of={of} groups={check.problems} busy={busy} mend={mend} />
      <div className={css.foot}>
        <div className={css.footFailure}>
          <Failure>{failure}</Failure>
        </div>
        <Group gap="xs">
          <Button loading={busy} disabled={writes === 0} onClick={() => void attempt(run)}>
            {writes === 0 ? "Nothing to import" : `Import ${leadsWord(writes)}`}
          </Button>
          <Button variant="default" onClick={back} disabled={busy}>
            Back to the columns
          </Button>
        </Group>
        <span className={css.footNote}>{outlook(check, writes)}</span>
      </div>
    </>
  );
}

/** What becomes of the rows that neither create nor update. */
function outlook(check: Check, writes: number): string {
  if (writes === 0 && check.unchanged > 0 && check.invalid === 0)
    return "Every lead already has exactly these values.";
  return [
    check.invalid > 0 ? `${rowsWord(check.invalid)} will be left out.` : "",
    check.duplicate > 0
      ? `${rowsWord(check.duplicate)} ${check.duplicate === 1 ? "repeats an earlier one and goes" : "repeat an earlier one and go"} into the same lead.`
      : "",
  ]
    .filter(Boolean)
    .join(" ");
}
