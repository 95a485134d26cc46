export { ChangesPage } from "./ChangesPage.tsx";
export { startBulk, useUndoKey } from "./bulk.tsx";
