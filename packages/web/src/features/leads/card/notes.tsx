import { ActionIcon, Button, Group, Textarea } from "@mantine/core";
import type { Lead, Note } from "@bellwether/contracts/leads";
import { IconPencil, IconTrash } from "@tabler/icons-react";
import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { createElement, useState } from "react";
import { api, client, sentenceOf } from "../../../api.ts";
import { inPages, itemsOf } from "../../../paging.ts";
import { useMay } from "../../../session.tsx";
import { ConfirmDialog, LoadMore, RelativeTime, submits } from "../../../ui/index.ts";
import { rereadLead } from "../edits.tsx";
import type { Me } from "../me.ts";
import type { NotePart } from "../model/note-text.ts";
import { partsOf, textOf, textToHtml } from "../model/note-text.ts";
import css from "./card.module.css";

const notes_at_once = 20;

export function Notes({ lead, me }: { lead: Lead; me: Me }) {
  const queries = useQueryClient();
  const may_write = useMay("leads:write");
  const notes = useInfiniteQuery(
    api.leads.notes.list.infiniteOptions(inPages({ id: lead.id, limit: notes_at_once })),
  );
  const all = itemsOf(notes.data);
  const reread = () => {
    void queries.invalidateQueries({ queryKey: api.leads.notes.list.key({ input: { id: lead.id } }) });
    rereadLead(queries, lead.id);
  };
  if (!may_write && all.length === 0) return null;
  return (
    <section aria-label="Notes" className={css.notes}>
      <h3>Notes</h3>
      {may_write && <NewNote lead_id={lead.id} written={reread} />}
      <ol>
        {all.map((note) => (
          <NoteItem key={note.id} note={note} me={me} changed={reread} />
        ))}
      </ol>
      <LoadMore pages={notes} quiet>
        Older notes
      </LoadMore>
    </section>
  );
}

function NewNote({ lead_id, written }: { lead_id: string; written: () => void }) {
  // The key empties the editor once a note is saved.
  const [count, setCount] = useState(0);
  const send = async (text: string) => {
    await client.leads.notes.create({ id: lead_id, body: textToHtml(text) });
    setCount(count + 1);
    written();
  };
  return <NoteEditor key={count} start="" label="Write a note" verb="Add note" send={send} />;
}

function NoteEditor({
  start,
  label,
  verb,
  send,
  cancel,
}: {
  start: string;
  label: string;
  verb: string;
  send: (text: string) => Promise<void>;
  cancel?: () => void;
}) {
  const [text, setText] = useState(start);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const submit = async () => {
    if (text.trim() === "") return;
    setBusy(true);
    setError(null);
    try {
      await send(text);
    } catch (failure) {
      setError(sentenceOf(failure));
      setBusy(false);
    }
  };
  return (
    <form className={css.noteForm} onSubmit={submits(submit)}>
      <Textarea
        aria-label={label}
        placeholder={label}
        autosize
        minRows={start ? 2 : 1}
        maxRows={14}
        maxLength={15_000}
        value={text}
        error={error}
        autoFocus={cancel !== undefined}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void submit();
          if (event.key === "Escape" && (cancel || text === "")) {
            event.stopPropagation();
            cancel?.();
            event.currentTarget.blur();
          }
        }}
      />
      {(text !== "" || cancel) && (
        <Group gap="xs" mt={6}>
          <Button type="submit" size="compact-sm" loading={busy} disabled={text.trim() === ""}>
            {verb}
          </Button>
          {cancel && (
            <Button size="compact-sm" variant="subtle" color="gray" onClick={cancel}>
              Cancel
            </Button>
          )}
        </Group>
      )}
    </form>
  );
}

function NoteItem({ note, me, changed }: { note: Note; me: Me; changed: () => void }) {
  const [mode, setMode] = useState<"read" | "edit" | "remove">("read");
  const mine = note.author.kind === "member" && note.author.id === me.member_id;
  const manages = useMay("leads:assign");
  const at = { id: note.lead_id, note_id: note.id };
  const parts = partsOf(note.body);
  return (
    <li className={css.note}>
      <div className={css.noteHead}>
        <b>{note.author.name}</b>
        <span className={css.quiet}>
          <RelativeTime at={note.created_at} />
          {note.updated_at && note.updated_at !== note.created_at ? " · edited" : ""}
        </span>
        <span className={css.gap} />
        <span className={css.hover}>
          {mine && (
            <ActionIcon size="sm" aria-label="Edit the note" onClick={() => setMode("edit")}>
              <IconPencil size={14} />
            </ActionIcon>
          )}
          {(mine || manages) && (
            <ActionIcon size="sm" aria-label="Delete the note" onClick={() => setMode("remove")}>
              <IconTrash size={14} />
            </ActionIcon>
          )}
        </span>
      </div>
      {mode === "edit" ? (
        <NoteEditor
          start={textOf(parts)}
          label="Edit the note"
          verb="Save"
          cancel={() => setMode("read")}
          send={async (text) => {
            await client.leads.notes.update({ ...at, body: textToHtml(text) });
            setMode("read");
            changed();
          }}
        />
      ) : (
        <div className={css.noteBody}>{parts.map(drawn)}</div>
      )}
      <ConfirmDialog
        opened={mode === "remove"}
        title="Delete this note?"
        confirm="Delete note"
        danger
        close={() => setMode("read")}
        run={async () => {
          await client.leads.notes.remove(at);
          changed();
        }}
      >
        It is gone for everybody. The timeline keeps that there was a note.
      </ConfirmDialog>
    </li>
  );
}

function drawn(part: NotePart, at: number): React.ReactNode {
  if (typeof part === "string") return part;
  if (part.tag === "br") return <br key={at} />;
  const link = part.href ? { href: part.href, target: "_blank", rel: "noreferrer" } : {};
  return createElement(part.tag, { key: at, ...link }, ...part.parts.map(drawn));
}
