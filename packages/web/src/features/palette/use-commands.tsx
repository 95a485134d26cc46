import { may, type Permission } from "@bellwether/contracts/permissions";
import { useMantineColorScheme } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { api } from "../../api.ts";
import { showOverlay } from "../../overlay.ts";
import { useSession } from "../../session.tsx";
import { switchWorkspace, useSignOut } from "../../shell/leaving.ts";
import { undoLast } from "../changes/index.ts";
import { placeOf } from "../views/index.ts";
import type { Command } from "./matching.ts";

/** [label, address, other words, who may]. What somebody may not do isn't offered. */
const pages: readonly (readonly [string, string, string, Permission?])[] = [
  ["Leads", "/leads", "list contacts people"],
  ["Board", "/leads/board", "pipeline kanban stages columns cards"],
  ["Duplicates", "/leads/duplicates", "merge same person twice", "leads:merge"],
  ["Bin", "/leads/bin", "deleted restore trash", "leads:delete"],
  ["Segments", "/segments", "audiences groups dynamic static rule members"],
  ["Home", "/", "start overview activity"],
  ["Reports", "/reports", "pipeline funnel figures conversion win rate time in stage", "reports:read"],
  ["Imports", "/imports", "files csv", "imports:run"],
  ["Profile", "/settings/profile", "settings name password you"],
  ["Sessions", "/settings/sessions", "settings devices signed in"],
  ["Workspace", "/settings/workspace", "settings general country time zone masked"],
  [
    "Assignment",
    "/settings/assignment",
    "settings rules owners round robin turns working hours",
    "leads:assign",
  ],
  ["Pipeline", "/settings/pipeline", "settings stages lost reasons kanban colours"],
  ["Fields", "/settings/fields", "settings custom properties columns new"],
  ["Tags", "/settings/tags", "settings labels colours"],
  ["Events", "/settings/events", "settings catalogue properties retention developers send"],
  ["Members", "/settings/members", "settings people team roles"],
  ["API keys", "/settings/keys", "settings developers token", "keys:write"],
  ["History", "/settings/changes", "settings bulk changes undo", "leads:bulk"],
  ["Exports", "/settings/exports", "settings files download csv", "leads:export"],
  ["Audit log", "/settings/audit", "settings who did what", "audit:read"],
];

export function useCommands(): Command[] {
  const session = useSession();
  const views = useQuery(api.views.list.queryOptions({ staleTime: 60_000 })).data?.data ?? [];
  const segments = useQuery(api.segments.names.queryOptions({ staleTime: 60_000 })).data?.data ?? [];
  const allowed = (needs: Permission | undefined) => needs === undefined || may(session.role, needs);
  return [
    ...useActions(allowed),
    ...pages
      .filter(([, , , needs]) => allowed(needs))
      .map(([label, target, words]): Command => ({
        id: `page-${target}`,
        group: "Go to",
        label,
        words,
        target,
      })),
    ...views.map((view): Command => ({
      id: `view-${view.id}`,
      group: "Views",
      label: view.name,
      words: view.layout === "board" ? "view leads board" : "view leads list",
      target: view.id === "all" ? "/leads" : `${placeOf(view) ?? "/leads"}?view=${view.id}`,
    })),
    ...segments.map((segment): Command => ({
      id: `segment-${segment.id}`,
      group: "Segments",
      label: segment.name,
      words: `segment audience ${segment.type} ${segment.state}`,
      target: `/segments/${segment.id}`,
    })),
  ];
}

function useActions(allowed: (needs: Permission) => boolean): Command[] {
  const session = useSession();
  const { setColorScheme } = useMantineColorScheme();
  const signOut = useSignOut();
  const all: (false | Omit<Command, "group">)[] = [
    allowed("leads:write") && {
      id: "new-lead",
      label: "New lead",
      words: "create add contact",
      target: () => showOverlay("new_lead"),
    },
    allowed("segments:write") && {
      id: "new-segment",
      label: "New segment",
      words: "create make audience group",
      target: "/segments/new",
    },
    allowed("imports:run") && {
      id: "import",
      label: "Import a file",
      words: "csv excel upload new",
      target: "/imports/new",
    },
    allowed("members:write") && {
      id: "invite",
      label: "Invite somebody",
      words: "new member colleague add",
      target: "/settings/members?invite=true",
    },
    allowed("leads:write") && {
      id: "undo",
      label: "Undo the last move or bulk change",
      words: "revert back",
      target: undoLast,
    },
    { id: "light", label: "Light appearance", words: "theme bright", target: () => setColorScheme("light") },
    { id: "dark", label: "Dark appearance", words: "theme night", target: () => setColorScheme("dark") },
    {
      id: "auto",
      label: "Appearance as the system",
      words: "theme auto light dark",
      target: () => setColorScheme("auto"),
    },
    {
      id: "keys",
      label: "Keyboard shortcuts",
      words: "help keys",
      target: () => showOverlay("shortcuts"),
    },
    ...session.workspaces
      .filter((workspace) => workspace.id !== session.workspace.id)
      .map((workspace) => ({
        id: `workspace-${workspace.id}`,
        label: `Switch to ${workspace.name}`,
        words: "workspace",
        target: () => void switchWorkspace(workspace.id),
      })),
    { id: "sign-out", label: "Sign out", words: "log out leave", target: () => void signOut() },
  ];
  return all.flatMap((action): Command[] => (action === false ? [] : [{ ...action, group: "Do" }]));
}
