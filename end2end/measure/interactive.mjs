// When pages are painted, and when they answer in place, on a throttled phone.
//
//   node end2end/measure/interactive.mjs http://localhost:8080 '[["market", "/"], ["dashboard", "/dashboard", "cookie=value"]]'
//
// Says the milliseconds of every visit, as JSON. Each is the first of a browser that has nothing of the store yet.
import { createRequire } from "node:module";

// The runner of the tests, which brings the browser along.
const { chromium, devices } = createRequire(new URL("../package.json", import.meta.url))("@playwright/test");

/** Lighthouse's slow 4G, and a processor that is four times slower. */
const LINE = { offline: false, latency: 150, downloadThroughput: (1_638_400 / 8) * 0.9, uploadThroughput: (675_000 / 8) * 0.9 };
const SLOWER = 4;
const VISITS = 5;

const [base, pages] = [process.argv[2], JSON.parse(process.argv[3])];
const args = ["--disable-gpu", "--disable-quic", ...(process.getuid?.() === 0 ? ["--no-sandbox"] : [])];
const browser = await chromium.launch({ executablePath: process.env.CARDSTORE_BROWSER, args });

async function visit(path, cookie) {
  const context = await browser.newContext({ ...devices["Pixel 7"], extraHTTPHeaders: cookie ? { cookie } : {} });
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send("Network.enable");
  await session.send("Network.emulateNetworkConditions", LINE);
  await session.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
  // The page says so on its root element once it answers in place.
  await page.addInitScript(() => {
    new MutationObserver((_, observer) => {
      if (!document.documentElement?.hasAttribute("data-ready")) return;
      window.readyAt = performance.now();
      observer.disconnect();
    }).observe(document, { subtree: true, attributes: true, attributeFilter: ["data-ready"] });
  });
  await page.goto(new URL(path, base).href, { waitUntil: "commit" });
  await page.waitForFunction(() => window.readyAt, null, { timeout: 60_000 });
  const times = await page.evaluate(() => ({
    painted_ms: performance.getEntriesByName("first-contentful-paint")[0].startTime,
    ready_ms: window.readyAt,
  }));
  await context.close();
  return times;
}

const told = [];
for (const [name, path, cookie] of pages) {
  const visits = [];
  for (let count = 0; count < VISITS; count += 1) visits.push(await visit(path, cookie));
  told.push({ name, painted_ms: visits.map(it => it.painted_ms), ready_ms: visits.map(it => it.ready_ms) });
}
await browser.close();
console.log(JSON.stringify(told));
