import { IconAlertCircle } from "@tabler/icons-react";
import css from "./ui.module.css";

/** One line above a form's button: what was refused. Read out as soon as it appears. */
export function Failure({ children }: { children: string }) {
  return (
    <div role="alert">
      {children && (
        <p className={css.failure}>
          <IconAlertCircle size={16} stroke={1.8} aria-hidden="true" />
          <span>{children}</span>
        </p>
      )}
    </div>
  );
}
