// The order matters: every browser's name holds others' names, the rarer ones come first.
const browsers = [
  ["Edg/", "Edge"],
  ["OPR/", "Opera"],
  ["Firefox/", "Firefox"],
  ["Chrome/", "Chrome"],
  ["Safari/", "Safari"],
  ["curl/", "curl"],
] as const;
const systems = [
  ["iPhone", "iPhone"],
  ["iPad", "iPad"],
  ["Android", "Android"],
  ["Windows", "Windows"],
  ["Mac OS", "macOS"],
  ["CrOS", "ChromeOS"],
  ["Linux", "Linux"],
] as const;

/** "Firefox on Linux", as far as a user agent can be believed. */
export function deviceName(user_agent: string | null): string {
  if (!user_agent) return "Unknown device";
  const browser = browsers.find(([sign]) => user_agent.includes(sign))?.[1];
  const system = systems.find(([sign]) => user_agent.includes(sign))?.[1];
  if (browser && system) return `${browser} on ${system}`;
  return browser ?? system ?? user_agent.slice(0, 40);
}
