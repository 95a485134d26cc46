import type { Member } from "@bellwether/contracts/identity";
import { Drawer } from "@mantine/core";
import { useLast } from "../../../ui/index.ts";
import { AvailabilityForm } from "./AvailabilityForm.tsx";

/** When a colleague is at work; null while it is of nobody. */
export function AvailabilityDrawer({ member, close }: { member: Member | null; close: () => void }) {
  const shown = useLast(member);
  return (
    <Drawer
      opened={member !== null}
      onClose={close}
      position="right"
      size="md"
      title={`Working hours of ${shown?.name ?? ""}`}
    >
      {member && <AvailabilityForm key={member.id} member_id={member.id} saved={close} />}
    </Drawer>
  );
}
