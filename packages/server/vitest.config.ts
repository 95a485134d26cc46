import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts"],
    globalSetup: ["src/kernel/testing/global-setup.ts"],
    // Type-stripping is Node's own here, as in production; vite would only slow it down.
    environment: "node",
    pool: "forks",
    // Loading and warming up the program costs 3 s of work, and its modules keep nothing that a file could trip over:
    // so the files of a worker share them, each with a program and database of its own.
    isolate: false,
    // PostgreSQL and Node take turns in a test, so as many files as there are cores (vitest's own is one less) keep them all busy.
    maxWorkers: availableParallelism(),
    // On a machine with much else to do a test may take ten times as long.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // What comes by itself comes within moments, and on a busy machine within seconds: vitest's own bound is one.
    expect: { poll: { timeout: 20_000, interval: 20 } },
    setupFiles: ["src/kernel/testing/setup.ts"],
    unstubEnvs: true,
    restoreMocks: true,
  },
});
