import { isRole, roleWords } from "./roles.ts";
import css from "./settings.module.css";

/** A role in a list: its name, and what it is for. */
export function RoleOption({ value }: { value: string }) {
  if (!isRole(value)) return null;
  return (
    <span>
      {roleWords[value].label}
      <span className={css.sub} style={{ display: "block" }}>
        {roleWords[value].hint}
      </span>
    </span>
  );
}
