export { ChangesPage } from "./ChangesPage.tsx";
export { followChange, runBulk, startBulk, tellMade, undoLast, useUndoKey } from "./bulk.tsx";
