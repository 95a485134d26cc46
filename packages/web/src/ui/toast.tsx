import { UnstyledButton } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { isProblem, sentenceOf } from "../api.ts";
import css from "./ui.module.css";

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
        <span className={css.toast}>
          <span>{message}</span>
          <UnstyledButton
            className={css.undo ?? ""}
            onClick={() => {
              notifications.hide(id);
              undo();
            }}
          >
            Undo
          </UnstyledButton>
        </span>
      ) : (
        message
      ),
    });
  },
  failed(error: unknown, title?: string): void {
    notifications.show({
      className: css.toastFailed ?? "",
      autoClose: 9000,
      ...(title ? { title } : {}),
      message:
        isProblem(error) && error.status >= 500
          ? `${sentenceOf(error)} (request ${error.request_id})`
          : sentenceOf(error),
    });
  },
};
