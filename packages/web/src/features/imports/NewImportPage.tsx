import { Button, FileButton, Progress } from "@mantine/core";
import { IconFileSpreadsheet } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { type DragEvent, useEffect, useRef, useState } from "react";
import { api, queryClient, sentenceOf } from "../../api.ts";
import { useMay } from "../../session.tsx";
import { Page } from "../../shell/Shell.tsx";
import { Failure, NotAllowed, PageHeader, TextLink } from "../../ui/index.ts";
import css from "./imports.module.css";
import { Steps } from "./Steps.tsx";
import { type Upload, uploadFile } from "./upload.ts";
import { formatBytes } from "./words.ts";

export function NewImportPage() {
  const may_import = useMay("imports:run");
  return (
    <Page>
      <PageHeader title="Import leads" crumb={<TextLink to="/imports">Imports</TextLink>} />
      {may_import ? <Choose /> : <NotAllowed what="Managers and admins import leads." />}
    </Page>
  );
}

function Choose() {
  const navigate = useNavigate();
  const [file, setFile] = useState<File | null>(null);
  const [share, setShare] = useState(0);
  const [failure, setFailure] = useState("");
  const running = useRef<Upload | null>(null);
  useEffect(() => () => running.current?.cancel(), []);

  async function send(chosen: File) {
    setFailure("");
    setShare(0);
    setFile(chosen);
    try {
      running.current = uploadFile(chosen, setShare);
      const made = await running.current.done;
      running.current = null;
      queryClient.setQueryData(api.imports.show.queryKey({ input: { id: made.id } }), made);
      void queryClient.invalidateQueries({ queryKey: api.imports.list.key() });
      await navigate({ to: "/imports/$id", params: { id: made.id }, replace: true });
    } catch (error) {
      if (!(error instanceof DOMException))
        setFailure(
          error instanceof TypeError
            ? "The upload broke off. Check the connection and choose the file again."
            : sentenceOf(error),
        );
      setFile(null);
    }
  }

  return (
    <>
      <Steps at={0} />
      {file ? (
        <Sending file={file} share={share} cancel={() => running.current?.cancel()} />
      ) : (
        <DropZone take={(chosen) => void send(chosen)} />
      )}
      <Failure>{failure}</Failure>
      <ul className={css.notes}>
        <li>Encoding, delimiter and header are found by themselves; you can change them.</li>
        <li>Nothing is written before you have seen what every row would do.</li>
        <li>From a spreadsheet, save or export the sheet as CSV first.</li>
      </ul>
    </>
  );
}

function Sending({ file, share, cancel }: { file: File; share: number; cancel: () => void }) {
  const sent = share >= 1;
  return (
    <div className={css.progress} role="status">
      <p style={{ marginTop: 0 }}>
        {sent ? "Reading" : "Uploading"} <b>{file.name}</b>, {formatBytes(file.size)}
      </p>
      <Progress value={sent ? 100 : share * 100} animated={sent} aria-label="Upload" size="sm" />
      <div className={css.progressLine}>
        <span className="bw-num">{Math.round(share * 100)} %</span>
        <Button size="compact-sm" variant="subtle" color="gray" onClick={cancel}>
          Cancel
        </Button>
      </div>
    </div>
  );
}

function DropZone({ take }: { take: (file: File) => void }) {
  const [over, setOver] = useState(false);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const dropped = event.dataTransfer.files[0];
    if (dropped) take(dropped);
  };
  return (
    <div
      className={css.drop}
      data-over={over || undefined}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <IconFileSpreadsheet size={32} stroke={1.2} color="var(--bw-ink-3)" aria-hidden="true" />
      <h2>Drop a CSV file here</h2>
      <p>CSV or TSV, up to 1 GB</p>
      <FileButton
        onChange={(chosen) => chosen && take(chosen)}
        accept=".csv,.tsv,.txt,text/csv,text/tab-separated-values,text/plain"
        inputProps={{ "aria-label": "File to import" }}
      >
        {(props) => <Button {...props}>Choose a file</Button>}
      </FileButton>
    </div>
  );
}
