import type { LeadPatch } from "@bellwether/contracts/leads";
import type { Stage } from "@bellwether/contracts/pipeline";
import { reason_length_max } from "@bellwether/contracts/pipeline";
import { Modal, Select, Stack, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../../../api.ts";
import { FormFooter, useLast } from "../../../ui/index.ts";
import { FormInput } from "../form-input.tsx";
import { longList } from "../long-list.ts";
import type { Asks } from "../model/asks.ts";
import { patchOfAll } from "../model/asks.ts";
import type { Names } from "../model/values.ts";
import { isEmpty } from "../model/values.ts";

/** What is said with a move. */
export interface Answer {
  reason?: string;
  fields?: LeadPatch;
}

export interface Asking {
  /** Who moves: “Ada Byron”, “12 leads”. */
  who: string;
  stage: Stage;
  asks: Asks;
  /** What was said at the first try, and what was wrong with it. */
  said: Said;
  errors: Record<string, string>;
}

/** A form as it was filled in, to show it again when something in it was refused. */
export interface Said {
  reason: string;
  values: ReadonlyMap<string, unknown>;
}
export const nothing_said: Said = { reason: "", values: new Map() };

interface Props {
  asking: Asking | null;
  names: Names;
  answer: (answer: Answer, said: Said) => void;
  cancel: () => void;
}

/** Asks for what a stage wants to know before a lead enters: the reason for a loss, values that it may not lack. */
export function MoveForm({ asking, names, answer, cancel }: Props) {
  const shown = useLast(asking);
  return (
    <Modal
      opened={asking !== null}
      onClose={cancel}
      title={shown ? `Move ${shown.who} to ${shown.stage.name}` : ""}
      centered
    >
      {asking && <Form asking={asking} names={names} answer={answer} cancel={cancel} />}
    </Modal>
  );
}

function Form({ asking, names, answer, cancel }: Props & { asking: Asking }) {
  const { asks, stage, said } = asking;
  const [reason, setReason] = useState(said.reason);
  const [values, setValues] = useState(said.values);
  const [errors, setErrors] = useState(asking.errors);
  const placed = new Set(["reason", ...asks.fields.map((field) => `fields.${field.id}`)]);
  const others = Object.entries(asking.errors).filter(([path]) => !placed.has(path));

  function submit() {
    const wrong: Record<string, string> = {};
    if (asks.reason && reason.trim() === "") wrong["reason"] = "Say why, so that others can learn from it.";
    for (const field of asks.fields) {
      if (isEmpty(values.get(field.id)))
        wrong[`fields.${field.id}`] = `${stage.name} asks for ${field.label}.`;
    }
    setErrors(wrong);
    if (Object.keys(wrong).length > 0) return;
    try {
      const fields = asks.fields.length > 0 ? { fields: patchOfAll(asks.fields, values) } : {};
      answer({ ...(asks.reason ? { reason: reason.trim() } : {}), ...fields }, { reason, values });
    } catch (error) {
      setErrors({ form: error instanceof Error ? error.message : "These values can’t be saved." });
    }
  }

  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Stack gap="sm">
        {asks.reason && <Reason value={reason} change={setReason} error={errors["reason"]} />}
        {asks.fields.map((field) => (
          <FormInput
            key={field.id}
            column={{ ...field, required: true }}
            names={names}
            value={values.get(field.id) ?? null}
            error={errors[`fields.${field.id}`]}
            change={(value) => setValues(new Map(values).set(field.id, value))}
          />
        ))}
      </Stack>
      <FormFooter failure={errors["form"] ?? others.map(([, message]) => message).join(" ")} close={cancel}>
        Move to {stage.name}
      </FormFooter>
    </form>
  );
}

interface ReasonProps {
  value: string;
  change: (reason: string) => void;
  error: string | undefined;
}

const other = "other:";
const reasons_query = api.lostReasons.list.queryOptions({ staleTime: 60_000 });

/** Why a lead is lost: one of the workspace's reasons, or one's own words. */
export function Reason({ value, change, error }: ReasonProps) {
  const { data, isPending } = useQuery(reasons_query);
  const reasons = data?.data ?? [];
  const [own, setOwn] = useState(value !== "" && !reasons.includes(value));
  const typed = own || (!isPending && reasons.length === 0);
  return (
    <>
      {reasons.length > 0 && (
        <Select
          label="Reason"
          placeholder="Why it came to nothing"
          withAsterisk
          data={[
            ...reasons.map((reason) => ({ value: reason, label: reason })),
            { value: other, label: "Other…" },
          ]}
          value={own ? other : value || null}
          onChange={(picked) => {
            setOwn(picked === other);
            change(picked === other ? "" : (picked ?? ""));
          }}
          error={own ? undefined : error}
          allowDeselect={false}
          searchable={reasons.length > 8}
          nothingFoundMessage="No such reason"
          {...longList(260)}
          data-autofocus
        />
      )}
      {typed && (
        <TextInput
          label={reasons.length > 0 ? "In your words" : "Reason"}
          withAsterisk
          value={value}
          maxLength={reason_length_max}
          onChange={(event) => change(event.currentTarget.value)}
          error={error}
          autoFocus
        />
      )}
    </>
  );
}
