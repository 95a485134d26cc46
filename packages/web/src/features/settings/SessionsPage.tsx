import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "../../api.ts";
import { ErrorState, PageHeader, RelativeTime, SkeletonRows, toast } from "../../ui/index.ts";
import { deviceName } from "./device.ts";
import css from "./settings.module.css";

export function SessionsPage() {
  const devices = useQuery(api.identity.devices.queryOptions());
  const queries = useQueryClient();
  const revoke = useMutation(
    api.identity.revokeDevice.mutationOptions({
      onSuccess: () => toast.done("Signed out there."),
      onError: (error) => toast.failed(error),
      onSettled: () => queries.invalidateQueries({ queryKey: api.identity.devices.key() }),
    }),
  );
  return (
    <>
      <PageHeader
        title="Sessions"
        lead="Where you are signed in. End what you don't recognise, then change your password."
      />
      {devices.isPending && <SkeletonRows rows={2} height={56} />}
      {devices.isError && <ErrorState error={devices.error} retry={() => void devices.refetch()} />}
      {devices.data?.data.map((device) => {
        const name = deviceName(device.user_agent);
        return (
          <div key={device.id} className={css.row}>
            <div className={css.grow}>
              <div className={css.name}>
                {name} {device.current && <span className={css.you}>(this one)</span>}
              </div>
              <div className={css.sub}>
                {device.ip ? `${device.ip} · ` : ""}
                {device.current ? (
                  "active now"
                ) : (
                  <>
                    last seen <RelativeTime at={device.last_seen_at} />
                  </>
                )}{" "}
                · since <RelativeTime at={device.created_at} />
              </div>
            </div>
            {!device.current && (
              <Button
                variant="default"
                size="compact-sm"
                aria-label={`Sign out of ${name}`}
                loading={revoke.isPending && revoke.variables.id === device.id}
                onClick={() => revoke.mutate({ id: device.id })}
              >
                Sign out
              </Button>
            )}
          </div>
        );
      })}
    </>
  );
}
