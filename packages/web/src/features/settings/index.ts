export function SettingsLayout() { return null; }
export function ProfilePage() { return null; }
export function SessionsPage() { return null; }
export function WorkspacePage() { return null; }
export function FieldsPage() { return null; }
export function TagsPage() { return null; }
export function MembersPage() { return null; }
export function KeysPage() { return null; }
