import type { SegmentDetail } from "@bellwether/contracts/segments";
import { Button, Modal } from "@mantine/core";
import { IconUserSearch } from "@tabler/icons-react";
import { useState } from "react";
import { api, client, isProblem, queryClient, sentenceOf } from "../../api.ts";
import { useMay } from "../../session.tsx";
import { Failure, submits, toast } from "../../ui/index.ts";
import type { Lead } from "@bellwether/contracts/leads";
import { FindLead, type Lookups, ruleWords, Why } from "../leads/index.ts";
import { AudienceFields, type Pace, PaceField } from "./audience.tsx";
import { showSaved } from "./data.ts";
import { ImpactDialog } from "./impact.tsx";
import { type Audience, isWhole, Preview, usePreview } from "./preview.tsx";
import css from "./segments.module.css";

interface Props {
  segment: SegmentDetail;
  lookups: Lookups;
}

/** Who is in it, in words; for whoever may, to be changed with a preview beside it. */
export function RuleTab({ segment, lookups }: Props) {
  const may_write = useMay("segments:write");
  // What is being edited stays as long as it differs from what was read; else it follows what others save.
  const [base, setBase] = useState(segment);
  const [dirty, setDirty] = useState(false);
  const [turn, setTurn] = useState(0);
  if (base.version !== segment.version && !dirty) setBase(segment);
  if (!may_write) return <Said segment={segment} lookups={lookups} />;
  return (
    <Editor
      key={`${base.version} ${turn}`}
      base={base}
      newest={segment}
      lookups={lookups}
      setDirty={setDirty}
      take={(next) => {
        setDirty(false);
        setBase(next);
        setTurn(turn + 1);
      }}
    />
  );
}

const audienceWords = ({ rule, everyone }: Audience, { fields, names }: Lookups): string =>
  everyone ? "Every lead" : rule ? ruleWords(rule, fields, names) : "Nobody: it has no condition";

function Said({ segment, lookups }: Props) {
  return (
    <div className={css.said}>
      <p>{audienceWords(segment, lookups)}</p>
      {segment.query && (
        <p className={css.hint}>
          As a search: <code>{segment.query}</code>
        </p>
      )}
      <Tester segment={segment} lookups={lookups} />
    </div>
  );
}

interface EditorProps {
  /** As it was when the editing began. */
  base: SegmentDetail;
  /** As it is now. */
  newest: SegmentDetail;
  lookups: Lookups;
  setDirty: (dirty: boolean) => void;
  take: (segment: SegmentDetail) => void;
}

function Editor({ base, newest, lookups, setDirty, take }: EditorProps) {
  const start: Audience = base;
  const [audience, setAudience] = useState<Audience>({ rule: base.rule, everyone: base.everyone });
  const [refresh, setRefresh] = useState<Pace>(base.refresh);
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const [failure, setFailure] = useState("");
  const preview = usePreview(audience);
  const changed = audience.everyone !== base.everyone || !sameRule(audience, base);
  const edit = (to: Audience, pace: Pace) => {
    setAudience(to);
    setRefresh(pace);
    setError(null);
    setDirty(to.everyone !== base.everyone || !sameRule(to, base) || pace !== base.refresh);
  };
  const others = newest.version !== base.version;
  const stale = others ? newest.version : base.version;

  /** With the newest version: whoever saves has seen that theirs is put in its place. */
  async function save() {
    const input = { rule: audience.everyone ? null : audience.rule, everyone: audience.everyone, refresh };
    const saved = await client.segments.update({ id: base.id, ...input, version: stale });
    await showSaved(saved);
    take(saved);
    toast.done(
      changed && base.state === "active" ? "Saved. Its members are being brought up to date." : "Saved.",
    );
  }
  async function submit() {
    setFailure("");
    if (!isWhole(audience)) return setError("Fill in each condition, or choose every lead.");
    if (base.state === "active" && changed) return setAsking(true);
    setBusy(true);
    try {
      await save();
    } catch (problem) {
      await fail(problem);
    }
    setBusy(false);
  }
  async function fail(problem: unknown) {
    // Somebody was faster: what they saved is shown beside what was typed here.
    if (isProblem(problem, "changed_meanwhile"))
      await queryClient.invalidateQueries({ queryKey: api.segments.show.key() });
    else setFailure(sentenceOf(problem));
  }

  return (
    <form className={css.editor} aria-label="Rule" noValidate onSubmit={submits(submit)}>
      <div className={css.fields}>
        {others && <Meanwhile newest={newest} lookups={lookups} take={() => take(newest)} />}
        <AudienceFields
          label="Who is in it"
          matching="Leads that match"
          everyone="Every lead"
          start={start}
          value={audience}
          lookups={lookups}
          change={(to) => edit(to, refresh)}
          error={error}
        />
        <PaceField
          costly={preview.shown?.costly ?? null}
          value={refresh}
          change={(pace) => edit(audience, pace)}
        />
        <div className={css.end}>
          <Failure>{failure}</Failure>
          <div className={css.buttons}>
            <Button type="submit" loading={busy} disabled={!changed && refresh === base.refresh}>
              {base.state === "active" && changed ? "Save…" : others ? "Save mine over it" : "Save"}
            </Button>
            {(changed || refresh !== base.refresh) && (
              <Button variant="subtle" color="gray" onClick={() => take(newest)}>
                Discard
              </Button>
            )}
          </div>
        </div>
      </div>
      <div className={css.aside}>
        <Preview preview={preview} lookups={lookups} />
        <Tester segment={newest} lookups={lookups} />
      </div>
      {asking && (
        <ImpactDialog
          segment={base}
          audience={audience}
          run={async () => {
            await save().catch(async (problem: unknown) => {
              await fail(problem);
              if (!isProblem(problem, "changed_meanwhile")) throw problem;
            });
          }}
          close={() => setAsking(false)}
        />
      )}
    </form>
  );
}

const sameRule = (a: Audience, b: Audience): boolean =>
  a.everyone || JSON.stringify(a.rule) === JSON.stringify(b.rule);

function Meanwhile({ newest, lookups, take }: { newest: SegmentDetail; lookups: Lookups; take: () => void }) {
  return (
    <div className={css.meanwhile} role="alert">
      <p>
        Somebody else changed this segment while you did. What you typed is kept below; saving it replaces
        theirs.
      </p>
      <p>
        <span className={css.hint}>Theirs: </span>
        {audienceWords(newest, lookups)}
      </p>
      <Button variant="default" size="compact-sm" onClick={take}>
        Take theirs
      </Button>
    </div>
  );
}

/** “Why is this lead (not) in?” for anybody: found by name, judged by the rule as it is saved. */
export function Tester({ segment, lookups }: Props) {
  const [opened, setOpened] = useState(false);
  const [lead, setLead] = useState<Lead | null>(null);
  return (
    <>
      <Button
        variant="default"
        size="compact-md"
        leftSection={<IconUserSearch size={15} stroke={1.6} />}
        onClick={() => {
          setLead(null);
          setOpened(true);
        }}
      >
        Check a lead
      </Button>
      <Modal opened={opened} onClose={() => setOpened(false)} title={`In ${segment.name}, or not?`} size="lg">
        {opened && !lead && (
          <FindLead label="Lead" pick={setLead} idle="Every condition is then marked true or false." />
        )}
        {opened && lead && (
          <>
            <Why lead={lead} segment={segment} lookups={lookups} />
            <Button variant="subtle" size="compact-sm" mt="md" onClick={() => setLead(null)}>
              Another lead
            </Button>
          </>
        )}
      </Modal>
    </>
  );
}
