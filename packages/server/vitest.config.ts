import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts"],
    globalSetup: ["src/kernel/testing/global-setup.ts"],
    // Type-stripping is Node's own here, as in production; vite would only slow it down.
    environment: "node",
    pool: "forks",
    testTimeout: 15_000,
    hookTimeout: 30_000,
    unstubEnvs: true,
    restoreMocks: true,
  },
});
