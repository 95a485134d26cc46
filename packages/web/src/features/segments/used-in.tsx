import type { UsedIn as Use } from "@bellwether/contracts/segments";
import { Link } from "@tanstack/react-router";
import { Fragment } from "react";

/** What uses a segment, each a way there. */
export function UsedIn({ used_in }: { used_in: readonly Use[] }) {
  return (
    <>
      {used_in.map((use, at) => (
        <Fragment key={`${use.kind} ${use.id}`}>
          {at > 0 && ", "}
          {use.kind === "segment" ? (
            <Link to="/segments/$id" params={{ id: use.id }}>
              {use.name}
            </Link>
          ) : (
            <>
              the view{" "}
              <Link to="/leads" search={{ view: use.id }}>
                {use.name}
              </Link>
            </>
          )}
        </Fragment>
      ))}
    </>
  );
}
