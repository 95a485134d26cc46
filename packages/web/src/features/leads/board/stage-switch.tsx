import type { BoardColumn } from "@bellwether/contracts/board";
import type { Stage } from "@bellwether/contracts/pipeline";
import { useEffect, useRef } from "react";
import { Swatch } from "./board-column.tsx";
import css from "./board.module.css";
import { countWords } from "./columns.ts";

interface Props {
  stages: readonly Stage[];
  heads: ReadonlyMap<string, BoardColumn>;
  now: string;
  /** The stage a dragged card is over. */
  over: string | null;
  show: (stage: string) => void;
}

/** On a phone one column is shown at a time; a card is dragged to another stage by its name here. */
export function StageSwitch({ stages, heads, now, over, show }: Props) {
  const here = useRef<HTMLButtonElement>(null);
  useEffect(() => here.current?.scrollIntoView({ inline: "center", block: "nearest" }), [now]);
  return (
    <div className={css.switch} role="group" aria-label="Stages">
      {stages.map((stage) => {
        const head = heads.get(stage.key);
        return (
          <button
            key={stage.key}
            ref={stage.key === now ? here : null}
            type="button"
            className={css.switchTo}
            aria-pressed={stage.key === now}
            data-drop={stage.key}
            data-over={over === stage.key || undefined}
            onClick={() => show(stage.key)}
          >
            <Swatch stage={stage} />
            <span className={css.switchName}>{stage.name}</span>
            {head && <span className={`${css.count} bw-num`}>{countWords(head.count, head.exact)}</span>}
          </button>
        );
      })}
    </div>
  );
}
