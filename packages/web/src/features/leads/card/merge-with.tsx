import type { Lead } from "@bellwether/contracts/leads";
import { Modal } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { FindLead } from "../find-lead.tsx";
import { leadName } from "../model/columns.ts";

interface Props {
  lead: Lead;
  opened: boolean;
  close: () => void;
}

/** Finds the other card of the same person; the two are then compared on a page of their own. */
export function MergeWith({ lead, opened, close }: Props) {
  const navigate = useNavigate();
  const take = (other: Lead) => {
    close();
    void navigate({ to: "/leads/$id/merge/$other", params: { id: lead.id, other: other.id } });
  };
  return (
    <Modal opened={opened} onClose={close} title={`Merge ${leadName(lead)} with …`} centered>
      {opened && (
        <FindLead
          label="The other card"
          // Most often the two share a name.
          start={lead.last_name ?? lead.first_name ?? ""}
          pick={take}
          except={lead.id}
          idle="Nothing is merged yet: you compare the two first."
        />
      )}
    </Modal>
  );
}
