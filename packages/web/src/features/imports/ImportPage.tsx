import type { Import } from "@bellwether/contracts/imports";
import { Button } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { api, client } from "../../api.ts";
import { useMay } from "../../session.tsx";
import { Page } from "../../shell/Shell.tsx";
import {
  ConfirmDialog,
  ErrorState,
  formatMoment,
  NotAllowed,
  PageHeader,
  SkeletonRows,
  TextLink,
  toast,
} from "../../ui/index.ts";
import { CheckStep } from "./CheckStep.tsx";
import css from "./imports.module.css";
import { MapStep } from "./MapStep.tsx";
import { Progressing } from "./Progressing.tsx";
import { ResultStep } from "./ResultStep.tsx";
import { Steps } from "./Steps.tsx";
import { formatBytes } from "./words.ts";

const busyStates: readonly Import["state"][] = ["checking", "running"];

/** One import, at whatever step it is. It can be left and come back to at any of them. */
export function ImportPage() {
  const { id } = useParams({ from: "/app/imports/$id" });
  const may_import = useMay("imports:run");
  const found = useQuery(
    api.imports.show.queryOptions({
      input: { id },
      enabled: may_import,
      // The live stream tells of ends; how far it is between is asked for.
      refetchInterval: ({ state: { data } }) =>
        data && (busyStates.includes(data.state) || data.change?.state === "undoing") ? 700 : false,
    }),
  );
  return (
    <Page>
      {found.data ? (
        <Wizard key={id} of={found.data} />
      ) : (
        <>
          <PageHeader title="Import" crumb={<TextLink to="/imports">Imports</TextLink>} />
          {!may_import ? (
            <NotAllowed what="Managers and admins import leads." />
          ) : found.isError ? (
            <ErrorState error={found.error} retry={() => void found.refetch()} />
          ) : (
            <SkeletonRows rows={8} />
          )}
        </>
      )}
    </Page>
  );
}

type Asking = "cancel" | "discard" | null;

function Wizard({ of }: { of: Import }) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  // Going back to the columns is a look of this page, not a state of the import: the check stays until the next one.
  const [mapping, setMapping] = useState(false);
  const [asking, setAsking] = useState<Asking>(null);
  const keep = (now: Import) =>
    queries.setQueryData(api.imports.show.queryKey({ input: { id: of.id } }), now);
  // A check that failed can be mapped again; a run that ended can't.
  const ran = of.state === "running" || of.state === "done" || of.state === "cancelled" || of.result !== null;
  const at = ran ? 3 : of.state === "draft" || mapping ? 1 : 2;

  return (
    <>
      <PageHeader
        title={of.file_name}
        crumb={<TextLink to="/imports">Imports</TextLink>}
        lead={`${formatBytes(of.size_bytes)} · ${of.columns.length} columns · ${of.created_by.name}, ${formatMoment(of.created_at)}`}
        actions={
          !ran &&
          of.state !== "checking" && (
            <Button variant="subtle" color="gray" onClick={() => setAsking("discard")}>
              Discard
            </Button>
          )
        }
      />
      <Steps at={at} />
      <Body
        of={of}
        mapping={mapping}
        back={() => setMapping(true)}
        checking={(now) => {
          setMapping(false);
          keep(now);
        }}
        reread={(now) => {
          setMapping(true);
          keep(now);
        }}
        moved={keep}
        stop={() => setAsking("cancel")}
        stopCheck={async () => {
          try {
            keep(await client.imports.cancel({ id: of.id }));
          } catch (error) {
            toast.failed(error);
          }
        }}
      />
      <ConfirmDialog
        opened={asking === "cancel"}
        title="Stop this import?"
        confirm="Stop import"
        close={() => setAsking(null)}
        run={async () => {
          keep(await client.imports.cancel({ id: of.id }));
        }}
      >
        What was written so far stays. The rest of the file is not imported.
      </ConfirmDialog>
      <ConfirmDialog
        opened={asking === "discard"}
        title={`Discard ${of.file_name}?`}
        confirm="Discard"
        close={() => setAsking(null)}
        run={async () => {
          await client.imports.remove({ id: of.id });
          await navigate({ to: "/imports" });
          await queries.invalidateQueries({ queryKey: api.imports.list.key() });
          toast.done("Discarded. No lead was touched.");
        }}
      >
        The uploaded file and its mapping are deleted. No lead has been touched.
      </ConfirmDialog>
    </>
  );
}

interface BodyProps {
  of: Import;
  mapping: boolean;
  back: () => void;
  checking: (now: Import) => void;
  reread: (now: Import) => void;
  moved: (now: Import) => void;
  stop: () => void;
  stopCheck: () => Promise<void>;
}

function Body({ of, mapping, back, checking, reread, moved, stop, stopCheck }: BodyProps) {
  if (of.state === "checking") {
    return (
      <Progressing title="Checking every row" of={of}>
        <Button variant="default" mt="md" onClick={() => void stopCheck()}>
          Stop
        </Button>
      </Progressing>
    );
  }
  if (of.state === "running") {
    return (
      <Progressing title="Importing" of={of}>
        <p className={css.hint} style={{ marginTop: 16 }}>
          You can leave this page: it goes on by itself, even through a restart.
        </p>
        <Button variant="default" onClick={stop}>
          Stop
        </Button>
      </Progressing>
    );
  }
  const over = of.state === "done" || of.state === "cancelled" || of.state === "failed";
  if (over && !mapping) return <ResultStep of={of} back={back} />;
  if (of.state === "checked" && of.check && !mapping) {
    return <CheckStep of={of} check={of.check} back={back} moved={moved} />;
  }
  // Another dialect means other columns: the step begins anew with them.
  return (
    <MapStep
      key={JSON.stringify([of.dialect, of.columns.length])}
      of={of}
      checking={checking}
      reread={reread}
    />
  );
}
