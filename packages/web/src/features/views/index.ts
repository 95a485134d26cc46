export { type LeadsPlace, placeOf, questionOf, sameQuestion } from "./model.ts";
export { useViews } from "./use-views.ts";
export { ViewTabs } from "./view-tabs.tsx";
