import type { Member } from "@bellwether/contracts/identity";
import { may, mayGrant } from "@bellwether/contracts/permissions";
import { ActionIcon, Button, Menu, Modal, Select } from "@mantine/core";
import { IconClock, IconDots, IconKey, IconUserMinus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { api, client, queryClient } from "../../api.ts";
import { useMay, useSession } from "../../session.tsx";
import { Avatar, ErrorState, formatMoment, PageHeader, Secret, SkeletonRows, toast } from "../../ui/index.ts";
import { AvailabilityDrawer } from "./availability/AvailabilityDrawer.tsx";
import { Invitations } from "./Invitations.tsx";
import { RemoveMember } from "./RemoveMember.tsx";
import { RoleOption } from "./RoleOption.tsx";
import { grantable, isRole, roleWords } from "./roles.ts";
import css from "./settings.module.css";

const reread = () => queryClient.invalidateQueries({ queryKey: api.identity.members.key() });

export function MembersPage() {
  const may_write = useMay("members:write");
  const members = useQuery(api.identity.members.list.queryOptions());
  // The address may ask for it, as the palette does.
  const { invite }: { invite?: unknown } = useSearch({ strict: false });
  const navigate = useNavigate();
  const [asked, setAsked] = useState(false);
  const inviting = asked || (may_write && invite === true);
  const setInviting = (next: boolean) => {
    setAsked(next);
    if (invite !== undefined) void navigate({ to: "/settings/members", replace: true });
  };
  const [removing, setRemoving] = useState<Member | null>(null);
  const [hours, setHours] = useState<Member | null>(null);
  const [link, setLink] = useState<{ member: Member; url: string; expires_at: string } | null>(null);

  async function makeLink(member: Member) {
    try {
      setLink({ member, ...(await client.identity.members.resetLink({ id: member.id })) });
    } catch (error) {
      toast.failed(error);
    }
  }

  return (
    <>
      <PageHeader
        title="Members"
        lead={
          may_write
            ? "Who works here, and what each may do."
            : "Who works here. To invite somebody or change a role, ask an admin."
        }
        actions={may_write && <Button onClick={() => setInviting(true)}>Invite</Button>}
      />
      {members.isPending && <SkeletonRows rows={3} height={56} />}
      {members.isError && <ErrorState error={members.error} retry={() => void members.refetch()} />}
      {members.data?.data.map((member) => (
        <MemberRow
          key={member.id}
          member={member}
          remove={() => setRemoving(member)}
          hours={() => setHours(member)}
          resetLink={() => void makeLink(member)}
        />
      ))}
      {may_write && <Invitations inviting={inviting} close={() => setInviting(false)} />}
      <RemoveMember member={removing} members={members.data?.data ?? []} close={() => setRemoving(null)} />
      <AvailabilityDrawer member={hours} close={() => setHours(null)} />
      <Modal opened={link !== null} onClose={() => setLink(null)} title="Link to set a new password" centered>
        {link && (
          <>
            <p style={{ marginTop: 0 }}>
              Give it to {link.member.name} alone: whoever opens it chooses the password. It works once, until{" "}
              {formatMoment(link.expires_at)}, and is not shown again.
            </p>
            <Secret label="Link" value={link.url} />
          </>
        )}
      </Modal>
    </>
  );
}

function MemberRow({
  member,
  remove,
  hours,
  resetLink,
}: {
  member: Member;
  remove: () => void;
  hours: () => void;
  resetLink: () => void;
}) {
  const session = useSession();
  const me = session.member?.id === member.id;
  const may_change = useMay("members:write") && mayGrant(session.role, member.role);

  async function change(role: string | null) {
    if (!isRole(role) || role === member.role) return;
    try {
      await client.identity.members.update({ id: member.id, role });
      toast.done(`${member.name} is now ${roleWords[role].label.toLowerCase()}.`);
      if (me) await queryClient.invalidateQueries({ queryKey: api.identity.session.key() });
    } catch (error) {
      toast.failed(error, "The role stays as it was");
    }
    await reread();
  }

  return (
    <div className={css.row}>
      <Avatar name={member.name} size={32} />
      <div className={css.grow}>
        <div className={css.name}>
          {member.name} {me && <span className={css.you}>(you)</span>}
        </div>
        <div className={css.sub}>{member.email}</div>
      </div>
      {may_change ? (
        <>
          <Select
            aria-label={`Role of ${member.name}`}
            w={130}
            data={grantable(session.role)}
            value={member.role}
            allowDeselect={false}
            onChange={(role) => void change(role)}
            renderOption={({ option }) => <RoleOption value={option.value} />}
            comboboxProps={{ width: 240, position: "bottom-end" }}
          />
          <Menu position="bottom-end">
            <Menu.Target>
              <ActionIcon
                aria-label={`More for ${member.name}`}
                style={{ visibility: me ? "hidden" : "visible" }}
              >
                <IconDots size={16} stroke={1.6} />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              {may(member.role, "leads:own") && (
                <Menu.Item leftSection={<IconClock size={15} stroke={1.6} />} onClick={hours}>
                  Working hours
                </Menu.Item>
              )}
              <Menu.Item leftSection={<IconKey size={15} stroke={1.6} />} onClick={resetLink}>
                Make a password link
              </Menu.Item>
              <Menu.Item leftSection={<IconUserMinus size={15} stroke={1.6} />} onClick={remove}>
                Remove…
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        </>
      ) : (
        <span className={css.type} style={{ width: "auto" }}>
          {roleWords[member.role].label}
        </span>
      )}
    </div>
  );
}
