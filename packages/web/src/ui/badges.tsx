import type { Stage } from "@bellwether/contracts/leads";
import { IconFlame, IconSnowflake, IconSun } from "@tabler/icons-react";
import css from "./ui.module.css";

/** A stage by its colour and its word; final ones are rings, so that colour is never the only sign. */
export function StageBadge({ stage }: { stage: Pick<Stage, "name" | "colour" | "kind"> }) {
  const open = stage.kind === "open";
  return (
    <span className={css.badge}>
      <span
        className={`${css.dot} ${open ? "" : css.dotRing}`}
        style={{ background: stage.colour, borderColor: stage.colour }}
        aria-hidden="true"
      />
      <span className={css.badgeText}>{stage.name}</span>
    </span>
  );
}

const tiers = {
  hot: { word: "Hot", Icon: IconFlame, colour: "var(--bw-danger)" },
  warm: { word: "Warm", Icon: IconSun, colour: "var(--bw-warn)" },
  cold: { word: "Cold", Icon: IconSnowflake, colour: "var(--bw-ink-3)" },
} as const;

export function Tier({ tier }: { tier: keyof typeof tiers }) {
  const { word, Icon, colour } = tiers[tier];
  return (
    <span className={css.badge}>
      <Icon size={14} stroke={1.8} color={colour} aria-hidden="true" />
      {word}
    </span>
  );
}

/** A tag or any small coloured word. */
export function Dot({ colour, children }: { colour: string | null; children: string }) {
  return (
    <span className={css.badge}>
      <span className={css.dot} style={{ background: colour ?? "var(--bw-ink-3)" }} aria-hidden="true" />
      {children}
    </span>
  );
}
