import type { Lead } from "@bellwether/contracts/leads";
import { UnstyledButton } from "@mantine/core";
import { ErrorState, RelativeTime, SkeletonRows } from "../../../ui/index.ts";
import css from "./timeline.module.css";
import { useGroups } from "./use-groups.ts";

/** Each kind of event with how often it happened, first and last; a click leads to them. */
export function EventGroups({ lead, show }: { lead: Lead; show: (name: string) => void }) {
  const groups = useGroups(lead.id);
  if (groups.isPending) return <SkeletonRows rows={4} height={44} />;
  if (!groups.data)
    return (
      <ErrorState
        error={groups.error}
        retry={() => void groups.refetch()}
        title="The groups can’t be shown"
      />
    );
  if (groups.data.data.length === 0)
    return <p className={css.quiet}>Nothing has happened yet. Each kind of event will be one line here.</p>;
  return (
    <ul className={css.groups}>
      {groups.data.data.map(({ name, label, count, first_at, last_at }) => (
        <li key={name}>
          <UnstyledButton className={css.group} onClick={() => show(name)} title={name}>
            <span className={css.groupName}>{label}</span>
            <span className={`${css.times} bw-num`}>×{count.toLocaleString()}</span>
            <span className={css.span}>
              {count > 1 && (
                <>
                  first <RelativeTime at={first_at} /> · last{" "}
                </>
              )}
              <RelativeTime at={last_at} />
            </span>
          </UnstyledButton>
        </li>
      ))}
    </ul>
  );
}
