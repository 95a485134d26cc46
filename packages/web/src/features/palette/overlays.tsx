import { NewLead } from "../leads/index.ts";
import { showOverlay, useOverlay } from "../../overlay.ts";
import { Palette } from "./palette.tsx";
import { Shortcuts } from "./shortcuts.tsx";

const close = () => showOverlay(null);

/** The palette, the sheet of shortcuts and the form for a new lead, over whatever page one is on. */
export function Overlays() {
  const shown = useOverlay();
  return (
    <>
      <Palette opened={shown === "palette"} close={close} />
      <Shortcuts opened={shown === "shortcuts"} close={close} />
      {shown === "new_lead" && <NewLead close={close} />}
    </>
  );
}
