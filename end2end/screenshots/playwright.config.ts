// Pictures of the pages: four ways to look at the same store, one after the other.
import { devices, type PlaywrightTestConfig } from "@playwright/test";
import tests from "../playwright.config";

const phone = { ...devices["Pixel 7"], deviceScaleFactor: 2, launchOptions: tests.use?.launchOptions };
const desk = { viewport: { width: 1280, height: 800 } };

export default {
  ...tests,
  testDir: ".",
  testMatch: "pages.ts",
  timeout: 180_000,
  use: { ...tests.use, contextOptions: { reducedMotion: "reduce" } },
  projects: [
    { name: "desk-light", use: { ...desk, colorScheme: "light" } },
    { name: "desk-dark", use: { ...desk, colorScheme: "dark" } },
    { name: "phone-light", use: { ...phone, colorScheme: "light" } },
    { name: "phone-dark", use: { ...phone, colorScheme: "dark" } },
  ],
} satisfies PlaywrightTestConfig;
