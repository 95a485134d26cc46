import { Modal, Select, SimpleGrid, TextInput } from "@mantine/core";
import type { Lead, LeadIn } from "@bellwether/contracts/leads";
import { may } from "@bellwether/contracts/permissions";
import { parseEmail } from "@bellwether/contracts/values";
import { useMediaQuery } from "@mantine/hooks";
import { useQueryClient } from "@tanstack/react-query";
import { useLocation, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { api, client, fieldErrorsOf, isProblem, sentenceOf } from "../../api.ts";
import { FormFooter, submits, TextLink, toast } from "../../ui/index.ts";
import { longList } from "./long-list.ts";
import { useLookups } from "./lookups.ts";
import { type Me, useMe } from "./me.ts";
import type { Column } from "./model/columns.ts";
import { leadName } from "./model/columns.ts";
import type { Names } from "./model/values.ts";
import { isEmpty, ownersOf } from "./model/values.ts";
import css from "./page.module.css";
import { FormInput } from "./form-input.tsx";

interface Props {
  close: () => void;
  fields: Column[];
  names: Names;
  open: (id: string) => void;
}

/** A new lead by hand, from whatever page one is on: an address, a name, and what the workspace requires. */
export function NewLead({ close }: { close: () => void }) {
  const { fields, names, ready } = useLookups();
  const navigate = useNavigate();
  const listed = useLocation({
    select: ({ pathname }) => pathname === "/leads" || pathname === "/leads/board",
  });
  const phone = useMediaQuery("(max-width: 47.99em)", undefined, { getInitialValueInEffect: false });
  const open = (id: string) =>
    listed && !phone
      ? void navigate({ to: ".", search: (now: Record<string, unknown>) => ({ ...now, lead: id }) })
      : void navigate({ to: "/leads/$id", params: { id } });
  return (
    <Modal opened={ready} onClose={close} title="New lead" size="lg" centered>
      <CreateForm close={close} fields={fields} names={names} open={open} />
    </Modal>
  );
}

const first = ["email", "phone", "first_name", "last_name", "company", "job_title"] as const;
type Failure = { sentence: string; lead_id: string | null };

function CreateForm({ close, fields, names, open }: Props) {
  const queries = useQueryClient();
  const required = fields.filter((field) => field.custom && field.required);
  const [texts, setTexts] = useState<Record<string, string>>({});
  const [attributes, setAttributes] = useState<Record<string, unknown>>({});
  const me = useMe();
  // Whoever works with leads means to work with the one they write down; managers mostly write for others.
  const [owner, setOwner] = useState(may(me.role, "leads:assign") ? null : me.member_id);
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [failure, setFailure] = useState<Failure | null>(null);
  const [busy, setBusy] = useState(false);

  async function submit() {
    const wrong = check(texts, attributes, required);
    setErrors(wrong);
    setFailure(null);
    if (Object.keys(wrong).length > 0) return;
    setBusy(true);
    try {
      const lead = await client.leads.create({ ...leadIn(texts, attributes), owner_id: owner });
      created(lead);
    } catch (error) {
      setErrors(fieldErrorsOf(error));
      setFailure({
        sentence: isProblem(error) ? error.detail : sentenceOf(error),
        lead_id: existingLead(error),
      });
      setBusy(false);
    }
  }
  function created(lead: Lead) {
    void queries.invalidateQueries({ queryKey: api.leads.query.key() });
    void queries.invalidateQueries({ queryKey: api.board.key() });
    close();
    toast.done(`${leadName(lead)} is a lead now.`);
    open(lead.id);
  }

  return (
    <form noValidate onSubmit={submits(submit)}>
      {failure && (
        <p className={css.notice} role="alert">
          {failure.sentence}{" "}
          {failure.lead_id && (
            <TextLink to="/leads/$id" params={{ id: failure.lead_id }} onClick={close}>
              Open the existing lead
            </TextLink>
          )}
        </p>
      )}
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm" verticalSpacing="sm">
        {first.map((key, at) => (
          <TextInput
            key={key}
            label={fields.find((field) => field.id === key)?.label}
            type={key === "email" ? "email" : key === "phone" ? "tel" : "text"}
            autoComplete="off"
            value={texts[key] ?? ""}
            error={errors[key]}
            onChange={(event) => setTexts({ ...texts, [key]: event.currentTarget.value })}
            {...(at === 0 ? { "data-autofocus": true } : {})}
          />
        ))}
        <Select
          label="Owner"
          data={ownerChoices(me, names)}
          value={owner ?? ""}
          allowDeselect={false}
          onChange={(picked) => setOwner(picked === "" ? null : picked)}
          {...longList(260)}
        />
        {required.map((field) => (
          <FormInput
            key={field.id}
            column={field}
            names={names}
            value={attributes[field.id] ?? null}
            error={errors[field.id]}
            change={(value) => setAttributes({ ...attributes, [field.id]: value })}
          />
        ))}
      </SimpleGrid>
      <FormFooter busy={busy} close={close}>
        Create lead
      </FormFooter>
    </form>
  );
}

/** Nobody by a word of its own: the assignment rules may choose one then. */
function ownerChoices(me: Me, names: Names): { value: string; label: string }[] {
  const owners = ownersOf(names).filter(
    (member) => may(me.role, "leads:assign") || member.id === me.member_id,
  );
  return [
    { value: "", label: "Unassigned" },
    ...owners.map((member) => ({
      value: member.id,
      label: member.id === me.member_id ? `${member.name} (you)` : member.name,
    })),
  ];
}

function check(
  texts: Record<string, string>,
  attributes: Record<string, unknown>,
  required: Column[],
): Record<string, string> {
  const errors: Record<string, string> = {};
  const email = texts["email"]?.trim() ?? "";
  if (!email && !texts["phone"]?.trim()) errors["email"] = "A lead needs an e-mail or a phone number.";
  const parsed = parseEmail(email);
  if (!parsed.ok) errors["email"] = parsed.message;
  for (const field of required)
    if (isEmpty(attributes[field.id])) errors[field.id] = `${field.label} is required.`;
  return errors;
}

function leadIn(texts: Record<string, string>, attributes: Record<string, unknown>): LeadIn {
  const filled = Object.fromEntries(
    first.flatMap((key) => (texts[key]?.trim() ? [[key, texts[key].trim()]] : [])),
  );
  const own = Object.entries(attributes).map(([id, value]) => [id.slice("attributes.".length), value]);
  return { ...filled, ...(own.length > 0 ? { attributes: Object.fromEntries(own) } : {}) };
}

function existingLead(error: unknown): string | null {
  if (!isProblem(error, "lead_exists")) return null;
  const data: Record<string, unknown> = { ...error.data };
  return typeof data["lead_id"] === "string" ? data["lead_id"] : null;
}
