export const print = (name: string, value: string) => process.stdout.write(`${name.padEnd(64)}${value}\n`);

export function round(count: number): string {
  return Math.round(count).toLocaleString("en");
}
