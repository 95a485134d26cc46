import type { Export, ExportIn } from "@bellwether/contracts/exports";
import { Button, Group, Modal, Progress, Radio, Stack } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, apiUrl, client, queryClient, sentenceOf } from "../../api.ts";
import { Failure, FormFooter, submits, TextLink, useLast } from "../../ui/index.ts";
import css from "./exports.module.css";
import { formatNumber, sizeWords } from "./words.ts";

/** Which leads, and which columns there are to choose from. */
export interface ExportAsk {
  which: Pick<ExportIn, "rule" | "q" | "lead_ids" | "sort">;
  /** In words: “2,400 leads”. */
  words: string;
  shown: string[];
  all: string[];
}

/** Writes a file behind the request; it can be waited for here, or fetched later. */
export function ExportDialog({ ask, close }: { ask: ExportAsk | null; close: () => void }) {
  const shown = useLast(ask);
  return (
    <Modal opened={ask !== null} onClose={close} title={`Export ${shown?.words ?? ""}`} centered>
      {ask && <Body ask={ask} close={close} />}
    </Modal>
  );
}

function Body({ ask, close }: { ask: ExportAsk; close: () => void }) {
  const [started, setStarted] = useState<Export | null>(null);
  return started ? (
    <Writing started={started} close={close} />
  ) : (
    <Form ask={ask} close={close} started={setStarted} />
  );
}

interface FormProps {
  ask: ExportAsk;
  close: () => void;
  started: (started: Export) => void;
}

function Form({ ask, close, started }: FormProps) {
  const [columns, setColumns] = useState("shown");
  const [format, setFormat] = useState("csv");
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState("");

  async function run() {
    setBusy(true);
    setFailure("");
    try {
      const made = await client.exports.create({
        ...ask.which,
        columns: columns === "shown" ? ask.shown : ask.all,
        format: format === "jsonl" ? "jsonl" : "csv",
      });
      void queryClient.invalidateQueries({ queryKey: api.exports.list.key() });
      started(made);
    } catch (error) {
      setFailure(sentenceOf(error));
      setBusy(false);
    }
  }

  return (
    <form onSubmit={submits(run)}>
      <Stack gap="md">
        <Radio.Group label="Columns" value={columns} onChange={setColumns}>
          <Stack gap={8} mt={4}>
            <Radio value="shown" label={`The ${ask.shown.length} shown, in their order`} data-autofocus />
            <Radio value="all" label={`All ${ask.all.length}`} />
          </Stack>
        </Radio.Group>
        <Radio.Group label="Format" value={format} onChange={setFormat}>
          <Stack gap={8} mt={4}>
            <Radio value="csv" label="CSV" description="For spreadsheets; can be imported here again" />
            <Radio
              value="jsonl"
              label="JSON lines"
              description="For programs: a lead a line, as the API shows it"
            />
          </Stack>
        </Radio.Group>
      </Stack>
      <FormFooter failure={failure} busy={busy} close={close}>
        Export
      </FormFooter>
    </form>
  );
}

const look_ms = 400;

function Writing({ started, close }: { started: Export; close: () => void }) {
  const { data: file = started, error } = useQuery({
    ...api.exports.show.queryOptions({ input: { id: started.id } }),
    refetchInterval: ({ state }) => (state.data && state.data.state !== "running" ? false : look_ms),
  });
  const share = file.expected > 0 ? Math.min(100, (file.rows / file.expected) * 100) : 100;
  const failed = file.state === "failed" ? (file.failure ?? "It stopped.") : error ? sentenceOf(error) : "";
  return (
    <>
      <p className={css.words} role="status">
        {file.state === "done"
          ? `${formatNumber(file.rows)} ${file.rows === 1 ? "lead" : "leads"}, ${sizeWords(file.size_bytes)}.`
          : file.state === "running"
            ? `${formatNumber(file.rows)} of about ${formatNumber(file.expected)}`
            : ""}
      </p>
      {file.state === "running" && (
        <Progress value={share} size="sm" aria-label="Writing the file" transitionDuration={140} />
      )}
      <p className={css.hint}>
        {file.state === "running" ? "You can close this and go on: the file will be" : "The file is kept"}{" "}
        under <TextLink to="/settings/exports">Exports</TextLink> for a week.
      </p>
      <Failure>{failed}</Failure>
      <Group justify="flex-end" mt="lg" gap="xs">
        <Button variant="default" onClick={close}>
          Close
        </Button>
        {file.state === "done" && <DownloadButton file={file} />}
      </Group>
    </>
  );
}

function DownloadButton({ file }: { file: Export }) {
  return (
    <Button
      component="a"
      href={apiUrl(`/exports/${file.id}/file`)}
      download={file.file_name}
      leftSection={<IconDownload size={15} stroke={1.7} />}
    >
      Download
    </Button>
  );
}
