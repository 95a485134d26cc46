export { type ExportAsk, ExportDialog } from "./export-dialog.tsx";
export { ExportsPage } from "./ExportsPage.tsx";
