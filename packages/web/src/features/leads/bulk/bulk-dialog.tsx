import { Autocomplete, Checkbox, Modal, SegmentedControl, Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, sentenceOf } from "../../../api.ts";
import { startBulk } from "../../changes/index.ts";
import { FormFooter, submits, useLast } from "../../../ui/index.ts";
import { FormInput } from "../form-input.tsx";
import { longList } from "../long-list.ts";
import type { Lookups } from "../lookups.ts";
import type { BulkKind, Draft } from "../model/bulk.ts";
import { actionOf, bulkInput, by_rules, kindWords, previewWords, settableFields } from "../model/bulk.ts";
import type { Selection } from "../model/selection.ts";
import { segmentChoices } from "../model/filters.ts";
import { ownersOf } from "../model/values.ts";
import { Reason } from "../moving/move-form.tsx";
import type { ListInput } from "../pages.ts";
import css from "./bulk.module.css";

interface Props {
  kind: BulkKind | null;
  close: () => void;
  selection: Selection;
  input: ListInput;
  lookups: Lookups;
  chosen: string;
  started: (kind: BulkKind) => void;
  /** The static segment whose members these are. */
  within?: string | undefined;
}

/** One bulk action: what it sets, how many leads that would change, and go. */
export function BulkDialog(props: Props) {
  const { kind, close, chosen } = props;
  const shown = useLast(kind);
  return (
    <Modal
      opened={kind !== null}
      onClose={close}
      title={shown === null ? "" : `${kindWords[shown]}: ${lowerFirst(chosen)}`}
      centered
    >
      {kind !== null && <Form key={kind} {...props} kind={kind} />}
    </Modal>
  );
}

const lowerFirst = (words: string) => words.charAt(0).toLowerCase() + words.slice(1);
const empty: Draft = { field: null, value: undefined };
const typing_pause_ms = 200;

function Form({ kind, close, selection, input, lookups, started, within }: Props & { kind: BulkKind }) {
  const [draft, setDraft] = useState<Draft>(
    kind === "remove_from_segment" && within !== undefined ? { ...empty, value: within } : empty,
  );
  const [settled] = useDebouncedValue(draft, typing_pause_ms, { leading: true });
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState("");
  const action = actionOf(kind, draft);
  const asked = actionOf(kind, settled);
  const preview = useQuery({
    ...api.bulk.preview.queryOptions({ input: bulkInput(selection, input, asked ?? { kind: "delete" }) }),
    enabled: asked !== null,
    staleTime: 0,
    gcTime: 0,
    retry: false,
  });
  const nothing = preview.data?.would_change === 0;

  async function run() {
    if (!action) return;
    setBusy(true);
    setFailure("");
    try {
      await startBulk(bulkInput(selection, input, action));
      started(kind);
      close();
    } catch (error) {
      setFailure(sentenceOf(error));
      setBusy(false);
    }
  }

  return (
    <form noValidate onSubmit={submits(run)}>
      <div className={css.form}>
        <What kind={kind} draft={draft} set={setDraft} lookups={lookups} />
        <p className={css.preview} role="status" data-failed={preview.isError || undefined}>
          {asked === null
            ? ""
            : preview.isError
              ? sentenceOf(preview.error)
              : preview.data
                ? previewWords(preview.data)
                : "Counting what would change…"}
        </p>
        {preview.data && preview.data.refused.length > 0 && (
          <ul className={css.reasons}>
            {preview.data.refused.map((each) => (
              <li key={each.code}>
                <span className="bw-num">{each.count.toLocaleString()}</span> can’t: {each.message}
              </li>
            ))}
          </ul>
        )}
      </div>
      <FormFooter
        failure={failure}
        busy={busy}
        unready={!action || nothing || preview.isError}
        danger={kind === "delete"}
        close={close}
      >
        {kindWords[kind]}
      </FormFooter>
    </form>
  );
}

interface WhatProps {
  kind: BulkKind;
  draft: Draft;
  set: (draft: Draft) => void;
  lookups: Lookups;
}

function What({ kind, draft, set, lookups }: WhatProps) {
  switch (kind) {
    case "assign":
      return <OwnerPick draft={draft} set={set} lookups={lookups} />;
    case "stage":
      return <StagePick draft={draft} set={set} lookups={lookups} />;
    case "add_tag":
    case "remove_tag":
      return <TagPick kind={kind} draft={draft} set={set} lookups={lookups} />;
    case "add_to_segment":
    case "remove_from_segment":
      return <SegmentPick draft={draft} set={set} lookups={lookups} />;
    case "field":
      return <FieldPick draft={draft} set={set} lookups={lookups} />;
    case "delete":
      return (
        <p className={css.intro}>
          They leave every list, and their addresses are free at once. They stay in the bin for 30 days, and
          this can be undone.
        </p>
      );
  }
}

