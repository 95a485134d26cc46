import type { Import } from "@bellwether/contracts/imports";
import { VisuallyHidden } from "@mantine/core";
import { IconFileImport } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { api } from "../../api.ts";
import { inPages, itemsOf } from "../../paging.ts";
import { useMay } from "../../session.tsx";
import { Page } from "../../shell/Shell.tsx";
import {
  EmptyState,
  ErrorState,
  LinkButton,
  LoadMore,
  NotAllowed,
  PageHeader,
  RelativeTime,
  SkeletonRows,
} from "../../ui/index.ts";
import css from "./history.module.css";
import { UndoImport } from "./UndoImport.tsx";
import { formatNumber, stateWords, undoWords } from "./words.ts";

export function ImportsPage() {
  const may_import = useMay("imports:run");
  return (
    <Page>
      {may_import ? (
        <History />
      ) : (
        <>
          <PageHeader title="Import" />
          <NotAllowed what="Managers and admins import leads." />
        </>
      )}
    </Page>
  );
}

function History() {
  const pages = useInfiniteQuery(api.imports.list.infiniteOptions(inPages({ limit: 50 })));
  const imports = itemsOf(pages.data);
  const start = <LinkButton to="/imports/new">Import a file</LinkButton>;
  return (
    <>
      <PageHeader
        title="Import"
        lead="Files that were brought in, with what they did."
        actions={imports.length > 0 && start}
      />
      {pages.isPending && <SkeletonRows rows={6} />}
      {pages.isError && <ErrorState error={pages.error} retry={() => void pages.refetch()} />}
      {pages.isSuccess && imports.length === 0 && (
        <EmptyState icon={IconFileImport} title="No imports yet" action={start}>
          Bring in a CSV file. Every row is checked, and you see what it would do, before anything is written.
        </EmptyState>
      )}
      {imports.length > 0 && (
        <div className="bw-scroll-x">
          <table className={`bw-table ${css.history}`}>
            <thead>
              <tr>
                <th scope="col">File</th>
                <th scope="col">State</th>
                <th scope="col" className="bw-end">
                  Created
                </th>
                <th scope="col" className="bw-end">
                  Updated
                </th>
                <th scope="col" className="bw-end">
                  Refused
                </th>
                <th scope="col" className={css.by}>
                  By
                </th>
                <th scope="col">When</th>
                <th scope="col">
                  <VisuallyHidden>Undo</VisuallyHidden>
                </th>
              </tr>
            </thead>
            <tbody>
              {imports.map((each) => (
                <Row key={each.id} of={each} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      <LoadMore pages={pages}>Load older ones</LoadMore>
    </>
  );
}

function Row({ of }: { of: Import }) {
  const colour =
    of.state === "failed" ? "var(--bw-danger)" : of.state === "done" ? "var(--bw-ink-2)" : "var(--bw-accent)";
  const { progress } = of;
  const share =
    of.state === "running" && progress && progress.total > 0 ? progress.done / progress.total : null;
  return (
    <tr>
      <td>
        <Link to="/imports/$id" params={{ id: of.id }} className="bw-quiet" style={{ fontWeight: 550 }}>
          {of.file_name}
        </Link>
      </td>
      <td>
        <span style={{ color: colour, whiteSpace: "nowrap" }}>
          {of.change && of.change.undone !== null ? undoWords[of.change.state] : stateWords[of.state]}
          {share !== null && ` ${Math.floor(share * 100)} %`}
        </span>
      </td>
      <CountCell value={of.result?.created} label="created" />
      <CountCell value={of.result?.updated} label="updated" />
      <CountCell value={of.result?.rejected} label="refused" />
      <td className={css.by}>{of.created_by.name}</td>
      <td style={{ whiteSpace: "nowrap" }}>
        <RelativeTime at={of.created_at} />
      </td>
      <td className={`bw-end ${css.undo}`}>
        <UndoImport of={of} size="compact-sm" />
      </td>
    </tr>
  );
}

/** A count of the result; on a phone its word stands behind it, since the head of the table is gone. */
function CountCell({ value, label }: { value: number | undefined; label: string }) {
  return (
    <td className="bw-end" data-label={label} data-none={value === undefined || undefined}>
      {value === undefined ? "–" : formatNumber(value)}
    </td>
  );
}
