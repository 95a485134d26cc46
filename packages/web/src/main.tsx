import "@fontsource-variable/inter/wght.css";
// In a layer, so that our own rules win whatever order the chunks' style sheets arrive in.
import "@mantine/core/styles.layer.css";
import "@mantine/notifications/styles.layer.css";
import "./theme.css";
import { MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { queryClient } from "./api.ts";
import { router } from "./routes.tsx";
import { cssVariables, theme } from "./theme.ts";

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root");

// After an upgrade an open tab asks for files that are gone: loading the page anew gets the new ones. Once, not for ever.
window.addEventListener("vite:preloadError", () => {
  const last = Number(sessionStorage.getItem("reloaded_at") ?? 0);
  if (Date.now() - last > 60_000) {
    sessionStorage.setItem("reloaded_at", String(Date.now()));
    location.reload();
  }
});

createRoot(root).render(
  <StrictMode>
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
      <QueryClientProvider client={queryClient}>
        <Notifications position="bottom-center" limit={5} autoClose={5000} />
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
