import type { Lead } from "@bellwether/contracts/leads";
import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { api } from "../../api.ts";
import { useMay, useSession } from "../../session.tsx";
import { Page } from "../../shell/Shell.tsx";
import {
  Avatar,
  ErrorState,
  LinkButton,
  PageHeader,
  RelativeTime,
  SkeletonRows,
  TextLink,
} from "../../ui/index.ts";
import { Activity } from "./Activity.tsx";
import { greeting } from "./greeting.ts";
import css from "./home.module.css";

export function HomePage() {
  const { user, workspace } = useSession();
  const newest = useQuery(api.leads.list.queryOptions({ input: { limit: 6, count: "estimate" } }));
  const empty = newest.data?.data.length === 0;
  return (
    <Page>
      <PageHeader
        title={greeting(new Date().getHours(), user?.name ?? "")}
        lead={empty ? `${workspace.name} has no leads yet.` : workspace.name}
      />
      {newest.isError ? (
        <ErrorState error={newest.error} retry={() => void newest.refetch()} />
      ) : empty ? (
        <FirstSteps />
      ) : (
        <Overview newest={newest.data} />
      )}
    </Page>
  );
}

function FirstSteps() {
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

interface Newest {
  data: Lead[];
  count?: { value: number; exact: boolean } | undefined;
}

function Overview({ newest }: { newest: Newest | undefined }) {
  const count = newest?.count;
  return (
    <>
      <p className={css.total}>
        {count ? (
          `${count.exact ? "" : "≈ "}${count.value.toLocaleString()}`
        ) : (
          <Skeleton height={40} width={140} />
        )}
      </p>
      <p className={css.totalLabel}>{count?.value === 1 ? "lead" : "leads"}</p>
      <div className={css.grid}>
        <div>
          <div className={css.head}>
            <h2>Newest leads</h2>
            <TextLink to="/leads">All leads</TextLink>
          </div>
          {newest ? <NewestLeads leads={newest.data} /> : <SkeletonRows rows={6} />}
        </div>
        <div>
          <LatestImports />
          <Activity />
        </div>
      </div>
    </>
  );
}

function nameOf(lead: Lead): string {
  return (
    [lead.first_name, lead.last_name].filter(Boolean).join(" ") ||
    lead.email ||
    lead.phone ||
    lead.company ||
    lead.external_id ||
    "No name"
  );
}

function NewestLeads({ leads }: { leads: Lead[] }) {
  return (
    <ul className={css.list}>
      {leads.map((lead) => (
        <li key={lead.id}>
          <Avatar name={nameOf(lead)} src={lead.avatar_url} />
          <Link to="/leads/$id" params={{ id: lead.id }} className={`bw-quiet ${css.grow}`}>
            <b style={{ fontWeight: 550 }}>{nameOf(lead)}</b>
            {lead.company && <span className={css.dim}> · {lead.company}</span>}
          </Link>
          <span className={css.dim}>
            <RelativeTime at={lead.created_at} />
          </span>
        </li>
      ))}
    </ul>
  );
}

function LatestImports() {
  const may_import = useMay("imports:run");
  const imports = useQuery(api.imports.list.queryOptions({ input: { limit: 3 }, enabled: may_import }));
  if (!imports.data || imports.data.data.length === 0) return null;
  return (
    <>
      <div className={css.head}>
        <h2>Latest imports</h2>
        <TextLink to="/imports">All imports</TextLink>
      </div>
      <ul className={css.list}>
        {imports.data.data.map((each) => (
          <li key={each.id}>
            <Link to="/imports/$id" params={{ id: each.id }} className={`bw-quiet ${css.grow}`}>
              {each.file_name}
            </Link>
            <span className={css.dim}>
              {each.result
                ? `${(each.result.created + each.result.updated).toLocaleString()} leads`
                : each.state}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}
