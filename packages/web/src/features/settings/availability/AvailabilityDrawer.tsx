import type { Member } from "@bellwether/contracts/identity";
import { Drawer } from "@mantine/core";
import { useState } from "react";
import { AvailabilityForm } from "./AvailabilityForm.tsx";

/** When a colleague is at work; null while it is of nobody. */
export function AvailabilityDrawer({ member, close }: { member: Member | null; close: () => void }) {
  // The words stay while it slides away.
  const [last, setLast] = useState(member);
  if (member !== null && member !== last) setLast(member);
  return (
    <Drawer
      opened={member !== null}
      onClose={close}
      position="right"
      size="md"
      title={`Working hours of ${(member ?? last)?.name ?? ""}`}
    >
      {member && <AvailabilityForm key={member.id} member_id={member.id} saved={close} />}
    </Drawer>
  );
}
