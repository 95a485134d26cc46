import type { Count } from "@bellwether/contracts/common";
import { useQuery } from "@tanstack/react-query";
import { api } from "../../api.ts";
import css from "./page.module.css";

/** How many pairs of possible duplicates wait to be reviewed. */
export function useWaitingPairs(options: { refetchInterval?: number } = {}): Count | undefined {
  const pairs = useQuery({
    ...api.duplicates.list.queryOptions({ input: { limit: 1, count: "estimate" } }),
    ...options,
  });
  return pairs.data?.count;
}

/** The same as a small number; nothing where there are none. */
export function WaitingPairs() {
  const count = useWaitingPairs();
  if (!count || count.value === 0) return null;
  return (
    <span className={`${css.waiting} bw-num`}>
      {count.exact ? "" : "≈ "}
      {count.value.toLocaleString()}
    </span>
  );
}
