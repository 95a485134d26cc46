import { useState } from "react";
import css from "./ui.module.css";

// Muted pairs that pass AA in both schemes: the letter is dark on light paper and light on a dark one.
const hues = [160, 25, 265, 75, 205, 340, 115, 295];

function hueOf(seed: string): number {
  let hash = 0;
  for (const char of seed) hash = (hash * 31 + (char.codePointAt(0) ?? 0)) >>> 0;
  return hues[hash % hues.length] ?? 160;
}

/** Up to two initials: of the first and the last word. */
function initialsOf(name: string): string {
  const words = name
    .trim()
    .split(/[\s@._-]+/u)
    .filter(Boolean);
  const first = words[0]?.[0] ?? "?";
  const last = words.length > 1 ? (words.at(-1)?.[0] ?? "") : "";
  return (first + last).toLocaleUpperCase();
}

export function Avatar({ name, src, size = 24 }: { name: string; src?: string | null; size?: number }) {
  const [broken, setBroken] = useState(false);
  const hue = hueOf(name);
  const style = {
    width: size,
    height: size,
    fontSize: Math.round(size * 0.42),
    background: `light-dark(oklch(0.9 0.035 ${hue}), oklch(0.36 0.04 ${hue}))`,
    color: `light-dark(oklch(0.38 0.06 ${hue}), oklch(0.9 0.04 ${hue}))`,
  };
  return (
    <span className={css.avatar} style={style} aria-hidden="true">
      {src && !broken ? (
        <img src={src} alt="" loading="lazy" referrerPolicy="no-referrer" onError={() => setBroken(true)} />
      ) : (
        initialsOf(name)
      )}
    </span>
  );
}
