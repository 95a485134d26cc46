import { expect, test } from "vitest";
import { oneByOne } from "./one-by-one.ts";

test("one at a time, of those that wait the last alone, and it knows that it is the last", async () => {
  const told: string[] = [];
  const ends: (() => void)[] = [];
  const send = oneByOne<string>(async (value, last) => {
    told.push(`${value} begins`);
    await new Promise<void>((end) => ends.push(end));
    told.push(`${value} ends${last() ? ", the last" : ""}`);
  });
  const first = send("a");
  await Promise.resolve();
  void send("b");
  const third = send("c");
  expect(told).toEqual(["a begins"]);
  ends[0]?.();
  await first;
  await Promise.resolve();
  expect(told).toEqual(["a begins", "a ends", "c begins"]);
  ends[1]?.();
  await third;
  expect(told).toEqual(["a begins", "a ends", "c begins", "c ends, the last"]);
});
