export { ImportPage } from "./ImportPage.tsx";
export { ImportsPage } from "./ImportsPage.tsx";
export { NewImportPage } from "./NewImportPage.tsx";
