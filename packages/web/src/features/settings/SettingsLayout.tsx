import { Link, Outlet } from "@tanstack/react-router";
import { useMay } from "../../session.tsx";
import { Page } from "../../shell/Shell.tsx";
import css from "./settings.module.css";

export function SettingsLayout() {
  const may_keys = useMay("keys:write");
  const may_export = useMay("leads:export");
  const may_audit = useMay("audit:read");
  const may_assign = useMay("leads:assign");
  const may_bulk = useMay("leads:bulk");
  return (
    <Page>
      <div className={css.layout}>
        <nav className={css.nav} aria-label="Settings">
          <h2>You</h2>
          <Link to="/settings/profile">Profile</Link>
          <Link to="/settings/sessions">Sessions</Link>
          <h2>Workspace</h2>
          <Link to="/settings/workspace">General</Link>
          <Link to="/settings/pipeline">Pipeline</Link>
          {may_assign && <Link to="/settings/assignment">Assignment</Link>}
          <Link to="/settings/fields">Fields</Link>
          <Link to="/settings/tags">Tags</Link>
          <Link to="/settings/events">Events</Link>
          <Link to="/settings/members">Members</Link>
          {may_keys && <Link to="/settings/keys">API keys</Link>}
          {may_bulk && <Link to="/settings/changes">History</Link>}
          {may_export && <Link to="/settings/exports">Exports</Link>}
          {may_audit && <Link to="/settings/audit">Audit log</Link>}
        </nav>
        <div>
          <Outlet />
        </div>
      </div>
    </Page>
  );
}
