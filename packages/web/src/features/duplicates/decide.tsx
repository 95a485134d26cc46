import type { DuplicatePair } from "@bellwether/contracts/duplicates";
import { Button } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { sentenceOf } from "../../api.ts";
import { Failure, Kbd, useHotkeys } from "../../ui/index.ts";
import { leadName, type Lookups } from "../leads/index.ts";
import { Compare } from "./compare.tsx";
import css from "./duplicates.module.css";
import { dismiss, merge, readAgain, useMergePreview } from "./merging.ts";
import { type Draft, draftOf, keptOf, otherOf, swapped, type Two } from "./model.ts";
import { reasonWords } from "./words.ts";

export type Decision = { kind: "merged"; kept: string; gone: string } | { kind: "dismissed" };

interface Props {
  two: Two;
  /** The suggestion, where these two are one. */
  pair: DuplicatePair | undefined;
  lookups: Lookups;
  decided: (decision: Decision) => void;
  /** Where it came up because of a decision, the words get the focus. */
  focus?: boolean;
}

/** Two cards side by side, and what to make of them. */
export function Decide({ two, pair, lookups, decided, focus = false }: Props) {
  const navigate = useNavigate();
  const [draft, setDraft] = useState<Draft>(() => draftOf(two[0]));
  const [busy, setBusy] = useState<Decision["kind"] | null>(null);
  const [failure, setFailure] = useState("");
  const preview = useMergePreview(two, draft);
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (focus) title.current?.focus();
  }, [focus]);

  async function run(decision: Decision, work: () => Promise<void>) {
    if (busy) return;
    setBusy(decision.kind);
    setFailure("");
    try {
      await work();
      decided(decision);
    } catch (error) {
      setFailure(sentenceOf(error));
      setBusy(null);
      // What it was refused for is better seen: a value changed meanwhile, a lead in the bin.
      readAgain();
    }
  }
  const kept = keptOf(two, draft);
  const doMerge = () =>
    void run({ kind: "merged", kept: draft.kept, gone: otherOf(two, draft.kept).id }, () =>
      merge(two, draft),
    );
  const doDismiss = () => pair && void run({ kind: "dismissed" }, () => dismiss(pair));
  const may_dismiss = pair?.state === "suggested";
  useHotkeys([
    ["m", () => !preview.isError && doMerge()],
    ["d", () => may_dismiss && doDismiss()],
    ["s", () => setDraft(swapped(two, draft))],
    ["o", () => void navigate({ to: "/leads/$id", params: { id: draft.kept } })],
  ]);

  return (
    <div className={css.decide}>
      <div className={css.scroll}>
        <header className={css.pairHead}>
          <h2 ref={title} tabIndex={-1}>
            {two.map(leadName).join(" and ")}
          </h2>
          <p>{pair ? `${reasonWords(pair.reasons)}.` : "Two cards of your choice."}</p>
        </header>
        <Compare two={two} draft={draft} change={setDraft} preview={preview.data} lookups={lookups} />
      </div>
      <footer className={css.foot} data-foot>
        <Failure>{failure || (preview.isError ? sentenceOf(preview.error) : "")}</Failure>
        <p className={css.hint}>
          The other card leaves the lists, and its link leads to this one. Undo brings both back.
          <span className={css.keys} aria-hidden="true">
            <Kbd>s</Kbd> the other card stays <Kbd>o</Kbd> open the card that stays
          </span>
        </p>
        <div className={css.buttons}>
          {may_dismiss && (
            <Button
              variant="default"
              loading={busy === "dismissed"}
              onClick={doDismiss}
              rightSection={<Key>d</Key>}
              aria-keyshortcuts="d"
            >
              Two people
            </Button>
          )}
          <Button
            loading={busy === "merged"}
            disabled={preview.isError}
            onClick={doMerge}
            rightSection={<Key>m</Key>}
            aria-keyshortcuts="m"
          >
            Merge into {leadName(kept)}
          </Button>
        </div>
      </footer>
    </div>
  );
}

/** The key on a button: seen, and told apart from the button's name to who hears it. */
function Key({ children }: { children: string }) {
  return (
    <span aria-hidden="true">
      <Kbd>{children}</Kbd>
    </span>
  );
}
