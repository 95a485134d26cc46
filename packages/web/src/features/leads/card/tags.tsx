import { ActionIcon, Autocomplete } from "@mantine/core";
import type { Lead } from "@bellwether/contracts/leads";
import { IconX } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, client } from "../../../api.ts";
import { AddButton, Dot, toast } from "../../../ui/index.ts";
import { rereadLead, showLead } from "../edits.tsx";
import { longList } from "../long-list.ts";
import type { Lookups } from "../lookups.ts";
import { useTags } from "../lookups.ts";
import type { Me } from "../me.ts";
import { whyNotEdited } from "../model/edits.ts";
import css from "./card.module.css";

interface Props {
  lead: Lead;
  lookups: Lookups;
  me: Me;
}

export function Tags({ lead, lookups, me }: Props) {
  const queries = useQueryClient();
  const column = lookups.fields.find((field) => field.id === "tags");
  const editable = column !== undefined && whyNotEdited(column, lead, me, lookups.names.stages) === null;

  async function put(tags: string[], send: () => Promise<Lead>) {
    showLead(queries, lead.id, (now) => ({ ...now, tags }));
    try {
      const saved = await send();
      showLead(queries, lead.id, () => saved);
      rereadLead(queries, lead.id);
      void queries.invalidateQueries({ queryKey: api.tags.list.key() });
    } catch (error) {
      showLead(queries, lead.id, (now) => ({ ...now, tags: lead.tags }));
      toast.failed(error, "The tags weren’t changed");
    }
  }
  const add = (tag: string) => {
    if (lead.tags.some((known) => known.toLowerCase() === tag.toLowerCase())) return;
    void put([...lead.tags, tag], () => client.leads.addTag({ id: lead.id, tag }));
  };
  const remove = (tag: string) =>
    void put(
      lead.tags.filter((other) => other !== tag),
      () => client.leads.removeTag({ id: lead.id, tag }),
    );

  if (lead.tags.length === 0 && !editable) return null;
  return (
    <section className={css.tags} aria-label="Tags">
      <h3>Tags</h3>
      <ul>
        {lead.tags.map((tag) => (
          <li key={tag} className={css.tag}>
            <Dot colour={lookups.names.tag_colours.get(tag) ?? null}>{tag}</Dot>
            {editable && (
              <ActionIcon size={16} aria-label={`Remove the tag ${tag}`} onClick={() => remove(tag)}>
                <IconX size={11} />
              </ActionIcon>
            )}
          </li>
        ))}
        {editable && (
          <li>
            <AddTag known={lead.tags} add={add} />
          </li>
        )}
      </ul>
    </section>
  );
}

function AddTag({ known, add }: { known: string[]; add: (tag: string) => void }) {
  const [typing, setTyping] = useState(false);
  const [text, setText] = useState("");
  const all = useTags(typing);
  const finish = (tag: string) => {
    setText("");
    if (tag.trim()) add(tag.trim());
  };
  if (!typing) {
    return (
      <AddButton small onClick={() => setTyping(true)}>
        Add tag
      </AddButton>
    );
  }
  return (
    <Autocomplete
      size="xs"
      w={160}
      aria-label="New tag"
      placeholder="Tag"
      autoFocus
      maxLength={60}
      data={all.map((tag) => tag.name).filter((name) => !known.includes(name))}
      limit={8}
      {...longList(300)}
      value={text}
      onChange={setText}
      onOptionSubmit={(tag) => {
        finish(tag);
        // The list writes the picked word into the box after this.
        window.setTimeout(() => setText(""));
      }}
      onBlur={() => setTyping(false)}
      onKeyDown={(event) => {
        if (event.key === "Escape") setTyping(false);
        else if (event.key === "Enter" && !event.currentTarget.getAttribute("aria-activedescendant")) {
          event.preventDefault();
          finish(text);
        } else return;
        event.stopPropagation();
      }}
    />
  );
}
