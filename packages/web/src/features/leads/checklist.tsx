import { Checkbox, TextInput } from "@mantine/core";
import { type ReactNode, useState } from "react";
import css from "./checklist.module.css";

const search_from = 9;

interface Choice {
  value: string;
  label: ReactNode;
  /** What its search finds it by. */
  words: string;
}

interface Props {
  /** What is chosen, in the plural. */
  what: string;
  choices: readonly Choice[];
  picked: readonly string[];
  change: (picked: string[]) => void;
}

/** All choices at once, with a search from the ninth on: no list opens over the button that applies them. */
export function Checklist({ what, choices, picked, change }: Props) {
  const [find, setFind] = useState("");
  const wanted = find.trim().toLowerCase();
  return (
    <div role="group" aria-label={what}>
      {choices.length >= search_from && (
        <TextInput
          aria-label={`Search ${what.toLowerCase()}`}
          placeholder="Search"
          mb={8}
          value={find}
          onChange={(event) => setFind(event.currentTarget.value)}
        />
      )}
      <div className={css.list}>
        {choices
          .filter(({ words }) => words.toLowerCase().includes(wanted))
          .map(({ value, label }) => (
            <Checkbox
              key={value}
              label={label}
              checked={picked.includes(value)}
              onChange={(event) =>
                change(
                  event.currentTarget.checked ? [...picked, value] : picked.filter((each) => each !== value),
                )
              }
            />
          ))}
      </div>
    </div>
  );
}
