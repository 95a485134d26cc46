import type { Lead } from "@bellwether/contracts/leads";
import { Avatar, Dot, StageBadge, Tier } from "../../ui/index.ts";
import type { Column } from "./model/columns.ts";
import { valueOf } from "./model/columns.ts";
import type { Names } from "./model/values.ts";
import { inWords, isEmpty } from "./model/values.ts";
import css from "./value.module.css";

/** A value of a lead as the list and the card show it. */
export function LeadValue({ lead, column, names }: { lead: Lead; column: Column; names: Names }) {
  const value = valueOf(lead, column);
  if (isEmpty(value)) return <span className={css.none}>{inWords(column, value, names)}</span>;
  switch (column.type) {
    case "stage":
      return <StageValue stage={String(value)} names={names} />;
    case "member":
      return <Person name={inWords(column, value, names)} />;
    case "tags":
      return (
        <Words words={lead.tags.map((tag) => ({ word: tag, colour: names.tag_colours.get(tag) ?? null }))} />
      );
    case "choices":
      return (
        <Words
          words={(Array.isArray(value) ? value : [value]).map((item) => ({
            word: inWords({ ...column, type: "choice" }, item, names),
            colour: undefined,
          }))}
        />
      );
    case "url":
      return <Web url={String(value)} />;
    case "number":
      return column.id === "score" ? (
        <Score lead={lead} lined />
      ) : (
        <span>{inWords(column, value, names)}</span>
      );
    case "name":
    case "text":
    case "money":
    case "date":
    case "datetime":
    case "yes_no":
    case "choice":
      return <span>{inWords(column, value, names)}</span>;
  }
}

export function StageValue({ stage, names }: { stage: string; names: Names }) {
  const known = names.stages.find((other) => other.key === stage);
  return known ? <StageBadge stage={known} /> : <span>{stage}</span>;
}

function Person({ name }: { name: string }) {
  return (
    <span className={css.person}>
      <Avatar name={name} size={18} />
      <span className={css.cut}>{name}</span>
    </span>
  );
}

function Words({ words }: { words: { word: string; colour: string | null | undefined }[] }) {
  return (
    <span className={css.words}>
      {words.map(({ word, colour }) => (
        <span key={word} className={css.word}>
          {colour === undefined ? word : <Dot colour={colour}>{word}</Dot>}
        </span>
      ))}
    </span>
  );
}

function Web({ url }: { url: string }) {
  if (!/^https?:\/\//i.test(url)) return <span>{url}</span>;
  return (
    <a href={url} target="_blank" rel="noreferrer" tabIndex={-1} className={css.web}>
      {url.replace(/^https?:\/\/(www\.)?/i, "").replace(/\/$/, "")}
    </a>
  );
}

/** The score with its tier; `lined` keeps the digits of a column under each other. */
export function Score({ lead, lined }: { lead: Lead; lined?: boolean }) {
  return (
    <span className={css.score} data-lined={lined}>
      <span className="bw-num">{lead.score}</span>
      <Tier tier={lead.tier} />
    </span>
  );
}
