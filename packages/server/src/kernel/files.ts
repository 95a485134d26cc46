import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

/** Where the files of a workspace are: one folder for each kind. Ids come from the database, never from a request's text. */
export function workspaceFile(data_dir: string, workspace_id: string, kind: string, name: string): string {
  return join(data_dir, "files", workspace_id, kind, name);
}

/** Writes the pieces as they come, waiting where the disk is slower. Nothing of a file that broke off stays. */
export async function writePieces(path: string, pieces: AsyncIterable<Buffer>): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  try {
    // 1 MB: at 64 KB, waiting for the disk costs more than the writing.
    await pipeline(pieces, createWriteStream(path, { highWaterMark: 1024 * 1024 }));
  } catch (error) {
    await removeFile(path);
    throw error;
  }
}

export async function moveFile(from: string, to: string): Promise<void> {
  await rename(from, to);
}

export async function removeFile(path: string): Promise<void> {
  await rm(path, { force: true });
}

/** Its drafts: files beside it with its name and an ending of theirs. Whoever was killed has left one. */
export async function removeDrafts(path: string): Promise<void> {
  const folder = dirname(path);
  const names = await readdir(folder).catch(() => []);
  const drafts = names.filter((name) => name.startsWith(`${basename(path)}.`));
  await Promise.all(drafts.map((name) => removeFile(join(folder, name))));
}

/** Null when it isn't there. */
export async function fileSize(path: string): Promise<number | null> {
  return stat(path).then(
    (found) => found.size,
    () => null,
  );
}

/** The bytes from `start` to `end`, both included. */
export function readPart(path: string, start: number, end: number): Readable {
  return createReadStream(path, { start, end, highWaterMark: 256 * 1024 });
}
