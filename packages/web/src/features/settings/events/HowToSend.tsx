import { Button } from "@mantine/core";
import { IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import { useState } from "react";
import { useMay } from "../../../session.tsx";
import { CopyButton, TextLink } from "../../../ui/index.ts";
import css from "../settings.module.css";
import own from "./events.module.css";
import { exampleOf } from "./model.ts";

/** For whoever writes the program that sends them. */
export function HowToSend({ open }: { open: boolean }) {
  const [opened, setOpened] = useState(open);
  const may_keys = useMay("keys:write");
  const example = exampleOf(window.location.origin);
  return (
    <section className={css.section} aria-label="Send events">
      <h2>Send events</h2>
      <p className={css.hint}>From any program, over HTTP, with an API key of at least an agent.</p>
      {!opened && (
        <Button
          variant="subtle"
          color="gray"
          size="compact-sm"
          ml={-8}
          aria-expanded={false}
          leftSection={<IconChevronRight size={14} />}
          onClick={() => setOpened(true)}
        >
          Show how
        </Button>
      )}
      {opened && (
        <>
          {!open && (
            <Button
              variant="subtle"
              color="gray"
              size="compact-sm"
              mb={8}
              ml={-8}
              aria-expanded
              leftSection={<IconChevronDown size={14} />}
              onClick={() => setOpened(false)}
            >
              Show less
            </Button>
          )}
          <div className={own.example}>
            <pre tabIndex={0} aria-label="Example request">
              {example}
            </pre>
            <CopyButton value={example} label="Copy the example" />
          </div>
          <ul className={own.facts}>
            <li>
              {may_keys ? <TextLink to="/settings/keys">Make an API key</TextLink> : "An admin makes the key"}{" "}
              and put it in place of YOUR_KEY.
            </li>
            <li>
              Whose it is: one of <code>email</code>, <code>external_id</code>, <code>anonymous_id</code> and{" "}
              <code>lead_id</code>.
            </li>
            <li>
              Up to 1,000 events a request. Each is answered for itself: accepted, duplicate, or refused with
              the reason.
            </li>
            <li>
              <code>event_id</code> is your own: sent again, the event is recorded once.
            </li>
            <li>
              <code>occurred_at</code> says when, such as <code>2026-03-15T14:30:00Z</code>; the past is fine.
              Without it: now.
            </li>
            <li>
              <code>create_leads</code> makes a lead of whoever isn’t one yet; without it, such events are
              refused.
            </li>
          </ul>
        </>
      )}
    </section>
  );
}
