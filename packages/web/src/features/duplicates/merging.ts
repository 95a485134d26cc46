import type { DuplicatePair } from "@bellwether/contracts/duplicates";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { api, client, queryClient } from "../../api.ts";
import { toast } from "../../ui/index.ts";
import { tellMade } from "../changes/index.ts";
import { leadName } from "../leads/index.ts";
import { type Draft, keptOf, mergeInput, otherOf, type Two } from "./model.ts";

/** The lead as it would be. A new choice shows the answer before until its own is here. */
export function useMergePreview(two: Two, draft: Draft) {
  return useQuery({
    ...api.duplicates.preview.queryOptions({ input: mergeInput(two, draft) }),
    placeholderData: keepPreviousData,
    staleTime: 0,
    gcTime: 0,
    retry: false,
  });
}

/** Merges what is seen: refused where one of the two cards was changed meanwhile. */
export async function merge(two: Two, draft: Draft): Promise<void> {
  const kept = keptOf(two, draft);
  const { change_set_id } = await client.duplicates.merge(mergeInput(two, draft), {
    context: { if_match: kept.revision },
  });
  tellMade(change_set_id, `${leadName(otherOf(two, draft.kept))} is merged into ${leadName(kept)}.`);
}

export async function dismiss(pair: Pick<DuplicatePair, "id">): Promise<void> {
  const { leads } = await client.duplicates.dismiss({ id: pair.id });
  const names = leads.map(leadName).join(" and ");
  toast.done(`${names} stay two people.`, () => void suggest(pair));
}

export async function suggest(pair: Pick<DuplicatePair, "id">): Promise<void> {
  try {
    await client.duplicates.suggest({ id: pair.id });
    toast.done("The pair is back among those to review.");
  } catch (error) {
    toast.failed(error, "The pair wasn’t taken back");
  }
  readAgain();
}

/** What a decision changes besides the pair itself: other pairs of the same leads, and the leads. */
export function readAgain(): void {
  for (const queryKey of [api.duplicates.list.key(), api.leads.key(), api.changes.key()])
    void queryClient.invalidateQueries({ queryKey });
}
