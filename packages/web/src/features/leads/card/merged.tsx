import { IconArrowMerge } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useEffect } from "react";
import type { ProblemError } from "../../../api.ts";
import { EmptyState, ErrorState, LinkButton, toast } from "../../../ui/index.ts";

/** A lead that was merged into another: its own page leads there and says so; beside the list it is said in its place. */
export function Merged({ error, page }: { error: ProblemError; page: boolean }) {
  const navigate = useNavigate();
  const into = error.data["lead_id"];
  const id = typeof into === "string" ? into : null;
  useEffect(() => {
    if (!page || id === null) return;
    toast.done("The lead you opened was merged into this one.", undefined, "merged");
    void navigate({ to: "/leads/$id", params: { id }, replace: true });
  }, [page, id, navigate]);
  if (id === null) return <ErrorState error={error} title="This lead can’t be shown" />;
  if (page) return null;
  return (
    <EmptyState
      icon={IconArrowMerge}
      title="Merged into another lead"
      action={
        <LinkButton to="/leads/$id" params={{ id }} variant="default">
          Open that lead
        </LinkButton>
      }
    >
      What was known of this one is on that card now.
    </EmptyState>
  );
}
