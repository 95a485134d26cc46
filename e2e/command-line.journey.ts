import { expect, test } from "@playwright/test";
import { runCommand, startProgram, temporaryFolder } from "./program.ts";

const create = (email: string): string[] => [
  "workspace",
  "create",
  "--name",
  "Acme",
  "--email",
  email,
  "--password",
  "correct horse battery",
];

test("what was saved survives a kill, and commands work beside the running program and alone", async () => {
  test.setTimeout(240_000);
  const folder = temporaryFolder();
  const alone = await runCommand(folder.path, create("alone@example.com"));
  expect(alone).toMatchObject({ code: 0, error: "" });
  const first = await startProgram({ dataDir: folder.path });
  const beside = await runCommand(folder.path, create("beside@example.com"));
  expect(beside.code).toBe(0);
  const { workspace_id, api_key } = JSON.parse(beside.out);
  expect(workspace_id).toMatch(/^[0-9a-f-]{36}$/);
  process.kill(first.pid, "SIGKILL");

  const second = await startProgram({ dataDir: folder.path });
  const session = await fetch(`${second.url}/api/v1/leads?limit=1`, {
    headers: { authorization: `Bearer ${api_key}` },
  });
  expect(session.status).toBe(200);
  expect(await second.stop()).toBe(0);
  folder.remove();
});

test("the screen says where to go, where the data is and how to stop", async () => {
  const folder = temporaryFolder();
  const program = await startProgram({ dataDir: folder.path });
  await expect.poll(() => program.screen()).toContain(`Open  ${program.url}`);
  expect(program.screen()).toContain(`Data  ${folder.path}`);
  expect(program.screen()).toContain("Stop  Ctrl-C");
  const { port } = new URL(program.url);
  const again = await runCommand(folder.path, ["all"], { PORT: port, HOST: "127.0.0.1" });
  expect(again).toMatchObject({ code: 1, error: expect.stringContaining(`Port ${port} is in use`) });
  expect(await program.stop()).toBe(0);
  folder.remove();
});

test("help is for strangers, and mistakes are answered in a sentence", async () => {
  const folder = temporaryFolder();
  const help = await runCommand(folder.path, ["--help"]);
  expect(help.code).toBe(0);
  expect(help.out).toContain("workspace create");
  expect(help.out).toContain("BELLWETHER_DATA");
  expect(await runCommand(folder.path, ["dance"])).toMatchObject({
    code: 2,
    error: expect.stringContaining("There is no command “dance”"),
  });
  expect(await runCommand(folder.path, ["workspace", "create"])).toMatchObject({
    code: 1,
    error: expect.stringMatching(/^Missing: --name, --email, --password/),
  });
  folder.remove();
});
