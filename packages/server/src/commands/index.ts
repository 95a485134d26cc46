type Command = (args: string[]) => Promise<void>;

/** Each is loaded when it is called: “migrate” needn't wait for the web server's code. */
export const commands = {
  all: async (): Promise<Command> => (await import("./run.ts")).all,
  serve: async (): Promise<Command> => (await import("./run.ts")).serve,
  work: async (): Promise<Command> => (await import("./run.ts")).work,
  migrate: async (): Promise<Command> => (await import("./migrate.ts")).migrateCommand,
  "workspace create": async (): Promise<Command> => (await import("./workspace.ts")).createWorkspaceCommand,
  import: async (): Promise<Command> => (await import("./import.ts")).importCommand,
  demo: async (): Promise<Command> => (await import("./demo.ts")).demoCommand,
};

export type CommandName = keyof typeof commands;
