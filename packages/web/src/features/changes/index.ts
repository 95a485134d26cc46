export { ChangesPage } from "./ChangesPage.tsx";
export { runBulk, startBulk, tellMade, undoLast, useUndoKey } from "./bulk.tsx";
