import { defineConfig } from "vite";

// Nothing is put into the page that a strict policy would have to allow: no inline code, no `data:` URLs.
export default defineConfig({
  base: "./",
  build: {
    target: "es2023",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  worker: { format: "es" },
});
