import { now } from "../../kernel/clock.ts";
import { problem, ProblemError } from "../../kernel/problems.ts";

interface Attempts {
  failed: number;
  free_at: number;
}
const free_tries = 5;
const wait_max_s = 15 * 60;
const accounts_max = 10_000;

/**
 * Wrong passwords for one account, whatever address they come from: after five, each further one doubles the wait, from
 * 2 seconds to 15 minutes. Kept in memory: a restart forgives, which the limit for each address bounds.
 */
const attempts = new Map<string, Attempts>();

export function allowAttempt(email: string): void {
  const wait_ms = (attempts.get(email)?.free_at ?? 0) - now().getTime();
  if (wait_ms > 0) {
    const seconds = Math.ceil(wait_ms / 1000);
    throw problem("too_many_requests", {
      say: `Too many wrong passwords for this account. Try again in ${seconds} s.`,
      headers: { "retry-after": String(seconds) },
    });
  }
}

export function attemptFailed(email: string, error: unknown): void {
  if (!(error instanceof ProblemError) || error.code !== "wrong_credentials") {
    return;
  }
  const failed = (attempts.get(email)?.failed ?? 0) + 1;
  const wait_s = failed < free_tries ? 0 : Math.min(wait_max_s, 2 ** (failed - free_tries + 1));
  if (attempts.size >= accounts_max) {
    // The oldest entry goes: a flood of made-up addresses must not fill the memory.
    attempts.delete(attempts.keys().next().value ?? "");
  }
  attempts.set(email, { failed, free_at: now().getTime() + wait_s * 1000 });
}

export function attemptSucceeded(email: string): void {
  attempts.delete(email);
}
