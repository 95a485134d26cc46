import { type Dialect, encodings } from "@bellwether/contracts/imports";
import { Button, NumberInput, Select } from "@mantine/core";
import { useState } from "react";
import { FormPopover } from "../../ui/index.ts";
import css from "./imports.module.css";
import type { DialectChoice } from "./useMapping.ts";
import { delimiters } from "./words.ts";

const encodingChoices = encodings.map((value) => ({ value, label: value.toUpperCase() }));

/** How the file was read, in words, and the way to read it otherwise. */
export function DialectBar({
  dialect,
  reread,
}: {
  dialect: Dialect;
  reread: (choice: DialectChoice) => void;
}) {
  const [opened, setOpened] = useState(false);
  const delimiter = delimiters.find((each) => each.value === dialect.delimiter)?.label ?? dialect.delimiter;
  return (
    <div className={css.dialect}>
      <span>
        Read as <b>{dialect.encoding.toUpperCase()}</b>, separated by <b>{delimiter}</b>,{" "}
        {dialect.header_row === null ? (
          <b>without a header</b>
        ) : (
          <>
            header in line <b>{dialect.header_row}</b>
          </>
        )}
      </span>
      <FormPopover
        opened={opened}
        setOpened={setOpened}
        width={300}
        target={
          <Button size="compact-sm" variant="subtle" onClick={() => setOpened(!opened)}>
            Read it otherwise
          </Button>
        }
      >
        <DialectForm
          dialect={dialect}
          submit={(choice) => {
            setOpened(false);
            reread(choice);
          }}
        />
      </FormPopover>
    </div>
  );
}

function DialectForm({ dialect, submit }: { dialect: Dialect; submit: (choice: DialectChoice) => void }) {
  const [encoding, setEncoding] = useState(dialect.encoding);
  const [delimiter, setDelimiter] = useState(dialect.delimiter);
  const [header, setHeader] = useState(dialect.header_row === null ? "no" : "yes");
  const [line, setLine] = useState(dialect.header_row ?? 1);
  const inside = { withinPortal: false };
  return (
    <form
      style={{ display: "grid", gap: 12 }}
      onSubmit={(event) => {
        event.preventDefault();
        submit({ encoding, delimiter, header_row: header === "no" ? null : line });
      }}
    >
      <Select
        label="Encoding"
        data={encodingChoices}
        value={encoding}
        allowDeselect={false}
        comboboxProps={inside}
        onChange={(next) => next && setEncoding(next)}
      />
      <Select
        label="Separated by"
        data={delimiters}
        value={delimiter}
        allowDeselect={false}
        comboboxProps={inside}
        onChange={(next) => next && setDelimiter(next)}
      />
      <Select
        label="Header"
        data={[
          { value: "yes", label: "A line names the columns" },
          { value: "no", label: "No header, data from the first line" },
        ]}
        value={header}
        allowDeselect={false}
        comboboxProps={inside}
        onChange={(next) => next && setHeader(next)}
      />
      {header === "yes" && (
        <NumberInput
          label="In line"
          min={1}
          max={100}
          value={line}
          onChange={(next) => typeof next === "number" && setLine(next)}
        />
      )}
      <Button type="submit">Read again</Button>
    </form>
  );
}
