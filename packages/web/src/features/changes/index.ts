export { ChangesPage } from "./ChangesPage.tsx";
export { startBulk, tellMade, useUndoKey } from "./bulk.tsx";
