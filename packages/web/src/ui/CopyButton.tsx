import { ActionIcon, Button, Tooltip } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { toast } from "./toast.tsx";
import css from "./ui.module.css";

/** Copies on one click and says that it did. */
export function CopyButton({ value, label = "Copy" }: { value: string; label?: string }) {
  const { copied, copy } = useCopy(value);
  return (
    <Tooltip label={copied ? "Copied" : label}>
      <ActionIcon onClick={copy} aria-label={copied ? "Copied" : label} size="sm">
        {copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
      </ActionIcon>
    </Tooltip>
  );
}

/** A value that is shown once: a key, a link. */
export function Secret({ value, label }: { value: string; label: string }) {
  const { copied, copy } = useCopy(value);
  return (
    <div className={css.secret} role="group" aria-label={label}>
      <code tabIndex={0}>{value}</code>
      <Button
        size="compact-sm"
        variant="light"
        onClick={copy}
        leftSection={copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
      >
        {copied ? "Copied" : "Copy"}
      </Button>
    </div>
  );
}

function useCopy(value: string) {
  const [copied, setCopied] = useState(false);
  const timer = useRef(0);
  useEffect(() => () => window.clearTimeout(timer.current), []);
  async function run() {
    if (!(await copyText(value))) {
      toast.failed(new Error("The browser doesn't allow copying here. Select the text and copy it by hand."));
      return;
    }
    setCopied(true);
    window.clearTimeout(timer.current);
    timer.current = window.setTimeout(() => setCopied(false), 1500);
  }
  return { copied, copy: () => void run() };
}

/** The clipboard is for secure pages only; a server in the house is often reached by plain http, where the old way still works. */
async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

function copyBySelection(text: string): boolean {
  const area = document.createElement("textarea");
  area.value = text;
  area.style.position = "fixed";
  area.style.opacity = "0";
  // Inside an open dialog, whose focus trap would take the focus away from anywhere else.
  const home = document.activeElement?.parentElement ?? document.body;
  home.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  return done;
}
