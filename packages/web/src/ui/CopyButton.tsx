import { ActionIcon, Button, CopyButton as Copy, Tooltip } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import css from "./ui.module.css";

/** Copies on one click and says that it did. */
export function CopyButton({ value, label = "Copy" }: { value: string; label?: string }) {
  return (
    <Copy value={value} timeout={1500}>
      {({ copied, copy }) => (
        <Tooltip label={copied ? "Copied" : label}>
          <ActionIcon onClick={copy} aria-label={copied ? "Copied" : label} size="sm">
            {copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
          </ActionIcon>
        </Tooltip>
      )}
    </Copy>
  );
}

/** A value that is shown once: a key, a link. */
export function Secret({ value, label }: { value: string; label: string }) {
  return (
    <div className={css.secret} role="group" aria-label={label}>
      <code tabIndex={0}>{value}</code>
      <Copy value={value} timeout={1500}>
        {({ copied, copy }) => (
          <Button
            size="compact-sm"
            variant="light"
            onClick={copy}
            leftSection={copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
          >
            {copied ? "Copied" : "Copy"}
          </Button>
        )}
      </Copy>
    </div>
  );
}
