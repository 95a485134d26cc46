import css from "./imports.module.css";

const steps = ["File", "Columns", "Check", "Import"] as const;

/** Where in the wizard one is: 0 is the file. */
export function Steps({ at }: { at: 0 | 1 | 2 | 3 }) {
  return (
    <ol className={css.steps} aria-label="Steps">
      {steps.map((step, index) => (
        <li
          key={step}
          {...(index === at ? { "aria-current": "step" as const } : {})}
          data-done={index < at || undefined}
        >
          <span className="bw-num">{index + 1}</span> {step}
        </li>
      ))}
    </ol>
  );
}
