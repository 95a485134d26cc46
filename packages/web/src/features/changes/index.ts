export { ChangesPage } from "./ChangesPage.tsx";
export { startBulk, tellMade, undoLast, useUndoKey } from "./bulk.tsx";
