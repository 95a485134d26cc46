import type { Import } from "@bellwether/contracts/imports";
import { Button, Group, Title } from "@mantine/core";
import { useState } from "react";
import { client, sentenceOf } from "../../api.ts";
import { Failure } from "../../ui/index.ts";
import { Counts } from "./Counts.tsx";
import css from "./imports.module.css";
import { formatNumber, rowsWord } from "./words.ts";

type Check = NonNullable<Import["check"]>;

/** Step three: what every row would do. Nothing is written yet. */
export function CheckStep({
  of,
  check,
  back,
  running,
}: {
  of: Import;
  check: Check;
  back: () => void;
  running: (now: Import) => void;
}) {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState("");
  const writes = check.create + check.update;
  const refused = check.rows - check.create - check.update - check.unchanged;

  async function run() {
    setBusy(true);
    setFailure("");
    try {
      running(await client.imports.run({ id: of.id }));
    } catch (error) {
      setFailure(sentenceOf(error));
      setBusy(false);
    }
  }

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
      {check.problems.length > 0 && (
        <section className={css.section}>
          <Title order={2}>What is wrong</Title>
          <p className={css.hint}>
            Go back and map or read these columns otherwise, or go on: the rows are left out and given back to
            you as a file.
          </p>
          {check.problems.map((group) => (
            <Problem key={`${group.code} ${group.column ?? ""} ${group.message}`} group={group} />
          ))}
        </section>
      )}
      <div className={css.foot}>
        <div className={css.footFailure}>
          <Failure>{failure}</Failure>
        </div>
        <Group gap="xs">
          <Button loading={busy} disabled={writes === 0} onClick={() => void run()}>
            {writes === 0 ? "Nothing to import" : `Import ${rowsWord(writes)}`}
          </Button>
          <Button variant="default" onClick={back} disabled={busy}>
            Back to the columns
          </Button>
        </Group>
        <span className={css.footNote}>
          {writes === 0 && check.unchanged > 0
            ? "Every lead already has exactly these values."
            : refused > 0 && writes > 0
              ? `${rowsWord(Math.max(refused, 0))} will be left out.`
              : ""}
        </span>
      </div>
    </>
  );
}

function Problem({ group }: { group: Check["problems"][number] }) {
  return (
    <div className={css.group}>
      <div className={css.groupCount}>{formatNumber(group.count)}</div>
      <div>
        {group.column && <b>{group.column}: </b>}
        {group.message}
      </div>
      {group.samples.length > 0 && (
        <div className={css.groupSamples}>
          {group.samples.map((sample) => (
            <span key={sample.line}>
              line {formatNumber(sample.line)}: <code>{sample.value === "" ? "(empty)" : sample.value}</code>
            </span>
          ))}
        </div>
      )}
    </div>
  );
}
