import type { Member } from "@bellwether/contracts/identity";
import { may } from "@bellwether/contracts/permissions";
import { Modal, Radio, Select, Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, client, fieldErrorsOf, queryClient, sentenceOf } from "../../api.ts";
import { FormFooter, submits, TextLink, toast, useLast } from "../../ui/index.ts";
import { rereadAssignment, useTakers } from "./assignment/data.ts";
import { leadsWords } from "./assignment/words.ts";
import css from "./settings.module.css";

interface Props {
  /** Null while nobody is to be removed. */
  member: Member | null;
  members: readonly Member[];
  close: () => void;
}

/** Asks what happens to the open leads of a member before they lose access, and says how many they are. */
export function RemoveMember({ member, members, close }: Props) {
  const shown = useLast(member);
  return (
    <Modal opened={member !== null} onClose={close} title={`Remove ${shown?.name ?? ""}?`} centered>
      {member && (
        <Form member={member} others={members.filter((each) => each.id !== member.id)} close={close} />
      )}
    </Modal>
  );
}

type Way = "hand_over" | "by_rules" | "unassign";

function Form({ member, others, close }: { member: Member; others: Member[]; close: () => void }) {
  const { query, byId } = useTakers();
  const rules = useQuery(api.assignment.rules.list.queryOptions());
  const [way, setWay] = useState<Way>("hand_over");
  const [to, setTo] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [errors, setErrors] = useState<Record<string, string>>({});
  const open = byId.get(member.id)?.open_leads ?? 0;
  const heir = others.find((each) => each.id === to);
  const ready = open === 0 || way !== "hand_over" || heir !== undefined;
  const enabled = (rules.data?.data ?? []).some((rule) => rule.enabled);

  async function remove() {
    setBusy(true);
    setErrors({});
    try {
      const leads = open === 0 ? "unassign" : way;
      await client.identity.members.remove({
        id: member.id,
        leads,
        ...(leads === "hand_over" && to !== null ? { hand_to: to } : {}),
      });
      close();
      toast.done(
        open === 0
          ? `${member.name} is removed.`
          : `${member.name} is removed. ${whereWords(open, way, heir?.name)} See History.`,
      );
      await Promise.all([
        queryClient.invalidateQueries({ queryKey: api.identity.members.key() }),
        rereadAssignment(),
      ]);
    } catch (error) {
      const known = fieldErrorsOf(error);
      setErrors(known["hand_to"] ? known : { form: sentenceOf(error) });
      setBusy(false);
    }
  }

  return (
    <form noValidate onSubmit={submits(() => ready && remove())}>
      <p style={{ marginTop: 0 }}>
        {member.name} loses access at once. What they did stays on the timelines, and leads in final stages
        keep them as owner.
      </p>
      {query.isPending ? (
        <Skeleton height={14} width="60%" mb={16} />
      ) : open === 0 ? (
        <p className={css.hint}>They own no open leads.</p>
      ) : (
        <>
          <Radio.Group
            label={`They own ${leadsWords(open)}. What happens to ${open === 1 ? "it" : "them"}?`}
            value={way}
            onChange={(value) => setWay(wayOf(value))}
          >
            <div style={{ display: "grid", gap: 10, marginTop: 10 }}>
              <Radio value="hand_over" label="Hand over to one member" data-autofocus />
              {way === "hand_over" && (
                <Select
                  aria-label="Who gets the leads"
                  placeholder="Choose a member"
                  ml={28}
                  data={others
                    .filter((each) => may(each.role, "leads:own"))
                    .map((each) => ({ value: each.id, label: each.name }))}
                  value={to}
                  onChange={setTo}
                  error={errors["hand_to"]}
                  searchable={others.length > 7}
                  allowDeselect={false}
                  maxDropdownHeight={220}
                />
              )}
              <Radio
                value="by_rules"
                label="Spread by the assignment rules"
                description={
                  enabled
                    ? "Those that no rule takes become unassigned."
                    : "No rule is on, so none would go to anybody."
                }
                disabled={!enabled}
              />
              <Radio value="unassign" label="Leave unassigned" />
            </div>
          </Radio.Group>
          <p className={css.hint} style={{ margin: "12px 0 0" }}>
            This goes on in the background and stands in the{" "}
            <TextLink to="/settings/changes">history</TextLink>. Should {member.name} come back, it can be
            undone.
          </p>
        </>
      )}
      <FormFooter
        failure={errors["form"] ?? ""}
        busy={busy}
        unready={!ready || query.isPending}
        danger
        close={close}
      >
        Remove member
      </FormFooter>
    </form>
  );
}

const wayOf = (value: string): Way => (value === "by_rules" || value === "unassign" ? value : "hand_over");

function whereWords(open: number, way: Way, heir: string | undefined): string {
  const leads = `Their ${leadsWords(open)}`;
  const go = open === 1 ? "goes" : "go";
  if (way === "unassign") return `${leads} ${open === 1 ? "becomes" : "become"} unassigned.`;
  return way === "by_rules" ? `${leads} ${go} by the rules.` : `${leads} ${go} to ${heir ?? "nobody"}.`;
}
