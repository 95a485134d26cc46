import type { Export } from "@bellwether/contracts/exports";
import { Button } from "@mantine/core";
import { IconFileExport } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { api, apiUrl } from "../../api.ts";
import { inPages, itemsOf } from "../../paging.ts";
import { useMay } from "../../session.tsx";
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
import css from "./exports.module.css";
import { formatNumber, sizeWords } from "./words.ts";

/** The files of the last week. */
export function ExportsPage() {
  return useMay("leads:export") ? (
    <List />
  ) : (
    <>
      <PageHeader title="Exports" />
      <NotAllowed what="Managers and admins export leads." />
    </>
  );
}

const look_ms = 1500;

function List() {
  const pages = useInfiniteQuery({
    ...api.exports.list.infiniteOptions(inPages({ limit: 50 })),
    refetchInterval: ({ state }) =>
      state.data?.pages.some((page) => page.data.some((file) => file.state === "running")) ? look_ms : false,
  });
  const files = itemsOf(pages.data);
  return (
    <>
      <PageHeader title="Exports" lead="Files of the last week. After that they are deleted." />
      {pages.isPending && <SkeletonRows rows={4} height={56} />}
      {pages.isError && <ErrorState error={pages.error} retry={() => void pages.refetch()} />}
      {pages.isSuccess && files.length === 0 && (
        <EmptyState
          icon={IconFileExport}
          title="No exports this week"
          action={<LinkButton to="/leads">Go to leads</LinkButton>}
        >
          Filter the list to what you need, then choose Export above it.
        </EmptyState>
      )}
      {files.map((file) => (
        <File key={file.id} file={file} />
      ))}
      <LoadMore pages={pages}>Load older ones</LoadMore>
    </>
  );
}

function File({ file }: { file: Export }) {
  const columns = `${file.columns.length} ${file.columns.length === 1 ? "column" : "columns"}`;
  return (
    <div className={css.file}>
      <div className={css.grow}>
        <div className={css.name}>{file.file_name}</div>
        <div className={css.sub}>
          {formatNumber(file.rows)} {file.rows === 1 ? "lead" : "leads"}, {columns}
          {file.state === "done" && `, ${sizeWords(file.size_bytes)}`} · {file.made_by.name} ·{" "}
          <RelativeTime at={file.created_at} />
        </div>
        {file.failure !== null && <div className={css.failure}>{file.failure}</div>}
      </div>
      {file.state === "done" ? (
        <Button
          component="a"
          variant="default"
          size="compact-sm"
          href={apiUrl(`/exports/${file.id}/file`)}
          download={file.file_name}
          aria-label={`Download ${file.file_name}`}
        >
          Download
        </Button>
      ) : (
        <span className={css.sub}>{file.state === "running" ? "Being written…" : "Stopped"}</span>
      )}
    </div>
  );
}
