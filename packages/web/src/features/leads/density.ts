import { useLocalStorage } from "@mantine/hooks";

/** Low rows, for whoever wants more of them in sight. Kept in this browser, since it is a matter of its screen. */
export function useCompactRows(): [boolean, (compact: boolean) => void] {
  const [compact, setCompact] = useLocalStorage({
    key: "bellwether.compact_rows",
    defaultValue: false,
    getInitialValueInEffect: false,
  });
  return [compact, setCompact];
}
