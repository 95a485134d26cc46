import css from "./grid.module.css";

/** What others did to the list, said quietly over it; the rows move only when somebody asks for it. */
export function NewsPill({ words, show }: { words: string; show: () => void }) {
  return (
    <div className={css.news}>
      <div className={css.pill} data-empty={words === "" || undefined}>
        <span role="status">{words}</span>
        {words && (
          <button type="button" className={css.newsShow} onClick={show}>
            Show
          </button>
        )}
      </div>
    </div>
  );
}
