import type { Lead } from "@bellwether/contracts/leads";
import { Modal, TextInput, UnstyledButton } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { api, sentenceOf } from "../../../api.ts";
import { Avatar } from "../../../ui/index.ts";
import { leadName } from "../model/columns.ts";
import css from "./merge-with.module.css";

interface Props {
  lead: Lead;
  opened: boolean;
  close: () => void;
}

/** Finds the other card of the same person; the two are then compared on a page of their own. */
export function MergeWith({ lead, opened, close }: Props) {
  return (
    <Modal opened={opened} onClose={close} title={`Merge ${leadName(lead)} with …`} centered>
      {opened && <Finder lead={lead} close={close} />}
    </Modal>
  );
}

const typing_pause_ms = 150;
const found_max = 7;

function Finder({ lead, close }: Pick<Props, "lead" | "close">) {
  const navigate = useNavigate();
  // Most often the two share a name.
  const [words, setWords] = useState(lead.last_name ?? lead.first_name ?? "");
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
    q === "" ? [] : (search.data?.data ?? []).filter((each) => each.id !== lead.id).slice(0, found_max);
  const take = (other: Lead) => {
    close();
    void navigate({ to: "/leads/$id/merge/$other", params: { id: lead.id, other: other.id } });
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (found[0]) take(found[0]);
      }}
    >
      <TextInput
        label="The other card"
        placeholder="Name, e-mail, phone or company"
        value={words}
        onChange={(event) => setWords(event.currentTarget.value)}
        autoComplete="off"
        data-autofocus
      />
      <ul className={css.found} aria-label="Leads found">
        {found.map((each) => (
          <li key={each.id}>
            <UnstyledButton className={css.lead} onClick={() => take(each)}>
              <Avatar name={leadName(each)} src={each.avatar_url} size={28} />
              <span className={css.text}>
                <span className={css.name}>{leadName(each)}</span>
                <span className={css.more}>
                  {[each.email, each.phone, each.company].filter(Boolean).join(" · ")}
                </span>
              </span>
            </UnstyledButton>
          </li>
        ))}
      </ul>
      <p className={css.said} role="status">
        {search.isError
          ? sentenceOf(search.error)
          : q === ""
            ? "Nothing is merged yet: you compare the two first."
            : search.data && found.length === 0
              ? "No other lead matches."
              : ""}
      </p>
    </form>
  );
}
