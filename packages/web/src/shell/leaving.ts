import { useNavigate } from "@tanstack/react-router";
import { client, queryClient } from "../api.ts";
import { toast } from "../ui/index.ts";

export async function switchWorkspace(workspace_id: string): Promise<void> {
  try {
    await client.identity.switchWorkspace({ workspace_id });
    // A fresh start: nothing that was read or opened in the other workspace may stay on the screen.
    window.location.assign("/");
  } catch (error) {
    toast.failed(error);
  }
}

export function useSignOut(): () => Promise<void> {
  const navigate = useNavigate();
  return async () => {
    try {
      await client.identity.signOut();
    } catch (error) {
      toast.failed(error, "You are still signed in");
      return;
    }
    await navigate({ to: "/sign-in" });
    queryClient.clear();
  };
}
