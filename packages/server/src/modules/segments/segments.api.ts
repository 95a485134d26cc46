import type { contract } from "@bellwether/contracts";
import { type Implementation, tenant } from "../../kernel/http.ts";
import type { Work } from "./build.ts";
import { convertSegment, duplicateSegment, unconvertSegment } from "./convert.ts";
import { deleteSegment, listDeleted, restoreSegment } from "./deletion.ts";
import { explainMembership } from "./explain.ts";
import { addMembers, listMembers, removeMembers, segmentsOfLead } from "./members.ts";
import { previewRule, showImpact } from "./preview.ts";
import { createSegment, setState, updateSegment } from "./segments.ts";
import { listNames, listSegments, showGrowth, showSegment } from "./show.ts";

export function segmentsApi(work: Work): Implementation<typeof contract.segments> {
  return {
    list: tenant(listSegments),
    names: tenant(listNames),
    create: tenant((ctx, input) => createSegment(ctx, input, work)),
    preview: tenant(previewRule),
    show: tenant(showSegment),
    update: tenant((ctx, input) => updateSegment(ctx, input, work)),
    remove: tenant((ctx, input) => deleteSegment(ctx, input, work)),
    setState: tenant((ctx, input) => setState(ctx, input, work)),
    impact: tenant(showImpact),
    duplicate: tenant((ctx, input) => duplicateSegment(ctx, input, work)),
    convert: tenant((ctx, input) => convertSegment(ctx, input, work)),
    unconvert: tenant((ctx, input) => unconvertSegment(ctx, input, work)),
    deleted: tenant(listDeleted),
    restore: tenant((ctx, input) => restoreSegment(ctx, input, work)),
    growth: tenant(showGrowth),
    explain: tenant(explainMembership),
    members: {
      list: tenant(listMembers),
      add: tenant(addMembers),
      remove: tenant(removeMembers),
    },
    ofLead: tenant(segmentsOfLead),
  };
}
