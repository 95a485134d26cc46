import type { Stage } from "@bellwether/contracts/pipeline";
import { Modal, Select, Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, client, fieldErrorsOf, sentenceOf } from "../../api.ts";
import { FormFooter, submits, toast, useLast } from "../../ui/index.ts";
import { followChange } from "../changes/index.ts";
import css from "./settings.module.css";
import { kindWords, readStages } from "./stages.ts";

interface Props {
  /** Null while nothing is to be removed. */
  stage: Stage | null;
  stages: readonly Stage[];
  close: () => void;
}

/** Asks where the leads of a stage go before it is removed, and says how many they are. */
export function RemoveStage({ stage, stages, close }: Props) {
  const shown = useLast(stage);
  return (
    <Modal opened={stage !== null} onClose={close} title={`Remove ${shown?.name ?? ""}?`} centered>
      {stage && <Form stage={stage} others={stages.filter((each) => each.key !== stage.key)} close={close} />}
    </Modal>
  );
}

function Form({ stage, others, close }: { stage: Stage; others: Stage[]; close: () => void }) {
  const count = useQuery(
    api.board.query.queryOptions({ input: { stage: stage.key, limit: 1 }, staleTime: 0, retry: false }),
  );
  const column = count.data?.columns.find((each) => each.stage === stage.key);
  const [to, setTo] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [errors, setErrors] = useState<Record<string, string>>({});
  const target = others.find((each) => each.key === to);
  const empty = column?.exact === true && column.count === 0;

  async function remove() {
    setBusy(true);
    setErrors({});
    try {
      const { change_set_id } = await client.stages.remove({
        key: stage.key,
        ...(to === null ? {} : { move_to: to }),
      });
      close();
      await readStages();
      if (change_set_id === null) toast.done(`${stage.name} is removed.`);
      else void followChange(change_set_id);
    } catch (error) {
      const known = fieldErrorsOf(error);
      setErrors(known["move_to"] ? known : { form: sentenceOf(error) });
      setBusy(false);
    }
  }

  return (
    <form noValidate onSubmit={submits(remove)}>
      {count.isPending ? (
        <Skeleton height={14} width="70%" mb={16} />
      ) : (
        <p style={{ marginTop: 0 }}>{introOf(stage, column)}</p>
      )}
      <Select
        label={empty ? "Leads that enter it meanwhile go to" : "Its leads go to"}
        placeholder="Choose a stage"
        data={others.map((each) => ({ value: each.key, label: each.name }))}
        value={to}
        onChange={setTo}
        error={errors["move_to"]}
        allowDeselect={false}
        searchable={others.length > 12}
        maxDropdownHeight={260}
        data-autofocus
      />
      <p className={css.hint} style={{ margin: "8px 0 0" }} role="status">
        {target ? consequenceOf(stage, target) : ""}
      </p>
      <FormFooter
        failure={errors["form"] ?? ""}
        busy={busy}
        unready={to === null && !empty}
        danger
        close={close}
      >
        Remove stage
      </FormFooter>
    </form>
  );
}

function introOf(stage: Stage, column: { count: number; exact: boolean } | undefined): string {
  if (column === undefined) return `How many leads are in ${stage.name} can’t be seen just now.`;
  if (column.count === 0) return `No lead is in ${stage.name}.`;
  const count = `${column.exact ? "" : "About "}${column.count.toLocaleString()}`;
  return `${count} ${column.count === 1 ? "lead is" : "leads are"} in ${stage.name}. They move in the background, and this can be undone.`;
}

function consequenceOf(stage: Stage, target: Stage): string {
  if (target.kind === "open")
    return stage.kind === "open" ? "" : `${target.name} is open, so its leads can be worked on again.`;
  return stage.kind === "open"
    ? `${target.name} is final (${kindWords[target.kind].label.toLowerCase()}): it holds their stage and owner.`
    : "";
}
