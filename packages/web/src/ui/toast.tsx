import { Progress, UnstyledButton } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { isProblem, sentenceOf } from "../api.ts";
import css from "./ui.module.css";

let shown = 0;
/** What passes by itself, oldest first. */
const passing: string[] = [];
const passing_max = 2;

/** What is told now is seen now: Mantine alone would let it wait until those before it are gone. */
function makeRoom(id: string): void {
  const again = passing.indexOf(id);
  if (again >= 0) passing.splice(again, 1);
  passing.push(id);
  if (passing.length > passing_max) notifications.hide(passing.shift() ?? "");
}

const working = new Set<string>();

/** Short words at the foot of the page about what just happened. */
export const toast = {
  done(message: string, undo?: () => unknown, id = `toast-${++shown}`): void {
    makeRoom(id);
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
  /** What goes on in the background, kept up to date under one id until `over`. */
  working(id: string, message: string, progress: { words: string; share: number | null }): void {
    const { words, share } = progress;
    const shownNow = {
      id,
      autoClose: false,
      withCloseButton: false,
      withBorder: false,
      message: (
        <span className={css.working}>
          <span className={css.toast}>
            <span>{message}</span>
            <span className="bw-num">{words}</span>
          </span>
          <Progress
            value={share === null ? 100 : share * 100}
            animated={share === null}
            size="xs"
            color="#8fd3c0"
            aria-label={message}
          />
        </span>
      ),
    } as const;
    if (working.has(id)) notifications.update(shownNow);
    else notifications.show(shownNow);
    working.add(id);
  },
  /** Takes away what stands under an id. */
  over(id: string): void {
    working.delete(id);
    notifications.hide(id);
  },
  failed(error: unknown, title?: string): void {
    const id = `toast-${++shown}`;
    makeRoom(id);
    notifications.show({
      id,
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
