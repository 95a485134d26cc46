import type { Role } from "@bellwether/contracts/permissions";
import { useMemo } from "react";
import { useSession } from "../../session.tsx";

/** Who looks, as far as it decides what may be done. */
export interface Me {
  role: Role;
  member_id: string | null;
}

export function useMe(): Me {
  const { role, member } = useSession();
  const member_id = member?.id ?? null;
  return useMemo(() => ({ role, member_id }), [role, member_id]);
}
