import type { Stage } from "@bellwether/contracts/pipeline";
import { stages_max } from "@bellwether/contracts/pipeline";
import { Button, Menu } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, client } from "../../api.ts";
import { useMay } from "../../session.tsx";
import { ErrorState, PageHeader, SkeletonRows, StageBadge } from "../../ui/index.ts";
import { LostReasons } from "./LostReasons.tsx";
import { menu_icon, OrderedList, RowMenu } from "./OrderedList.tsx";
import { RemoveStage } from "./RemoveStage.tsx";
import css from "./settings.module.css";
import { StageDrawer } from "./StageDrawer.tsx";
import { askable, kindWords, readStages, stageWords } from "./stages.ts";

type Open = { kind: "create" } | { kind: "edit" | "remove"; stage: Stage } | null;

/** The stages as the workspace words them, what each asks for, and why leads are lost. */
export function PipelinePage() {
  const may_write = useMay("settings:write");
  const stages = useQuery(api.stages.list.queryOptions());
  const [open, setOpen] = useState<Open>(null);
  const close = () => setOpen(null);
  const all = stages.data?.data ?? [];
  return (
    <>
      <PageHeader
        title="Pipeline"
        lead={
          may_write
            ? "The stages a lead goes through. Their order here is their order everywhere."
            : "Only admins change the stages. Ask an admin of this workspace for another one."
        }
        actions={
          may_write &&
          all.length > 0 && (
            <Button disabled={all.length >= stages_max} onClick={() => setOpen({ kind: "create" })}>
              New stage
            </Button>
          )
        }
      />
      {stages.isPending && <SkeletonRows rows={8} height={52} />}
      {stages.isError && <ErrorState error={stages.error} retry={() => void stages.refetch()} />}
      <StageList
        stages={all}
        may_write={may_write}
        edit={(stage) => setOpen({ kind: "edit", stage })}
        remove={(stage) => setOpen({ kind: "remove", stage })}
      />
      {stages.isSuccess && <LostReasons />}
      <StageDrawer
        opened={open?.kind === "create" || open?.kind === "edit"}
        stage={open?.kind === "edit" ? open.stage : null}
        close={close}
      />
      <RemoveStage stage={open?.kind === "remove" ? open.stage : null} stages={all} close={close} />
    </>
  );
}

interface ListProps {
  stages: Stage[];
  may_write: boolean;
  edit: (stage: Stage) => void;
  remove: (stage: Stage) => void;
}

function StageList({ stages, may_write, edit, remove }: ListProps) {
  const fields = useQuery(api.fields.list.queryOptions({ input: {} }));
  const labels = new Map(askable(fields.data?.data ?? []).map(({ value, label }) => [value, label]));
  return (
    <OrderedList
      label="Stages in their order"
      items={stages}
      nameOf={(stage) => stage.name}
      may_write={may_write}
      send={async (keys, was) => {
        try {
          await client.stages.order({ keys, was });
        } finally {
          // When somebody else was faster, what they made of it is shown.
          await readStages();
        }
      }}
    >
      {(stage, steps) => (
        <>
          <div className={css.grow}>
            <div className={css.name}>
              <StageBadge stage={stage} />
            </div>
            <div className={css.sub}>{stageWords(stage, labels)}</div>
          </div>
          <div className={css.kind}>{kindWords[stage.kind].label}</div>
          {may_write && (
            <RowMenu name={stage.name} edit={() => edit(stage)} {...steps}>
              <Menu.Item leftSection={<IconTrash {...menu_icon} />} onClick={() => remove(stage)}>
                Remove…
              </Menu.Item>
            </RowMenu>
          )}
        </>
      )}
    </OrderedList>
  );
}