function OwnerPick({ draft, set, lookups: { names } }: Omit<WhatProps, "kind">) {
  const owners = ownersOf(names);
  return (
    <>
      <Select
        label="Owner"
        placeholder="Who takes care of them"
        data={[
          { value: by_rules, label: "By the assignment rules" },
          { value: "", label: "Unassigned" },
          ...owners.map((member) => ({ value: member.id, label: member.name })),
        ]}
        onChange={(picked) => set({ ...draft, value: picked === "" ? null : (picked ?? undefined) })}
        searchable={owners.length > 7}
        allowDeselect={false}
        {...longList(260)}
        data-autofocus
      />
      {draft.value === by_rules && (
        <Checkbox
          label="Also those that have an owner"
          checked={draft.reassign === true}
          onChange={(event) => set({ ...draft, reassign: event.currentTarget.checked })}
        />
      )}
    </>
  );
}

/** A lost stage asks why, once for all of them. */
function StagePick({ draft, set, lookups: { names } }: Omit<WhatProps, "kind">) {
  const pick = (key: string | null) => {
    const asks = names.stages.find((stage) => stage.key === key)?.kind === "lost";
    set({ ...draft, value: key ?? undefined, reason: asks ? (draft.reason ?? "") : undefined });
  };
  return (
    <>
      <Select
        label="Stage"
        placeholder="Choose a stage"
        data={names.stages.map((stage) => ({ value: stage.key, label: stage.name }))}
        onChange={pick}
        allowDeselect={false}
        {...longList(260)}
        data-autofocus
      />
      {draft.reason !== undefined && (
        <Reason value={draft.reason} change={(reason) => set({ ...draft, reason })} error={undefined} />
      )}
    </>
  );
}

function TagPick({ kind, draft, set, lookups }: WhatProps) {
  const tags = [...lookups.names.tag_colours.keys()];
  const value = typeof draft.value === "string" ? draft.value : "";
  if (kind === "remove_tag") {
    return (
      <Select
        label="Tag"
        data={tags}
        onChange={(picked) => set({ ...draft, value: picked ?? undefined })}
        searchable
        allowDeselect={false}
        nothingFoundMessage="No such tag"
        {...longList(260)}
        data-autofocus
      />
    );
  }
  return (
    <Autocomplete
      label="Tag"
      description="One that exists, or a new one."
      data={tags}
      value={value}
      onChange={(typed) => set({ ...draft, value: typed })}
      maxLength={60}
      {...longList(260)}
      data-autofocus
    />
  );
}

/** Members of the others follow a rule. */
function SegmentPick({ draft, set, lookups: { names } }: Omit<WhatProps, "kind">) {
  const chosen = typeof draft.value === "string" ? draft.value : "";
  const choices = segmentChoices(
    names.segments.filter(({ type }) => type === "static"),
    chosen,
  );
  if (choices.length === 0) {
    return (
      <p className={css.intro}>
        There is no static segment yet. Make one on the Segments page; members of dynamic segments follow a
        rule.
      </p>
    );
  }
  return (
    <Select
      label="Static segment"
      data={choices}
      value={chosen === "" ? null : chosen}
      onChange={(picked) => set({ ...draft, value: picked ?? undefined })}
      searchable={choices.length > 7}
      allowDeselect={false}
      nothingFoundMessage="No static segment of that name"
      {...longList(260)}
      data-autofocus
    />
  );
}

function FieldPick({ draft, set, lookups }: Omit<WhatProps, "kind">) {
  const fields = settableFields(lookups.fields);
  const field = fields.find((each) => each.id === draft.field);
  const [how, setHow] = useState("set");
  const items = (custom: boolean) =>
    fields.filter((each) => each.custom === custom).map((each) => ({ value: each.id, label: each.label }));
  const own = items(true);
  return (
    <>
      <Select
        label="Field"
        placeholder="Search fields"
        data={[
          ...(own.length > 0 ? [{ group: "Your fields", items: own }] : []),
          { group: "Every lead", items: items(false) },
        ]}
        value={draft.field}
        onChange={(picked) => set({ field: picked, value: how === "clear" ? null : undefined })}
        searchable
        allowDeselect={false}
        nothingFoundMessage="No such field"
        {...longList(260)}
        data-autofocus
      />
      {field && (
        <SegmentedControl
          aria-label="Set or clear"
          data={[
            { value: "set", label: "Set to" },
            { value: "clear", label: "Clear" },
          ]}
          value={how}
          onChange={(next) => {
            setHow(next);
            set({ ...draft, value: next === "clear" ? null : undefined });
          }}
        />
      )}
      {field && how === "set" && (
        <FormInput
          key={field.id}
          column={{ ...field, required: false }}
          names={lookups.names}
          value={draft.value}
          error={undefined}
          // An empty box sets nothing: clearing is asked for in so many words.
          change={(value) => set({ ...draft, value: value ?? undefined })}
        />
      )}
    </>
  );
}
