import type { ImportOptions } from "@bellwether/contracts/imports";
import { Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { api } from "../../api.ts";

interface Props {
  options: ImportOptions;
  change: (to: Partial<ImportOptions>) => void;
}

/** A static segment for all leads of the file, those that were there before too. */
export function IntoSegment({ options, change }: Props) {
  const segments = useQuery(api.segments.names.queryOptions());
  const open = (segments.data?.data ?? []).filter(
    ({ type, state }) => type === "static" && state === "active",
  );
  if (open.length === 0) return null;
  return (
    <Select
      mt="md"
      maw={380}
      label="Static segment"
      description="All leads of the file are put into it, those that exist already too."
      placeholder="None"
      data={open.map(({ id, name }) => ({ value: id, label: name }))}
      value={options.segment_id}
      searchable={open.length > 7}
      clearable
      clearButtonProps={{ "aria-label": "No segment" }}
      onChange={(segment_id) => change({ segment_id })}
    />
  );
}
