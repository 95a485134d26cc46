import { statfsSync } from "node:fs";
import { totalmem } from "node:os";

const MB = 1024 * 1024;

/** What differs from PostgreSQL's own defaults, which are for machines of twenty years ago. */
export function settingsFor(memoryBytes: number = memory()): Record<string, string> {
  return {
    listen_addresses: "127.0.0.1",
    // Connections go over loopback: a socket's path is limited to 107 bytes, a data folder's is not.
    unix_socket_directories: "",
    max_connections: "100",
    shared_buffers: megabytes(memoryBytes / 4, 64, 2048),
    effective_cache_size: megabytes(memoryBytes / 2, 128, 65_536),
    maintenance_work_mem: megabytes(memoryBytes / 32, 64, 512),
    work_mem: megabytes(memoryBytes / 512, 8, 32),
    // Imports write much and at once: fewer checkpoints, and smaller pages in the log.
    max_wal_size: "4GB",
    min_wal_size: "256MB",
    wal_compression: "on",
    checkpoint_timeout: "15min",
    random_page_cost: "1.1",
    // Compiling a plan costs more than our short queries take.
    jit: "off",
    dynamic_shared_memory_type: sharedMemoryIsSmall() ? "mmap" : "posix",
    log_checkpoints: "off",
    log_timezone: "UTC",
    timezone: "UTC",
    log_line_prefix: "%m [%p] %q%a ",
    // A client that vanished (kill -9) must not keep its transaction, and with it the event horizon, for hours.
    tcp_keepalives_idle: "60",
    idle_in_transaction_session_timeout: "5min",
    client_connection_check_interval: "5s",
  };
}

function memory(): number {
  // In a container the limit is what counts; without one Node reports 0 or an absurdly large number.
  const limit = process.constrainedMemory();
  return limit > 0 && limit < totalmem() ? limit : totalmem();
}

function megabytes(bytes: number, least: number, most: number): string {
  return `${Math.round(Math.min(most, Math.max(least, bytes / MB)))}MB`;
}

/** Containers often get 64 MB of /dev/shm, which one parallel query can fill. */
function sharedMemoryIsSmall(): boolean {
  try {
    const { bsize, blocks } = statfsSync("/dev/shm");
    return bsize * blocks < 256 * MB;
  } catch {
    return false;
  }
}
