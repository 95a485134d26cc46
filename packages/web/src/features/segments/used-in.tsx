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
          <Way use={use} />
        </Fragment>
      ))}
    </>
  );
}

function Way({ use: { kind, id, name } }: { use: Use }) {
  switch (kind) {
    case "segment":
      return (
        <Link to="/segments/$id" params={{ id }}>
          {name}
        </Link>
      );
    case "view":
      return (
        <>
          the view{" "}
          <Link to="/leads" search={{ view: id }}>
            {name}
          </Link>
        </>
      );
    case "assignment_rule":
      return (
        <>
          the assignment rule <Link to="/settings/assignment">{name}</Link>
        </>
      );
  }
}
