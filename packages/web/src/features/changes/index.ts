export { ChangesPage } from "./ChangesPage.tsx";
export {
  followChange,
  followImport,
  runBulk,
  startBulk,
  tellMade,
  tellUndoable,
  undoChange,
  undoLast,
  useUndoKey,
} from "./bulk.tsx";
export { undoneWords } from "./words.ts";
