import { Modal, TextInput } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { sentenceOf } from "../api.ts";
import { FormFooter } from "./FormFooter.tsx";
import { submits } from "./submits.ts";

interface ConfirmProps {
  opened: boolean;
  title: string;
  children: ReactNode;
  /** The verb on the button: "Delete field", never "OK". */
  confirm: string;
  danger?: boolean;
  /** Ask for this word to be typed first, for what can't be undone. */
  typed?: string;
  /** What is to be confirmed isn't known yet. */
  waiting?: boolean;
  run: () => Promise<unknown>;
  close: () => void;
}

export function ConfirmDialog({
  opened,
  title,
  children,
  confirm,
  danger = false,
  typed,
  waiting = false,
  run,
  close,
}: ConfirmProps) {
  return (
    <Modal opened={opened} onClose={close} title={title} centered>
      {opened && (
        <Body
          confirm={confirm}
          danger={danger}
          waiting={waiting}
          run={run}
          close={close}
          {...(typed === undefined ? {} : { typed })}
        >
          {children}
        </Body>
      )}
    </Modal>
  );
}

function Body({
  children,
  confirm,
  danger,
  typed,
  waiting,
  run,
  close,
}: Omit<ConfirmProps, "opened" | "title">) {
  const [word, setWord] = useState("");
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState("");
  const ready = waiting !== true && (typed === undefined || same(word, typed));

  async function submit() {
    setBusy(true);
    setFailure("");
    try {
      await run();
      close();
    } catch (error) {
      setFailure(sentenceOf(error));
      setBusy(false);
    }
  }

  return (
    <form onSubmit={submits(() => ready && submit())}>
      <div>{children}</div>
      {typed !== undefined && (
        <TextInput
          mt="md"
          label={`Type ${typed} to confirm`}
          value={word}
          onChange={(e) => setWord(e.currentTarget.value)}
          autoComplete="off"
          data-autofocus
        />
      )}
      <FormFooter failure={failure} busy={busy} unready={!ready} danger={danger === true} close={close}>
        {confirm}
      </FormFooter>
    </form>
  );
}

/** People type what they read, not its spaces and capitals. */
function same(a: string, b: string): boolean {
  const plain = (text: string) => text.trim().replaceAll(/\s+/g, " ").toLowerCase();
  return plain(a) === plain(b);
}
