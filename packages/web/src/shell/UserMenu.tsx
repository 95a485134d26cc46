import { Menu, UnstyledButton, useMantineColorScheme } from "@mantine/core";
import { IconLogout, IconSelector, IconUser } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useSession } from "../session.tsx";
import { Avatar } from "../ui/index.ts";
import { switchWorkspace, useSignOut } from "./leaving.ts";
import css from "./shell.module.css";

const schemes = [
  { value: "auto", label: "As the system" },
  { value: "light", label: "Light" },
  { value: "dark", label: "Dark" },
] as const;
type Scheme = (typeof schemes)[number]["value"];
const isScheme = (value: string): value is Scheme => schemes.some((scheme) => scheme.value === value);

/** Which workspace, who I am, how it looks, and the way out. */
export function UserMenu() {
  const session = useSession();
  const navigate = useNavigate();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const person = session.user?.name ?? "API key";
  return (
    <Menu position="top-start" width={240}>
      <Menu.Target>
        <UnstyledButton className={css.user} aria-label={`${session.workspace.name}, ${person}: menu`}>
          <Avatar name={person} size={26} />
          <span className={css.userText}>
            <span className={css.workspace}>{session.workspace.name}</span>
            <span className={css.person}>{person}</span>
          </span>
          <IconSelector size={14} stroke={1.6} aria-hidden="true" color="var(--bw-ink-3)" />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Workspaces />
        <Menu.Item
          leftSection={<IconUser size={15} stroke={1.6} />}
          onClick={() => void navigate({ to: "/settings/profile" })}
        >
          Your profile
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label>Appearance</Menu.Label>
        <Menu.RadioGroup value={colorScheme} onChange={(value) => isScheme(value) && setColorScheme(value)}>
          {schemes.map(({ value, label }) => (
            <Menu.RadioItem key={value} value={value}>
              {label}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        <Menu.Divider />
        <SignOut />
      </Menu.Dropdown>
    </Menu>
  );
}

function Workspaces() {
  const session = useSession();
  if (session.workspaces.length < 2) return null;

  return (
    <>
      <Menu.Label>Workspaces</Menu.Label>
      <Menu.RadioGroup
        value={session.workspace.id}
        onChange={(id) => id !== session.workspace.id && void switchWorkspace(id)}
      >
        {session.workspaces.map((workspace) => (
          <Menu.RadioItem key={workspace.id} value={workspace.id} closeMenuOnClick>
            {workspace.name}
          </Menu.RadioItem>
        ))}
      </Menu.RadioGroup>
      <Menu.Divider />
    </>
  );
}

function SignOut() {
  const signOut = useSignOut();
  return (
    <Menu.Item leftSection={<IconLogout size={15} stroke={1.6} />} onClick={() => void signOut()}>
      Sign out
    </Menu.Item>
  );
}
