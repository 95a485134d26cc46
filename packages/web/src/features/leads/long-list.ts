/**
 * For a list that may be longer than its box: the listbox itself scrolls. Mantine's own scroll area
 * is a box around it that the keyboard can't reach, which screen readers' users would miss.
 */
export function longList(height_max: number) {
  return {
    withScrollArea: false,
    styles: { options: { maxHeight: height_max, overflowY: "auto" as const } },
  };
}
