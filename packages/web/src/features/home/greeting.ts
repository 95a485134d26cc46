/** By the reader's own clock; by first name, where one is given. */
export function greeting(hour: number, name: string): string {
  const time =
    hour < 5 ? "Hello" : hour < 12 ? "Good morning" : hour < 18 ? "Good afternoon" : "Good evening";
  const first = name.trim().split(/\s+/)[0];
  return first ? `${time}, ${first}` : time;
}
