import { Select, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../../api.ts";
import { useSession } from "../../session.tsx";
import css from "./reports.module.css";
import { daysOf, isPeriod, periods, type ReportSearch } from "./search.ts";

interface Props {
  search: ReportSearch;
  change: (to: Partial<ReportSearch>) => void;
  today: string;
  fault: string | null;
}

export function Filters({ search, change, today, fault }: Props) {
  const days = daysOf(search, today);
  const setPeriod = (value: string | null) => {
    if (!isPeriod(value)) return;
    // Other days begin with those that are shown, to be changed.
    change(value === "custom" ? { period: value, ...days } : { period: value, from: "", to: "" });
  };
  return (
    <div className={css.filters} role="group" aria-label="Filters">
      <Select
        label="Period"
        data={[...periods]}
        value={search.period}
        onChange={setPeriod}
        allowDeselect={false}
        withScrollArea={false}
      />
      {search.period === "custom" && (
        <>
          <TextInput
            label="From"
            type="date"
            value={search.from}
            onChange={(event) => change({ from: event.currentTarget.value })}
          />
          <TextInput
            label="To"
            type="date"
            value={search.to}
            error={fault}
            onChange={(event) => change({ to: event.currentTarget.value })}
          />
        </>
      )}
      <OwnerSelect search={search} change={change} />
      <SourceSelect search={search} change={change} today={today} />
    </div>
  );
}

function OwnerSelect({ search, change }: Pick<Props, "search" | "change">) {
  const { role } = useSession();
  const members = useQuery(
    api.identity.members.list.queryOptions({ staleTime: 5 * 60_000, enabled: role !== "agent" }),
  ).data?.data;
  if (role === "agent") return null;
  const choices = [
    { value: "none", label: "Nobody" },
    ...(members ?? []).map((member) => ({ value: member.id, label: member.name })),
  ];
  const { owner } = search;
  const unknown = members !== undefined && owner !== null && choices.every(({ value }) => value !== owner);
  return (
    <Select
      label="Owner"
      placeholder="Everybody"
      data={unknown ? [...choices, { value: owner, label: "Somebody who left" }] : choices}
      value={owner}
      onChange={(value) => change({ owner: value })}
      clearable
      searchable
      nothingFoundMessage="Nobody of that name"
      {...scrolled}
    />
  );
}

/** Sources by how many leads they have; asked for when somebody looks. Their values begin with a sign, since none may be empty. */
function SourceSelect({ search, change, today }: Pick<Props, "search" | "change" | "today">) {
  const [opened, setOpened] = useState(false);
  const { data, isFetching } = useQuery(
    api.reports.pipeline.queryOptions({
      input: { from: today, to: today, by: "source" },
      enabled: opened,
      staleTime: 5 * 60_000,
    }),
  );
  const { source } = search;
  const known = (data?.groups ?? []).map((group) => group.key ?? "");
  const all = source === null || known.includes(source) ? known : [source, ...known];
  return (
    <Select
      label="Source"
      placeholder="Any"
      data={all.map((each) => ({ value: `=${each}`, label: each === "" ? "Without a source" : each }))}
      value={source === null ? null : `=${source}`}
      onChange={(value) => change({ source: value === null ? null : value.slice(1) })}
      onDropdownOpen={() => setOpened(true)}
      clearable
      searchable
      limit={200}
      nothingFoundMessage={isFetching ? "Looking…" : "No such source"}
      {...scrolled}
    />
  );
}

const scrolled = {
  withScrollArea: false,
  styles: { dropdown: { maxHeight: 320, overflowY: "auto" } },
} as const;
