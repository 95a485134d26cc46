import type { ReactNode } from "react";
import { useMay } from "../../session.tsx";
import { LinkButton } from "../../ui/index.ts";
import css from "./home.module.css";

/** What a workspace without leads needs, one thing after the other. */
export function FirstSteps() {
  const may_import = useMay("imports:run");
  const may_create = useMay("leads:write");
  const may_invite = useMay("members:write");
  if (!may_create) return <p>Ask an admin of this workspace to bring in leads.</p>;
  return (
    <ol className={css.steps}>
      {may_import && (
        <Step title="Import a file" action={<LinkButton to="/imports/new">Import</LinkButton>}>
          A CSV from wherever your leads are now. Every row is checked before anything is written.
        </Step>
      )}
      <Step
        title="Create a lead"
        action={
          <LinkButton to="/leads" variant="default">
            Go to leads
          </LinkButton>
        }
      >
        By hand: an e-mail address or a phone number is enough.
      </Step>
      {may_invite && (
        <Step
          title="Invite your team"
          action={
            <LinkButton to="/settings/members" variant="default">
              Invite
            </LinkButton>
          }
        >
          By link, each with a role that says what they may do.
        </Step>
      )}
    </ol>
  );
}

function Step({ title, children, action }: { title: string; children: ReactNode; action: ReactNode }) {
  return (
    <li>
      <div>
        <h2>{title}</h2>
        <p>{children}</p>
      </div>
      {action}
    </li>
  );
}
