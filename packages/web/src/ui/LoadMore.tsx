import { Button } from "@mantine/core";
import type { ReactNode } from "react";

interface Props {
  pages: {
    hasNextPage: boolean;
    isFetchingNextPage: boolean;
    isFetchNextPageError: boolean;
    fetchNextPage: () => Promise<unknown>;
  };
  /** As a part of a card rather than the end of a page. */
  quiet?: boolean;
  children: ReactNode;
}

/** The button below a list that comes in pages, as long as there are more; it says when they didn’t come. */
export function LoadMore({ pages, quiet = false, children }: Props) {
  if (!pages.hasNextPage) return null;
  return (
    <Button
      {...(quiet
        ? { variant: "subtle", color: "gray", size: "compact-sm" }
        : { variant: "default", mt: "md" })}
      loading={pages.isFetchingNextPage}
      onClick={() => void pages.fetchNextPage()}
    >
      {pages.isFetchNextPageError ? "They didn’t load. Try again" : children}
    </Button>
  );
}
