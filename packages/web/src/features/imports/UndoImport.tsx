import type { Import } from "@bellwether/contracts/imports";
import { Button } from "@mantine/core";
import { IconArrowBackUp } from "@tabler/icons-react";
import { useState } from "react";
import { ConfirmDialog } from "../../ui/index.ts";
import { undoChange } from "../changes/index.ts";
import { leadsWord } from "./words.ts";

/** The way back from an import: asked for once more, since it may be about very many leads. */
export function UndoImport({ of, size }: { of: Import; size: "sm" | "compact-sm" }) {
  const [asking, setAsking] = useState(false);
  if (of.change?.can_undo !== true) return null;
  const { created, updated } = of.result ?? { created: 0, updated: 0 };
  return (
    <>
      <Button
        variant="default"
        size={size}
        leftSection={<IconArrowBackUp size={15} stroke={1.6} />}
        aria-label={`Undo import of ${of.file_name}`}
        onClick={() => setAsking(true)}
      >
        {size === "sm" ? "Undo import" : "Undo"}
      </Button>
      <ConfirmDialog
        opened={asking}
        title={`Undo the import of ${of.file_name}?`}
        confirm="Undo import"
        close={() => setAsking(false)}
        run={async () => {
          // How it goes on is told at the foot of the page.
          void undoChange(of.id);
        }}
      >
        {[
          ...(created > 0
            ? [`${leadsWord(created)} it created ${created === 1 ? "goes" : "go"} to the bin.`]
            : []),
          ...(updated > 0
            ? [`Values it overwrote in ${leadsWord(updated)} return, and tags it added go.`]
            : []),
          "What was edited since stays.",
        ].join(" ")}
      </ConfirmDialog>
    </>
  );
}
