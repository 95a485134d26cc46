import { Button, Group, Skeleton, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, client, queryClient, sentenceOf } from "../../api.ts";
import { useMay } from "../../session.tsx";
import { ErrorState, Failure, toast } from "../../ui/index.ts";
import { OptionsEditor } from "./OptionsEditor.tsx";
import css from "./settings.module.css";

const reasons_max = 50;

/** Why leads are lost, as this workspace words it. Whoever moves a lead may still write other words. */
export function LostReasons() {
  const may_write = useMay("settings:write");
  const reasons = useQuery(api.lostReasons.list.queryOptions());
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
          <Editor key={reasons.data.data.join("\n")} saved={reasons.data.data} />
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

function Editor({ saved }: { saved: string[] }) {
  const [options, setOptions] = useState(() => saved.map((value) => ({ value, label: value })));
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState("");
  const words = options.map((option) => option.label.trim());
  const changed = words.join("\n") !== saved.join("\n");

  async function save() {
    const wrong = refusal(words);
    setFailure(wrong);
    if (wrong) return;
    setBusy(true);
    try {
      const now = await client.lostReasons.list();
      if (now.data.join("\n") !== saved.join("\n")) {
        setFailure(
          `Somebody else changed the list meanwhile: ${now.data.join(", ")}. Reload the page, then put yours in.`,
        );
        return;
      }
      await client.lostReasons.save({ reasons: words });
      toast.done("Saved.", () => void putBack(saved));
      await queryClient.invalidateQueries({ queryKey: api.lostReasons.key() });
    } catch (error) {
      setFailure(sentenceOf(error));
    } finally {
      setBusy(false);
    }
  }

  return (
    <div className={css.fields} style={{ maxWidth: 460 }}>
      <OptionsEditor title="Reasons" noun="reason" options={options} onChange={setOptions} />
      <Failure>{failure}</Failure>
      {changed && (
        <Group gap="xs">
          <Button loading={busy} onClick={() => void save()}>
            Save reasons
          </Button>
          <Button
            variant="default"
            onClick={() => setOptions(saved.map((value) => ({ value, label: value })))}
          >
            Put back
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

async function putBack(reasons: string[]): Promise<void> {
  try {
    await client.lostReasons.save({ reasons });
    toast.done("The reasons are as they were.");
  } catch (error) {
    toast.failed(error, "The reasons weren’t put back");
  }
  await queryClient.invalidateQueries({ queryKey: api.lostReasons.key() });
}
