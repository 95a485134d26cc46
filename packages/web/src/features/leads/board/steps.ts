/** What a key does on the board. Cards are gone through column by column; a lifted one goes from stage to stage. */
export type Step =
  | { do: "go"; to: { column: number; row: number } }
  | { do: "lift" | "drop" | "cancel" | "open" | "choose" | "menu" }
  | { do: "over"; column: number };

export interface Place {
  column: number;
  row: number;
}

interface Key {
  key: string;
  ctrl: boolean;
}

/** With a card in hand: which column it is over, and what ends it. */
export function liftedStep({ key }: Key, over: number, columns: number): Step | null {
  switch (key) {
    case "ArrowRight":
      return { do: "over", column: Math.min(over + 1, columns - 1) };
    case "ArrowLeft":
      return { do: "over", column: Math.max(over - 1, 0) };
    case "Home":
      return { do: "over", column: 0 };
    case "End":
      return { do: "over", column: columns - 1 };
    case " ":
    case "Enter":
      return { do: "drop" };
    case "Escape":
      return { do: "cancel" };
    default:
      return null;
  }
}

/** Without one. `rows` says how many cards a column shows; columns without any are passed over. */
export function restingStep({ key, ctrl }: Key, at: Place, rows: readonly number[]): Step | null {
  const last = (rows[at.column] ?? 0) - 1;
  if (ctrl && !["Home", "End"].includes(key)) return null;
  switch (key) {
    case "ArrowDown":
    case "j":
      return { do: "go", to: { ...at, row: Math.min(at.row + 1, last) } };
    case "ArrowUp":
    case "k":
      return { do: "go", to: { ...at, row: Math.max(at.row - 1, 0) } };
    case "Home":
      return { do: "go", to: { ...at, row: 0 } };
    case "End":
      return { do: "go", to: { ...at, row: last } };
    case "ArrowRight":
    case "ArrowLeft":
      return aside(key === "ArrowRight" ? 1 : -1, at, rows);
    case " ":
      return { do: "lift" };
    case "Enter":
      return { do: "open" };
    case "x":
      return { do: "choose" };
    case "m":
      return { do: "menu" };
    default:
      return null;
  }
}

function aside(by: 1 | -1, at: Place, rows: readonly number[]): Step | null {
  for (let column = at.column + by; column >= 0 && column < rows.length; column += by) {
    const count = rows[column] ?? 0;
    if (count > 0) return { do: "go", to: { column, row: Math.min(at.row, count - 1) } };
  }
  return null;
}
