import { defineConfig } from "vite";

export default defineConfig({
  esbuild: { jsx: "automatic", jsxImportSource: "preact" },
  build: { sourcemap: "hidden" }, // beside the build for ourselves; left out of what is served
});
