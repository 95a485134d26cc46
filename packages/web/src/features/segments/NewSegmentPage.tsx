import { Rule } from "@bellwether/contracts/rule";
import type { Segment, SegmentIn } from "@bellwether/contracts/segments";
import { Button, Radio, TextInput } from "@mantine/core";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { client, fieldErrorsOf, sentenceOf } from "../../api.ts";
import { useMay } from "../../session.tsx";
import { Page } from "../../shell/Shell.tsx";
import {
  Failure,
  LinkButton,
  NotAllowed,
  PageHeader,
  SkeletonRows,
  submits,
  TextLink,
  toast,
} from "../../ui/index.ts";
import { type Lookups, useLookups } from "../leads/index.ts";
import { AudienceFields, type Pace, PaceField } from "./audience.tsx";
import { showSaved } from "./data.ts";
import { type Audience, isWhole, Preview, usePreview } from "./preview.tsx";
import css from "./segments.module.css";

/** A new segment: what kind, what it is called, who is in it. */
export function NewSegmentPage() {
  const may_write = useMay("segments:write");
  const lookups = useLookups();
  return (
    <Page>
      <PageHeader title="New segment" crumb={<TextLink to="/segments">Segments</TextLink>} />
      {!may_write ? (
        <NotAllowed what="Managers and admins make segments." />
      ) : lookups.ready ? (
        <Form lookups={lookups} />
      ) : (
        <SkeletonRows />
      )}
    </Page>
  );
}

type Kind = Segment["type"];
/** Nobody yet: a static segment may begin empty. */
type Begin = "empty" | "matching";

function useForm(rule: Rule | null) {
  const [name, setName] = useState("");
  const [description, setDescription] = useState("");
  const [type, setType] = useState<Kind>("dynamic");
  const [begin, setBegin] = useState<Begin>(rule ? "matching" : "empty");
  const [audience, setAudience] = useState<Audience>({ everyone: false, rule });
  const [refresh, setRefresh] = useState<Pace>("live");
  const asks = type === "dynamic" || begin === "matching";
  return {
    name,
    setName,
    description,
    setDescription,
    type,
    setType,
    begin,
    setBegin,
    audience,
    setAudience,
    refresh,
    setRefresh,
    asks,
    input: (state: "draft" | "active"): SegmentIn => ({
      name,
      description,
      type,
      rule: asks && !audience.everyone ? audience.rule : null,
      everyone: asks && audience.everyone,
      refresh: type === "dynamic" ? refresh : "live",
      state,
    }),
  };
}

function Form({ lookups }: { lookups: Lookups }) {
  const raw: Record<string, unknown> = useSearch({ strict: false });
  const [start] = useState<Audience>(() => ({
    everyone: false,
    rule: Rule.safeParse(raw["rule"]).data ?? null,
  }));
  const form = useForm(start.rule);
  const navigate = useNavigate();
  const preview = usePreview(form.audience);
  const [busy, setBusy] = useState<"draft" | "active" | null>(null);
  const [errors, setErrors] = useState<{ name?: string; rule?: string }>({});
  const [failure, setFailure] = useState("");
  const costly = preview.shown?.costly ?? null;

  async function save(state: "draft" | "active") {
    const found = {
      ...(form.name.trim() ? {} : { name: "Enter a name." }),
      ...(!form.asks || isWhole(form.audience)
        ? {}
        : { rule: "Fill in each condition, or choose every lead." }),
    };
    setErrors(found);
    setFailure("");
    if (Object.keys(found).length > 0) return;
    setBusy(state);
    try {
      const made = await client.segments.create(form.input(state));
      await showSaved(made);
      toast.done(state === "draft" ? `${made.name} is saved as a draft.` : `${made.name} is made.`);
      await navigate({ to: "/segments/$id", params: { id: made.id }, replace: true });
    } catch (error) {
      const { name } = fieldErrorsOf(error);
      if (name) setErrors({ name });
      else setFailure(sentenceOf(error));
      setBusy(null);
    }
  }

  return (
    <form className={css.editor} aria-label="New segment" noValidate onSubmit={submits(() => save("active"))}>
      <div className={css.fields}>
        <KindPick value={form.type} change={form.setType} />
        <TextInput
          label="Name"
          maxLength={80}
          value={form.name}
          error={errors.name}
          onChange={(event) => form.setName(event.currentTarget.value)}
        />
        <TextInput
          label="Description"
          description="What it is for, for your colleagues."
          maxLength={500}
          value={form.description}
          onChange={(event) => form.setDescription(event.currentTarget.value)}
        />
        {form.type === "static" && <BeginPick value={form.begin} change={form.setBegin} />}
        {form.asks && (
          <AudienceFields
            label={form.type === "dynamic" ? "Who is in it" : "Who is in it at first"}
            matching={form.type === "dynamic" ? "Leads that match" : "Leads that match now"}
            everyone="Every lead"
            start={start}
            value={form.audience}
            lookups={lookups}
            change={form.setAudience}
            error={errors.rule ?? null}
          />
        )}
        {form.type === "dynamic" && (
          <PaceField costly={costly} value={form.refresh} change={form.setRefresh} />
        )}
        <div className={css.end}>
          <Failure>{failure}</Failure>
          <div className={css.buttons}>
            <Button type="submit" loading={busy === "active"} disabled={busy !== null}>
              {form.type === "dynamic" ? "Create and activate" : "Create segment"}
            </Button>
            {form.type === "dynamic" && (
              <Button
                variant="default"
                loading={busy === "draft"}
                disabled={busy !== null}
                onClick={() => void save("draft")}
              >
                Save as draft
              </Button>
            )}
            <LinkButton variant="subtle" color="gray" to="/segments">
              Cancel
            </LinkButton>
          </div>
        </div>
      </div>
      {form.asks && (
        <div className={css.aside}>
          <Preview preview={preview} lookups={lookups} />
        </div>
      )}
    </form>
  );
}

function KindPick({ value, change }: { value: Kind; change: (kind: Kind) => void }) {
  return (
    <Radio.Group label="Kind" value={value} onChange={(to) => change(to === "static" ? "static" : "dynamic")}>
      <div className={css.kinds}>
        <Radio
          value="dynamic"
          label="Dynamic"
          description="Follows a rule: leads come in and leave by themselves."
        />
        <Radio
          value="static"
          label="Static"
          description="A list you keep: leads stay until somebody takes them out."
        />
      </div>
    </Radio.Group>
  );
}

function BeginPick({ value, change }: { value: Begin; change: (begin: Begin) => void }) {
  return (
    <Radio.Group
      label="Begins with"
      value={value}
      onChange={(to) => change(to === "matching" ? "matching" : "empty")}
    >
      <div className={css.radios}>
        <Radio value="empty" label="Nobody yet" />
        <Radio value="matching" label="Leads chosen by conditions" />
      </div>
    </Radio.Group>
  );
}
