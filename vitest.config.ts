import { defineConfig, type ViteUserConfig } from "vitest/config";
import { SummaryReporter } from "./test/support/summary-reporter.ts";

const config: ViteUserConfig = defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/support/global-setup.ts"],
    reporters: ["default", new SummaryReporter()],
    // Tests start processes and servers: each file in a process of its own, with time for a busy machine.
    pool: "forks",
    testTimeout: 900_000,
    hookTimeout: 900_000,
  },
});

export default config;
