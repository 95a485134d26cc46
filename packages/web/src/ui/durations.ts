const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

/** A stretch of time by its two largest units: “3 d 4 h”, “4 h 10 min”. */
export function spentWords(seconds: number): string {
  if (seconds < minute) return "less than a minute";
  if (seconds < hour) return `${Math.floor(seconds / minute)} min`;
  if (seconds < day) return two(seconds, [hour, "h"], [minute, "min"]);
  return two(seconds, [day, "d"], [hour, "h"]);
}

function two(seconds: number, [large, a]: [number, string], [small, b]: [number, string]): string {
  const rest = Math.floor((seconds % large) / small);
  const whole = `${Math.floor(seconds / large).toLocaleString()} ${a}`;
  return rest === 0 ? whole : `${whole} ${rest} ${b}`;
}
