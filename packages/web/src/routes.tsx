import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from "@tanstack/react-router";
import { isProblem, onSignedOut, queryClient } from "./api.ts";
import { sessionQuery } from "./session.tsx";
import { Page, Shell } from "./shell/Shell.tsx";
import { EmptyState, ErrorState, LinkButton, SkeletonRows } from "./ui/index.ts";

const identity = () => import("./features/identity/index.ts");
const leads = () => import("./features/leads/index.ts");
const duplicates = () => import("./features/duplicates/index.ts");
const imports = () => import("./features/imports/index.ts");
const settings = () => import("./features/settings/index.ts");
const changes = () => import("./features/changes/index.ts");
const exported = () => import("./features/exports/index.ts");
const audit = () => import("./features/audit/index.ts");
const home = () => import("./features/home/index.ts");
const segments = () => import("./features/segments/index.ts");
const reports = () => import("./features/reports/index.ts");

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound, errorComponent: Failed });

/** Where to go after signing in: only ever a path of this site. */
const next = (search: Record<string, unknown>): { next?: string } => {
  const to = search["next"];
  return typeof to === "string" && /^\/(?![/\\])/.test(to) ? { next: to } : {};
};

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: next,
  component: lazyRouteComponent(identity, "SignInPage"),
});
const signUp = createRoute({
  getParentRoute: () => root,
  path: "/sign-up",
  component: lazyRouteComponent(identity, "SignUpPage"),
});
const forgot = createRoute({
  getParentRoute: () => root,
  path: "/forgot",
  component: lazyRouteComponent(identity, "ForgotPage"),
});
const reset = createRoute({
  getParentRoute: () => root,
  path: "/reset/$token",
  component: lazyRouteComponent(identity, "ResetPage"),
});
const join = createRoute({
  getParentRoute: () => root,
  path: "/join/$token",
  component: lazyRouteComponent(identity, "JoinPage"),
});

/** Everything behind the sign-in. Without a session it sends to the sign-in page, which brings back here. */
const app = createRoute({
  getParentRoute: () => root,
  id: "app",
  component: Shell,
  beforeLoad: async ({ location }) => {
    try {
      await queryClient.ensureQueryData(sessionQuery);
    } catch (error) {
      if (!isProblem(error, "not_signed_in")) throw error;
      throw redirect({ to: "/sign-in", search: location.href === "/" ? {} : { next: location.href } });
    }
  },
});

// Pages keep what they show in the search (filter, sort, the open lead); they parse it themselves.
const anySearch = (search: Record<string, unknown>): Record<string, unknown> => search;
const homePage = createRoute({
  getParentRoute: () => app,
  path: "/",
  validateSearch: anySearch,
  component: lazyRouteComponent(home, "HomePage"),
});
const reportsPage = createRoute({
  getParentRoute: () => app,
  path: "/reports",
  validateSearch: anySearch,
  component: lazyRouteComponent(reports, "ReportsPage"),
});
const leadsPage = createRoute({
  getParentRoute: () => app,
  path: "/leads",
  validateSearch: anySearch,
  component: lazyRouteComponent(leads, "LeadsPage"),
});
const boardPage = createRoute({
  getParentRoute: () => app,
  path: "/leads/board",
  validateSearch: anySearch,
  component: lazyRouteComponent(leads, "BoardPage"),
});
const binPage = createRoute({
  getParentRoute: () => app,
  path: "/leads/bin",
  component: lazyRouteComponent(leads, "BinPage"),
});
const leadPage = createRoute({
  getParentRoute: () => app,
  path: "/leads/$id",
  validateSearch: anySearch,
  component: lazyRouteComponent(leads, "LeadPage"),
});

const duplicatesPage = createRoute({
  getParentRoute: () => app,
  path: "/leads/duplicates",
  validateSearch: anySearch,
  component: lazyRouteComponent(duplicates, "DuplicatesPage"),
});
const mergePage = createRoute({
  getParentRoute: () => app,
  path: "/leads/$id/merge/$other",
  component: lazyRouteComponent(duplicates, "MergePage"),
});

