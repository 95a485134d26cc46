import type { Database } from "./db.ts";
import type { Endpoint } from "./http.ts";
import type { Reaction } from "./events.ts";
import type { Job } from "./jobs.ts";

/** What a module brings to the program. */
export interface Module {
  name: string;
  endpoints: Endpoint[];
  // eslint-disable-next-line typescript/no-explicit-any -- jobs of many inputs
  jobs: Job<any>[];
  reactions: Reaction[];
  /** Done every second, by each worker: what time alone brings about. Must be safe beside itself. */
  pulse?: (db: Database, stopping: AbortSignal) => Promise<unknown>;
  /** Done at the start of a worker and every hour, by each of them: must be safe beside itself. */
  upkeep?: (db: Database, stopping: AbortSignal) => Promise<unknown>;
}
