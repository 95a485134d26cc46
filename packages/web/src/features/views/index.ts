export { type LeadsPlace, placeOf, type Question, questionOf, sameQuestion } from "./model.ts";
export { useViews } from "./use-views.ts";
export { ViewTabs } from "./view-tabs.tsx";
