import { defineConfig, devices } from "@playwright/test";
import { fleet } from "./tests/fleet";

// A browser that the machine has is used; elsewhere Playwright's own. As root Chromium has no sandbox.
const executablePath = process.env.CARDSTORE_BROWSER;
const args = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync"];
if (process.getuid?.() === 0) args.push("--no-sandbox");

export default defineConfig({
  testDir: "tests",
  // One fleet, and tests that kill its nodes: one at a time.
  workers: 1,
  fullyParallel: false,
  forbidOnly: !!process.env.CI,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  use: {
    ...devices["Desktop Chrome"],
    baseURL: fleet().url,
    launchOptions: { executablePath, args },
    // A trace fetches what the page shows, which the policy of the pages rightly refuses.
    screenshot: "only-on-failure",
  },
  projects: [
    { name: "script on" },
    { name: "script off", use: { javaScriptEnabled: false }, grepInvert: /needs script/ },
    { name: "phone", use: { ...devices["Pixel 7"], launchOptions: { executablePath, args } }, grep: /acceptance|main job|focus/ },
  ],
});
