export { FieldsPage } from "./FieldsPage.tsx";
export { KeysPage } from "./KeysPage.tsx";
export { MembersPage } from "./MembersPage.tsx";
export { ProfilePage } from "./ProfilePage.tsx";
export { SessionsPage } from "./SessionsPage.tsx";
export { SettingsLayout } from "./SettingsLayout.tsx";
export { TagsPage } from "./TagsPage.tsx";
export { WorkspacePage } from "./WorkspacePage.tsx";
