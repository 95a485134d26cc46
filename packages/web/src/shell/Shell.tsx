import { ActionIcon } from "@mantine/core";
import { useHotkeys as useKeysAnywhere } from "@mantine/hooks";
import {
  IconAddressBook,
  IconChartBar,
  IconFileImport,
  IconHome2,
  IconSearch,
  IconSettings2,
  IconUsersGroup,
} from "@tabler/icons-react";
import { Link, Outlet } from "@tanstack/react-router";
import { lazy, type ReactNode, Suspense, useEffect, useRef } from "react";
import { connectLive } from "../live.ts";
import { showOverlay, useOverlay } from "../overlay.ts";
import { useMay, useSession } from "../session.tsx";
import { Kbd, mod_key, useHotkeys, Wordmark } from "../ui/index.ts";
import css from "./shell.module.css";
import { UserMenu } from "./UserMenu.tsx";

// The palette's own may be fading out still.
const other_dialog = '[role="dialog"][aria-modal="true"]:not([data-palette])';
const palette_after_ms = 600;
const palette = () => import("../features/palette/index.ts");
const Overlays = lazy(async () => ({ default: (await palette()).Overlays }));

/** The frame of the signed-in part: where one can go at the left (below, on a phone), the page beside it. */
export function Shell() {
  const workspace_id = useSession().workspace.id;
  // The stream belongs to one workspace: switching opens another.
  useEffect(() => connectLive(), [workspace_id]);
  return (
    <div className={css.shell}>
      <a className={css.skip} href="#content">
        Skip to content
      </a>
      <header className={css.topbar}>
        <Home />
        <span className={css.gap} />
        <ActionIcon size={44} aria-label="Search" onClick={() => showOverlay("palette")}>
          <IconSearch size={20} stroke={1.6} />
        </ActionIcon>
        <UserMenu />
      </header>
      <nav className={css.side} aria-label="Main">
        <Home />
        <button type="button" className={css.find} onClick={() => showOverlay("palette")}>
          <IconSearch size={16} stroke={1.6} aria-hidden="true" />
          <span>Search</span>
          <span aria-hidden="true" className={css.caps}>
            <Kbd>{mod_key}</Kbd>
            <Kbd>K</Kbd>
          </span>
        </button>
        <Navigation />
        <UserMenu />
      </nav>
      <main id="content" tabIndex={-1} className={css.main} data-scroll-restoration-id="content">
        <Outlet />
      </main>
      <OverEverything />
    </div>
  );
}

function OverEverything() {
  const shown = useOverlay();
  // Also while somebody types, unlike other keys; under another dialog it would be lost.
  useKeysAnywhere(
    [
      [
        "mod+K",
        () => {
          if (shown === "palette") showOverlay(null);
          else if (!document.querySelector(other_dialog)) showOverlay("palette");
        },
      ],
    ],
    [],
    true,
  );
  useHotkeys([
    ["?", () => showOverlay("shortcuts")],
    ["shift+?", () => showOverlay("shortcuts")],
  ]);
  useEffect(() => {
    // Fetched before it is asked for: what is typed right after ⌘K would otherwise be lost while it loads.
    const timer = window.setTimeout(() => void palette(), palette_after_ms);
    return () => {
      window.clearTimeout(timer);
      showOverlay(null);
    };
  }, []);
  const asked = useRef(false);
  asked.current ||= shown !== null;
  return (
    asked.current && (
      <Suspense>
        <Overlays />
      </Suspense>
    )
  );
}

function Home() {
  return (
    <Link to="/" className={css.brand} aria-label="Bellwether, home">
      <Wordmark />
    </Link>
  );
}

function Navigation() {
  const may_import = useMay("imports:run");
  const may_report = useMay("reports:read");
  return (
    <div className={css.nav}>
      <Link to="/" className={css.item} activeOptions={{ exact: true, includeSearch: false }}>
        <IconHome2 size={18} stroke={1.6} aria-hidden="true" /> Home
      </Link>
      <Link to="/leads" className={css.item} activeOptions={{ includeSearch: false }}>
        <IconAddressBook size={18} stroke={1.6} aria-hidden="true" /> Leads
      </Link>
      <Link to="/segments" className={css.item} activeOptions={{ includeSearch: false }}>
        <IconUsersGroup size={18} stroke={1.6} aria-hidden="true" /> Segments
      </Link>
      {may_import && (
        <Link to="/imports" className={css.item}>
          <IconFileImport size={18} stroke={1.6} aria-hidden="true" /> Import
        </Link>
      )}
      {may_report && (
        <Link to="/reports" className={css.item} activeOptions={{ includeSearch: false }}>
          <IconChartBar size={18} stroke={1.6} aria-hidden="true" /> Reports
        </Link>
      )}
      <Link to="/settings" className={css.item}>
        <IconSettings2 size={18} stroke={1.6} aria-hidden="true" /> Settings
      </Link>
    </div>
  );
}

/** One readable column with the page's margins: for every page that isn't a full-bleed list. */
export function Page({ children }: { children: ReactNode }) {
  return <div className={css.page}>{children}</div>;
}
