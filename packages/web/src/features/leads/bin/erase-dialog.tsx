import { Skeleton } from "@mantine/core";
import type { Erasure } from "@bellwether/contracts/privacy";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { api, client } from "../../../api.ts";
import { ConfirmDialog, ErrorState, toast } from "../../../ui/index.ts";
import css from "./bin.module.css";
import { counted, goesWords, staysWords } from "./words.ts";

/** One lead, wherever it is; or some of the bin. */
export type Erasing = { kind: "lead"; id: string; name: string } | { kind: "bin"; ids: string[] };

interface Props {
  /** Null while nobody asks. */
  what: Erasing | null;
  close: () => void;
  erased: () => void;
}

/** Says what goes and what stays, and has it typed before it is done: nothing brings it back. */
export function EraseDialog({ what, close, erased }: Props) {
  const queries = useQueryClient();
  const preview = usePreview(what);
  const named = what === null ? "" : what.kind === "lead" ? what.name : counted(what.ids.length, "lead");
  async function erase() {
    if (what === null) return;
    const confirm = preview.data?.confirm ?? "";
    await (what.kind === "lead"
      ? client.privacy.erase({ id: what.id, confirm })
      : client.privacy.eraseMany({ ids: what.ids, confirm }));
    erased();
    void queries.invalidateQueries({ queryKey: api.bin.key() });
    void queries.invalidateQueries({ queryKey: api.leads.query.key() });
    toast.done(`${named} ${what.kind === "bin" && what.ids.length > 1 ? "are" : "is"} erased for good.`);
  }
  return (
    <ConfirmDialog
      opened={what !== null}
      title={`Erase ${named} for good?`}
      confirm="Erase for good"
      danger
      waiting={preview.data === undefined}
      {...(preview.data ? { typed: preview.data.confirm } : {})}
      run={erase}
      close={close}
    >
      {preview.data ? (
        <Consequences of={preview.data} />
      ) : preview.isError ? (
        <ErrorState error={preview.error} retry={() => void preview.refetch()} />
      ) : (
        <div role="status" aria-label="Looking for what goes with it">
          {[90, 70, 80, 60].map((width) => (
            <Skeleton key={width} height={11} width={`${width}%`} my={12} />
          ))}
        </div>
      )}
    </ConfirmDialog>
  );
}

function Consequences({ of }: { of: Erasure }) {
  return (
    <div className={css.consequences}>
      <h3>Goes, and can’t be brought back</h3>
      <ul>
        {goesWords(of).map((each) => (
          <li key={each}>{each}</li>
        ))}
      </ul>
      <h3>Stays</h3>
      <ul>
        {staysWords(of).map((each) => (
          <li key={each}>{each}</li>
        ))}
      </ul>
    </div>
  );
}

function usePreview(what: Erasing | null) {
  const fresh = { staleTime: 0, gcTime: 0 } as const;
  const one = useQuery({
    ...api.privacy.erasure.queryOptions({ input: { id: what?.kind === "lead" ? what.id : "" } }),
    ...fresh,
    enabled: what?.kind === "lead",
  });
  const many = useQuery({
    ...api.privacy.erasureOfMany.queryOptions({ input: { ids: what?.kind === "bin" ? what.ids : [] } }),
    ...fresh,
    enabled: what?.kind === "bin",
  });
  return what?.kind === "bin" ? many : one;
}
