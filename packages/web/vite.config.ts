import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const api = process.env["BELLWETHER_API"] ?? "http://localhost:3000";

export default defineConfig({
  plugins: [react()],
  server: { port: 5173, proxy: { "/api": { target: api, changeOrigin: false } } },
  build: {
    outDir: "dist",
    // The content security policy allows no data: fonts, and an inlined asset is one that no cache shares.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        // zod tries `new Function` while its schemas are made, which the content security policy refuses and reports.
        // Said at the top of each chunk, because imports run before any statement of ours could say it.
        banner: "globalThis.__zod_globalConfig ??= { jitless: true };",
      },
    },
  },
});
