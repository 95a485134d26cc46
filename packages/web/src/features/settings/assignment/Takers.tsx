import type { Member } from "@bellwether/contracts/identity";
import { may } from "@bellwether/contracts/permissions";
import { Button, Title } from "@mantine/core";
import { Avatar, ErrorState, SkeletonRows } from "../../../ui/index.ts";
import type { Lookups } from "../../leads/index.ts";
import { AvailabilityDrawer } from "../availability/AvailabilityDrawer.tsx";
import css from "../settings.module.css";
import own from "./assignment.module.css";
import { useTakers } from "./data.ts";
import { leadsWords, whenWords } from "./words.ts";
import { useState } from "react";

/** Who can own leads: how many open ones they have, and whether they are at work. */
export function Takers({ lookups, may_write }: { lookups: Lookups; may_write: boolean }) {
  const { query, byId } = useTakers();
  const [open, setOpen] = useState<Member | null>(null);
  const members = lookups.names.members.filter((member) => may(member.role, "leads:own"));
  return (
    <section className={css.section}>
      <Title order={2}>Members</Title>
      <p className={css.hint}>
        Open leads are those in stages that aren’t final. Everybody says in their profile when they are at
        work; admins can do so here.
      </p>
      {query.isPending && <SkeletonRows rows={3} height={48} />}
      {query.isError && <ErrorState error={query.error} retry={() => void query.refetch()} />}
      {query.isSuccess &&
        members.map((member) => {
          const taker = byId.get(member.id);
          return (
            <div key={member.id} className={css.row}>
              <Avatar name={member.name} size={28} />
              <div className={css.grow}>
                <div className={css.name}>{member.name}</div>
                {taker && <div className={css.sub}>{whenWords(taker)}</div>}
              </div>
              <span className={`${own.load} bw-num`}>{taker ? leadsWords(taker.open_leads) : ""}</span>
              {may_write && (
                <Button
                  size="compact-sm"
                  variant="default"
                  aria-label={`Working hours of ${member.name}`}
                  onClick={() => setOpen(member)}
                >
                  Hours
                </Button>
              )}
            </div>
          );
        })}
      <AvailabilityDrawer member={open} close={() => setOpen(null)} />
    </section>
  );
}
