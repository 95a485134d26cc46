import type { ReactNode } from "react";
import { EditsProvider } from "./edits.tsx";
import type { Lookups } from "./lookups.ts";
import { MovingProvider } from "./moving/moving.tsx";

/** Within it leads can be changed and moved: it asks what a stage wants to know, and which of two values to keep. */
export function Editing({ lookups, children }: { lookups: Lookups; children: ReactNode }) {
  return (
    <EditsProvider names={lookups.names}>
      <MovingProvider lookups={lookups}>{children}</MovingProvider>
    </EditsProvider>
  );
}