const segmentsPage = createRoute({
  getParentRoute: () => app,
  path: "/segments",
  validateSearch: anySearch,
  component: lazyRouteComponent(segments, "SegmentsPage"),
});
const segmentNew = createRoute({
  getParentRoute: () => app,
  path: "/segments/new",
  validateSearch: anySearch,
  component: lazyRouteComponent(segments, "NewSegmentPage"),
});
const segmentPage = createRoute({
  getParentRoute: () => app,
  path: "/segments/$id",
  validateSearch: anySearch,
  component: lazyRouteComponent(segments, "SegmentPage"),
});

const importsPage = createRoute({
  getParentRoute: () => app,
  path: "/imports",
  component: lazyRouteComponent(imports, "ImportsPage"),
});
const importNew = createRoute({
  getParentRoute: () => app,
  path: "/imports/new",
  component: lazyRouteComponent(imports, "NewImportPage"),
});
const importPage = createRoute({
  getParentRoute: () => app,
  path: "/imports/$id",
  component: lazyRouteComponent(imports, "ImportPage"),
});

const settingsLayout = createRoute({
  getParentRoute: () => app,
  path: "/settings",
  component: lazyRouteComponent(settings, "SettingsLayout"),
});
const settingsRoute = <
  Path extends string,
  Name extends Exclude<keyof Awaited<ReturnType<typeof settings>>, "SettingsLayout">,
>(
  path: Path,
  name: Name,
) =>
  createRoute({ getParentRoute: () => settingsLayout, path, component: lazyRouteComponent(settings, name) });
const historyPage = createRoute({
  getParentRoute: () => settingsLayout,
  path: "changes",
  component: lazyRouteComponent(changes, "ChangesPage"),
});
const exportsPage = createRoute({
  getParentRoute: () => settingsLayout,
  path: "exports",
  component: lazyRouteComponent(exported, "ExportsPage"),
});
const auditPage = createRoute({
  getParentRoute: () => settingsLayout,
  path: "audit",
  validateSearch: anySearch,
  component: lazyRouteComponent(audit, "AuditPage"),
});
const settingsIndex = createRoute({
  getParentRoute: () => settingsLayout,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/settings/profile", replace: true });
  },
});

const tree = root.addChildren([
  signIn,
  signUp,
  forgot,
  reset,
  join,
  app.addChildren([
    homePage,
    reportsPage,
    leadsPage,
    boardPage,
    binPage,
    leadPage,
    duplicatesPage,
    mergePage,
    segmentsPage,
    segmentNew,
    segmentPage,
    importsPage,
    importNew,
    importPage,
    settingsLayout.addChildren([
      settingsIndex,
      settingsRoute("profile", "ProfilePage"),
      settingsRoute("sessions", "SessionsPage"),
      settingsRoute("workspace", "WorkspacePage"),
      settingsRoute("pipeline", "PipelinePage"),
      settingsRoute("assignment", "AssignmentPage"),
      settingsRoute("fields", "FieldsPage"),
      settingsRoute("tags", "TagsPage"),
      settingsRoute("events", "EventsPage"),
      settingsRoute("members", "MembersPage"),
      settingsRoute("keys", "KeysPage"),
      historyPage,
      exportsPage,
      auditPage,
    ]),
  ]),
]);

export const router = createRouter({
  routeTree: tree,
  defaultPreload: "intent",
  scrollRestoration: true,
  defaultErrorComponent: Failed,
  defaultNotFoundComponent: NotFound,
  defaultPendingMs: 200,
  defaultPendingComponent: () => (
    <Page>
      <SkeletonRows />
    </Page>
  ),
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}

onSignedOut(() => {
  const { location } = router.state;
  if (location.pathname === "/sign-in") return;
  queryClient.removeQueries({ queryKey: sessionQuery.queryKey });
  void router.navigate({ to: "/sign-in", search: location.href === "/" ? {} : { next: location.href } });
});

function NotFound() {
  return (
    <main>
      <EmptyState title="There is no such page" action={<LinkButton to="/">Go home</LinkButton>}>
        The link may be old, or a letter is missing.
      </EmptyState>
    </main>
  );
}

function Failed({ error, reset: again }: { error: unknown; reset: () => void }) {
  return (
    <Page>
      <ErrorState
        error={error}
        retry={() => {
          again();
          void router.invalidate();
        }}
      />
    </Page>
  );
}
