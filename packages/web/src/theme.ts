import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from "@mantine/core";

const ink: MantineColorsTuple = [
  "#eef6f3",
  "#dcebe5",
  "#b6d6cc",
  "#8fc6b6",
  "#6bbfa9",
  "#359580",
  "#1f7f6b",
  "#17695a",
  "#0f5a4d",
  "#0a463c",
];
const gray: MantineColorsTuple = [
  "#f7f5f0",
  "#f2efe8",
  "#e9e5db",
  "#dcd6c9",
  "#c6bfb0",
  "#9c9484",
  "#6b655a",
  "#524d44",
  "#37342d",
  "#1e1c18",
];
const dark: MantineColorsTuple = [
  "#ece9e2",
  "#cdc8bd",
  "#aaa498",
  "#a09a8d",
  "#45413a",
  "#2d2a26",
  "#211f1c",
  "#171614",
  "#121110",
  "#0c0b0a",
];

export const theme = createTheme({
  primaryColor: "ink",
  // Shade 6 in the dark keeps white text on it at 4.9 : 1; shade 8 on paper is 7.6 : 1.
  primaryShade: { light: 8, dark: 6 },
  colors: { ink, gray, dark },
  white: "#fffefb",
  black: "#1e1c18",
  fontFamily: '"Inter Variable", system-ui, -apple-system, "Segoe UI", sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, monospace',
  headings: {
    fontWeight: "620",
    sizes: {
      h1: { fontSize: "20px", lineHeight: "28px" },
      h2: { fontSize: "16px", lineHeight: "24px" },
      h3: { fontSize: "14px", lineHeight: "20px" },
    },
  },
  fontSizes: { xs: "12px", sm: "13px", md: "14px", lg: "16px", xl: "18px" },
  spacing: { xs: "8px", sm: "12px", md: "16px", lg: "24px", xl: "32px" },
  radius: { xs: "2px", sm: "4px", md: "6px", lg: "8px", xl: "12px" },
  defaultRadius: "sm",
  respectReducedMotion: true,
  cursorType: "pointer",
  components: {
    Button: { defaultProps: { size: "sm" } },
    ActionIcon: { defaultProps: { variant: "subtle", color: "gray" } },
    TextInput: { defaultProps: { size: "sm" } },
    Modal: {
      defaultProps: {
        transitionProps: { duration: 120 },
        overlayProps: { backgroundOpacity: 0.35 },
        closeButtonProps: { "aria-label": "Close" },
      },
    },
    Drawer: {
      defaultProps: {
        transitionProps: { duration: 140 },
        overlayProps: { backgroundOpacity: 0.25 },
        closeButtonProps: { "aria-label": "Close" },
      },
    },
    Notification: { defaultProps: { closeButtonProps: { "aria-label": "Close" } } },
    Menu: { defaultProps: { transitionProps: { duration: 90 }, shadow: "md" } },
    Popover: { defaultProps: { transitionProps: { duration: 90 }, shadow: "md" } },
    Select: {
      defaultProps: { size: "sm", comboboxProps: { transitionProps: { duration: 90 }, shadow: "md" } },
    },
    Tooltip: { defaultProps: { transitionProps: { duration: 90 }, openDelay: 350 } },
    Switch: { defaultProps: { size: "sm" } },
    Checkbox: { defaultProps: { size: "sm" } },
    Loader: { defaultProps: { type: "dots", size: "sm" } },
  },
});

const words = {
  "--mantine-color-body": "var(--bw-canvas)",
  "--mantine-color-text": "var(--bw-ink)",
  "--mantine-color-dimmed": "var(--bw-ink-3)",
  "--mantine-color-placeholder": "var(--bw-ink-3)",
  "--mantine-color-anchor": "var(--bw-accent)",
  "--mantine-color-error": "var(--bw-danger)",
  "--mantine-color-default": "var(--bw-surface)",
  "--mantine-color-default-hover": "var(--bw-hover)",
  "--mantine-color-default-color": "var(--bw-ink)",
  "--mantine-color-default-border": "var(--bw-line-strong)",
  "--mantine-color-ink-light": "var(--bw-accent-soft)",
  "--mantine-color-ink-light-color": "var(--bw-accent)",
  "--mantine-color-ink-outline": "var(--bw-accent)",
  "--mantine-color-gray-light-color": "var(--bw-ink-2)",
  "--mantine-color-red-light-color": "var(--bw-danger)",
};

/**
 * Points Mantine's own words at ours, so that a Mantine part and a hand-made one never differ by a shade.
 * In both schemes, not once for all: Mantine's defaults are set by scheme and would win.
 */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {
    "--mantine-shadow-xs": "none",
    "--mantine-shadow-sm": "none",
    "--mantine-shadow-md": "var(--bw-float)",
    "--mantine-shadow-lg": "var(--bw-float)",
    "--mantine-shadow-xl": "var(--bw-float)",
  },
  light: words,
  dark: words,
});
