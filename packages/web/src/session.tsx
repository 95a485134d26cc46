import type { Session } from "@bellwether/contracts/identity";
import { may, type Permission } from "@bellwether/contracts/permissions";
import { useSuspenseQuery } from "@tanstack/react-query";
import { api, queryClient } from "./api.ts";

export const sessionQuery = api.identity.session.queryOptions({ staleTime: 60_000 });

/** Who is signed in, where, and as what. Only inside the signed-in part: the route has made sure of it. */
export function useSession(): Session {
  return useSuspenseQuery(sessionQuery).data;
}

export function useMay(permission: Permission): boolean {
  return may(useSession().role, permission);
}

/** After signing in: nothing of what was read before may be shown. For pages outside the shell, which watch no query of it. */
export async function enter(session: Session): Promise<void> {
  queryClient.clear();
  queryClient.setQueryData(sessionQuery.queryKey, session);
}
