import { Navigate, useSearch } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { SkeletonRows } from "../../ui/index.ts";
import { type LeadsPlace, placeOf, useViews } from "../views/index.ts";
import { Editing } from "./editing.tsx";
import type { Lookups } from "./lookups.ts";
import { useLookups } from "./lookups.ts";

interface Parts {
  lookups: Lookups;
  views: ReturnType<typeof useViews>;
}

/**
 * The leads of the view that the address names, once it is known what it means. A view that is asked for as it was saved
 * is shown as it was saved: a board isn't opened as a list.
 */
export function OfView({ place, children }: { place: LeadsPlace; children: (parts: Parts) => ReactNode }) {
  const lookups = useLookups();
  const views = useViews();
  const raw: { view?: unknown; changed?: unknown } = useSearch({ strict: false });
  if (views.pending && raw.view !== undefined) return <SkeletonRows rows={12} height={36} />;
  const view = views.views.find((each) => each.id === raw.view);
  const own = view && raw.changed !== true ? placeOf(view) : null;
  if (own !== null && own !== place) return <Navigate to={own} search={raw} replace />;
  return <Editing lookups={lookups}>{children({ lookups, views })}</Editing>;
}
