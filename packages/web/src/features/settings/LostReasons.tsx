import { Button, Group, Skeleton, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, client, isProblem, queryClient, sentenceOf } from "../../api.ts";
import { useMay } from "../../session.tsx";
import { ErrorState, Failure, toast } from "../../ui/index.ts";
import { OptionsEditor } from "./OptionsEditor.tsx";
import css from "./settings.module.css";

const reasons_max = 50;
const listed = api.lostReasons.list.queryOptions();

/** Why leads are lost, as this workspace words it. Whoever moves a lead may still write other words. */
export function LostReasons() {
  const may_write = useMay("settings:write");
  const reasons = useQuery(listed);
  return (
    <section style={{ marginTop: 40 }}>
      <Title order={2}>Lost reasons</Title>
      <p className={css.hint}>
        Offered when a lead is moved to a lost stage. Other words can be written there too; reasons that were
        given stay as they are.
      </p>
      {reasons.isPending && <Skeleton height={36} />}
      {reasons.isError && <ErrorState error={reasons.error} retry={() => void reasons.refetch()} />}
      {reasons.data &&
        (may_write ? (
          <Editor saved={reasons.data.data} />
        ) : (
          <ul className={css.words}>
            {reasons.data.data.map((reason) => (
              <li key={reason}>{reason}</li>
            ))}
          </ul>
        ))}
    </section>
  );
}

const optionsOf = (words: readonly string[]) => words.map((value) => ({ value, label: value }));
const same = (a: readonly string[], b: readonly string[]) => a.join("\n") === b.join("\n");

function Editor({ saved }: { saved: string[] }) {
  // What was changed here started from this list; somebody else may have saved another one since.
  const [start, setStart] = useState(saved);
  const [options, setOptions] = useState(() => optionsOf(saved));
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState("");
  const words = options.map((option) => option.label.trim());
  const changed = !same(words, start);
  const begin = (from: string[]) => {
    setStart(from);
    setOptions(optionsOf(from));
    setFailure("");
  };
  const theirs = same(saved, start) ? null : saved;
  if (theirs !== null && (!changed || same(words, theirs))) begin(theirs);

  async function save() {
    const wrong = refusal(words);
    setFailure(wrong);
    if (wrong) return;
    setBusy(true);
    try {
      const { data } = await client.lostReasons.save({ reasons: words, was: saved });
      begin(data);
      queryClient.setQueryData(listed.queryKey, { data });
      toast.done("Saved.", () => void putBack(saved, data));
    } catch (error) {
      if (!isProblem(error, "changed_meanwhile")) setFailure(sentenceOf(error));
      await queryClient.invalidateQueries({ queryKey: api.lostReasons.key() });
    } finally {
      setBusy(false);
    }
  }

  return (
    <div className={css.fields} style={{ maxWidth: 460 }}>
      <OptionsEditor title="Reasons" noun="reason" options={options} onChange={setOptions} />
      <Failure>{failure}</Failure>
      {changed && theirs !== null && (
        <p className={css.meanwhile} role="alert">
          Somebody else changed the list meanwhile: {theirs.join(", ") || "no reasons"}.
        </p>
      )}
      {changed && (
        <Group gap="xs">
          <Button loading={busy} onClick={() => void save()}>
            {theirs === null ? "Save reasons" : "Save mine instead"}
          </Button>
          <Button variant="default" onClick={() => begin(saved)}>
            {theirs === null ? "Put back" : "Take theirs"}
          </Button>
        </Group>
      )}
    </div>
  );
}

function refusal(words: readonly string[]): string {
  if (words.some((word) => word === "")) return "A reason has no words. Write some, or remove it.";
  if (words.some((word) => word.length > 100)) return "A reason is too long. Use at most 100 characters.";
  return words.length > reasons_max ? `Keep at most ${reasons_max} reasons.` : "";
}

async function putBack(reasons: string[], was: string[]): Promise<void> {
  try {
    await client.lostReasons.save({ reasons, was });
    toast.done("The reasons are as they were.");
  } catch (error) {
    toast.failed(error, "The reasons weren’t put back");
  }
  await queryClient.invalidateQueries({ queryKey: api.lostReasons.key() });
}
