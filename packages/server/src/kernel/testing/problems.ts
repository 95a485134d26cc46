import { expect } from "vitest";
import { problems } from "@bellwether/contracts/problems";
import type { Answer } from "./program.ts";

/** A refusal as RFC 9457 has it, with our members and nothing of the inside. */
export function expectProblem(answer: Answer<unknown>, status: number, code: keyof typeof problems): void {
  expect({ status: answer.status, problem: answer.problem }).toMatchObject({
    status,
    problem: {
      type: `urn:bellwether:problem:${code}`,
      title: problems[code][1],
      status,
      code,
      request_id: answer.headers["x-request-id"],
    },
  });
  expect(String(answer.headers["content-type"])).toMatch(/^application\/problem\+json/);
  expect(answer.problem.detail).toMatch(/\S.*[.)]$/);
  expect(Array.isArray(answer.problem.errors)).toBe(true);
  expect(JSON.stringify(answer.problem)).not.toMatch(/node_modules|at \w+ \(|Zod|postgres|Kysely/i);
}
