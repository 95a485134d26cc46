import { Modal } from "@mantine/core";
import { Kbd, mod_key } from "../../ui/index.ts";
import css from "./palette.module.css";

const groups: { title: string; keys: [string[], string][] }[] = [
  {
    title: "Everywhere",
    keys: [
      [[mod_key, "k"], "Find a lead, go to a page, do something"],
      [["Esc"], "Close what is on top"],
      [["?"], "This sheet"],
    ],
  },
  {
    title: "On the leads page",
    keys: [
      [["/"], "Search"],
      [["f"], "Add a filter"],
      [["c"], "New lead"],
      [["Alt", "← →"], "Move a view, on its tab"],
    ],
  },
  {
    title: "In the list",
    keys: [
      [["j", "k"], "Next, previous lead"],
      [["↑", "↓", "←", "→"], "Move between cells"],
      [["Enter"], "Open the lead; in a cell, edit it"],
      [["o"], "Open the lead from any cell"],
      [[mod_key, "Enter"], "Open the lead’s page"],
      [["e"], "Edit the cell"],
      [["x"], "Choose the lead"],
      [["Shift", "↑", "↓"], "Choose a range"],
      [[mod_key, "a"], "Choose what is loaded"],
      [[mod_key, "z"], "Undo the last move or bulk change"],
      [["Enter"], "Sort by a column, on its header"],
      [["Shift", "Enter"], "Sort by a second or third column as well"],
      [["Alt", "← →"], "Resize a column, on its header"],
    ],
  },
  {
    title: "On the board",
    keys: [
      [["↑", "↓", "←", "→"], "Move between cards"],
      [["Space"], "Lift the card; drop it"],
      [["←", "→"], "Carry a lifted card to another stage"],
      [["Esc"], "Put it back"],
      [["m"], "Move to a stage by a menu"],
      [["Enter"], "Open the lead"],
      [["x"], "Choose the card"],
    ],
  },
  {
    title: "On the segments page",
    keys: [
      [["/"], "Search"],
      [["c"], "New segment"],
      [["j", "k"], "Next, previous segment"],
    ],
  },
  {
    title: "While a lead is open",
    keys: [[["Ctrl", "← →"], "Previous, next lead of the list"]],
  },
];

/** Every key there is, in one place. */
export function Shortcuts({ opened, close }: { opened: boolean; close: () => void }) {
  return (
    <Modal opened={opened} onClose={close} title="Keyboard shortcuts" centered>
      {groups.map(({ title, keys }) => (
        <section key={title} className={css.keys}>
          <h3>{title}</h3>
          <dl>
            {keys.map(([caps, does]) => (
              <div key={does}>
                <dt>
                  {caps.map((cap) => (
                    <Kbd key={cap}>{cap}</Kbd>
                  ))}
                </dt>
                <dd>{does}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </Modal>
  );
}
