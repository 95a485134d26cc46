import { Button, Checkbox } from "@mantine/core";
import type { Binned } from "@bellwether/contracts/bin";
import { Avatar, RelativeTime } from "../../../ui/index.ts";
import { leadName } from "../model/columns.ts";
import css from "./bin.module.css";
import { daysLeft, leftWords, soon_days } from "./words.ts";

interface Props {
  lead: Binned;
  chosen: boolean;
  choose: (on: boolean, range: boolean) => void;
  restore: () => void;
  busy: boolean;
}

export function BinRow({ lead, chosen, choose, restore, busy }: Props) {
  const name = leadName(lead);
  const known = [lead.email, lead.phone, lead.company].filter((each) => each !== null && each !== name);
  const left = daysLeft(lead.erased_on, Date.now());
  return (
    <li className={css.row} data-chosen={chosen || undefined}>
      <Checkbox
        aria-label={`Choose ${name}`}
        checked={chosen}
        onChange={(event) => {
          const { nativeEvent } = event;
          choose(event.currentTarget.checked, nativeEvent instanceof MouseEvent && nativeEvent.shiftKey);
        }}
      />
      <Avatar name={name} src={lead.avatar_url} size={30} />
      <div className={css.who}>
        <div className={css.name}>{name}</div>
        {known.length > 0 && <div className={css.sub}>{known.slice(0, 2).join(" · ")}</div>}
      </div>
      <div className={css.when}>
        <div>
          {lead.deleted_by ? `Deleted by ${lead.deleted_by.name}` : "Deleted"}{" "}
          <RelativeTime at={lead.deleted_at} />
        </div>
        <div className={css.left} data-soon={left <= soon_days || undefined}>
          {leftWords(left)}
        </div>
      </div>
      <Button
        size="compact-sm"
        variant="default"
        disabled={busy}
        onClick={restore}
        aria-label={`Restore ${name}`}
      >
        Restore
      </Button>
    </li>
  );
}
