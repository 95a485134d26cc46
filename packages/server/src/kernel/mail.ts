import { createTransport } from "nodemailer";
import * as z from "zod";
import type { Config } from "./config.ts";
import type { Ctx } from "./db.ts";
import { defineJob, enqueue, type Job } from "./jobs.ts";

const Message = z.object({ to: z.string(), subject: z.string(), text: z.string() });
export type Message = z.infer<typeof Message>;

/** Mail that Bellwether itself sends: password links, invitations. Without a mail server `ready` is false and links are shown instead. */
export interface Mailer {
  ready: boolean;
  /** Leaves with the caller's transaction, as a job: no request waits on a mail server. */
  send: (ctx: Ctx, message: Message) => Promise<void>;
  jobs: Job<Message>[];
}

export function createMailer(config: Pick<Config, "smtpUrl" | "mailFrom">): Mailer {
  const { smtpUrl } = config;
  const transport = smtpUrl === undefined ? null : createTransport(smtpUrl);
  const sendMail = defineJob({
    name: "mail.send",
    input: Message,
    // Half a day: there are addresses that nobody will ever have.
    attempts_max: 10,
    run: async (_ctx, message) => {
      if (transport === null) {
        throw new Error("SMTP_URL is not set any more; the message waits until it is");
      }
      await transport.sendMail({ from: config.mailFrom, ...message });
    },
  });
  return {
    ready: transport !== null,
    send: (ctx, message) => enqueue(ctx, sendMail, message),
    jobs: [sendMail],
  };
}
