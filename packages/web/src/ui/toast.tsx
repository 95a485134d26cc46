import { Button, Group } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { isProblem, sentenceOf } from "../api.ts";

let shown = 0;

/** Short words at the foot of the page about what just happened. */
export const toast = {
  done(message: string, undo?: () => unknown): void {
    const id = `toast-${++shown}`;
    notifications.show({
      id,
      // Somebody who wants to undo needs longer than somebody who reads.
      autoClose: undo ? 10_000 : 4000,
      withBorder: false,
      message: undo ? (
        <Group justify="space-between" wrap="nowrap" gap="md">
          <span>{message}</span>
          <Button
            size="compact-sm"
            variant="subtle"
            onClick={() => {
              notifications.hide(id);
              undo();
            }}
          >
            Undo
          </Button>
        </Group>
      ) : (
        message
      ),
    });
  },
  failed(error: unknown, title?: string): void {
    notifications.show({
      color: "red",
      autoClose: 9000,
      ...(title ? { title } : {}),
      message:
        isProblem(error) && error.status >= 500
          ? `${sentenceOf(error)} (request ${error.request_id})`
          : sentenceOf(error),
    });
  },
};
