import { useState } from "react";

/** What was shown last stays while the dialog that shows it fades: null while nothing was. */
export function useLast<Shown>(now: Shown | null): Shown | null {
  const [last, setLast] = useState(now);
  if (now !== null && now !== last) setLast(now);
  return now ?? last;
}
