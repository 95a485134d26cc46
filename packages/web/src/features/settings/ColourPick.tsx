import css from "./settings.module.css";

/** Each passes 3 : 1 on paper and on dark, as a dot beside its word. */
export const colours = [
  ["#7a7367", "Grey"],
  ["#c2453a", "Red"],
  ["#b8671c", "Orange"],
  ["#97790f", "Ochre"],
  ["#4f8a3d", "Green"],
  ["#1f8a7a", "Teal"],
  ["#3f78b8", "Blue"],
  ["#8a62b8", "Violet"],
  ["#b8528d", "Pink"],
] as const;

interface Props {
  value: string | null;
  /** A colour that isn't one of these stays on offer. */
  also?: string;
  onChange: (colour: string) => void;
}

export function ColourPick({ value, also, onChange }: Props) {
  const own = also !== undefined && !colours.some(([colour]) => colour === also);
  const all: readonly (readonly [string, string])[] = own ? [[also, "As it was"], ...colours] : colours;
  return (
    <div>
      <p id="colour-label" style={{ margin: "0 0 6px", fontSize: 13, fontWeight: 500 }}>
        Colour
      </p>
      <div role="radiogroup" aria-labelledby="colour-label" className={css.swatches}>
        {all.map(([colour, word]) => (
          <button
            key={colour}
            type="button"
            role="radio"
            aria-label={word}
            title={word}
            aria-checked={value === colour}
            className={css.swatch}
            style={{ backgroundColor: colour }}
            onClick={() => onChange(colour)}
          />
        ))}
      </div>
    </div>
  );
}
