import { Button } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import type { ReactNode } from "react";

interface Props {
  /** Among tags and other small words. */
  small?: boolean;
  onClick: () => void;
  children: ReactNode;
}

/** Adds one more of what stands before it. */
export function AddButton({ small = false, onClick, children }: Props) {
  return (
    <Button
      variant="subtle"
      color="gray"
      size={small ? "compact-xs" : "compact-sm"}
      leftSection={<IconPlus size={small ? 12 : 13} />}
      onClick={onClick}
    >
      {children}
    </Button>
  );
}
