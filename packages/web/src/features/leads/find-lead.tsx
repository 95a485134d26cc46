import type { Lead } from "@bellwether/contracts/leads";
import { TextInput, UnstyledButton } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useState } from "react";
import { api, sentenceOf } from "../../api.ts";
import { Avatar } from "../../ui/index.ts";
import css from "./find-lead.module.css";
import { leadName } from "./model/columns.ts";

interface Props {
  label: string;
  /** What is searched for at first. */
  start?: string;
  pick: (lead: Lead) => void;
  /** Is left out of what is found. */
  except?: string;
  /** Said while nothing is typed. */
  idle: string;
  /** At the end of a lead's row. */
  beside?: (lead: Lead) => ReactNode;
}

const typing_pause_ms = 150;
const found_max = 7;

/** Finds one lead by what is typed; Enter takes the first. */
export function FindLead({ label, start = "", pick, except, idle, beside }: Props) {
  const [words, setWords] = useState(start);
  const [q] = useDebouncedValue(words.trim(), typing_pause_ms);
  const search = useQuery({
    // Quoted, so that a colon or a minus in a name is no operator.
    ...api.leads.query.queryOptions({
      input: { q: `"${q.replaceAll('"', " ")}"`, limit: found_max + 1 },
    }),
    enabled: q !== "",
    placeholderData: keepPreviousData,
  });
  const found =
    q === "" ? [] : (search.data?.data ?? []).filter((each) => each.id !== except).slice(0, found_max);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (found[0] && words.trim() === q) pick(found[0]);
      }}
    >
      <TextInput
        label={label}
        placeholder="Name, e-mail, phone or company"
        value={words}
        onChange={(event) => setWords(event.currentTarget.value)}
        autoComplete="off"
        data-autofocus
      />
      <ul className={css.found} aria-label="Leads found">
        {found.map((each) => (
          <li key={each.id}>
            <UnstyledButton className={css.lead} onClick={() => pick(each)}>
              <Avatar name={leadName(each)} src={each.avatar_url} size={28} />
              <span className={css.text}>
                <span className={css.name}>{leadName(each)}</span>
                <span className={css.more}>
                  {[each.email, each.phone, each.company].filter(Boolean).join(" · ")}
                </span>
              </span>
              {beside?.(each)}
            </UnstyledButton>
          </li>
        ))}
      </ul>
      <p className={css.said} role="status">
        {search.isError
          ? sentenceOf(search.error)
          : q === ""
            ? idle
            : search.data && found.length === 0
              ? "No other lead matches."
              : ""}
      </p>
    </form>
  );
}
