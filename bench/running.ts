import { freePort, startProgram } from "../e2e/program.ts";
import { silent } from "../packages/server/src/kernel/log.ts";
import { startServer } from "../packages/server/src/server.ts";
import type { Dataset } from "./dataset.ts";

/** The server over a dataset, in the benchmark's own process. */
export async function serverOn(data: Dataset, does: { serve: boolean; work: boolean }) {
  const config = { ...data.config, port: await freePort(), host: "127.0.0.1" };
  return startServer({ config, appUrl: data.appUrl, ownerUrl: data.ownerUrl, log: silent, ...does });
}

/** The whole program over a dataset in a process of its own, as people run it. */
export function programOn(data: Dataset) {
  return startProgram({
    dataDir: data.config.dataDir,
    environment: {
      DATABASE_URL: data.ownerUrl,
      BELLWETHER_RATE_LIMITS: "off",
      BELLWETHER_LOG_LEVEL: "error",
    },
  });
}
