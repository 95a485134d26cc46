import { Button, Group } from "@mantine/core";
import type { ReactNode } from "react";
import { Failure } from "./Failure.tsx";

interface Props {
  failure?: string;
  busy?: boolean;
  /** Something is still missing, so there is nothing to send. */
  unready?: boolean;
  danger?: boolean;
  close: () => void;
  /** The verb on the button: "Add field", never "OK". */
  children: ReactNode;
}

/** How a form in a dialog or a drawer ends: what was refused, the way back, and the verb that sends it. */
export function FormFooter({
  failure,
  busy = false,
  unready = false,
  danger = false,
  close,
  children,
}: Props) {
  return (
    <>
      {failure !== undefined && <Failure>{failure}</Failure>}
      <Group justify="flex-end" mt="lg" gap="xs">
        <Button variant="default" onClick={close}>
          Cancel
        </Button>
        <Button type="submit" loading={busy} disabled={unready} {...(danger ? { color: "red.9" } : {})}>
          {children}
        </Button>
      </Group>
    </>
  );
}
