// What Lighthouse says of market, card and dashboard on its throttled phone, against a fleet with the demo's people.
//
//   npm --prefix end2end/measure install --no-package-lock
//   CARDSTORE_FLEET=.fleet/fleet.json npm --prefix end2end/measure run lighthouse
//
// Fails when a page falls short: performance 95, everything else 100, the largest paint within 2.0 s, no more than 0.02
// of shifting layout. Wants a quiet machine.
import { readFileSync } from "node:fs";
import { launch } from "chrome-launcher";
import lighthouse from "lighthouse";

const WANTED = { performance: 95, accessibility: 100, "best-practices": 100, seo: 100 };
const MOST = { "largest-contentful-paint": 2000, "cumulative-layout-shift": 0.02 };
/** What the budgets of the store name, and what explains a score that falls short. */
const FIGURES = ["first-contentful-paint", "largest-contentful-paint", "total-blocking-time", "cumulative-layout-shift", "speed-index", "total-byte-weight"];
const root = new URL("../../", import.meta.url);
const { url } = JSON.parse(readFileSync(new URL(process.env.CARDSTORE_FLEET, root), "utf8"));
const port = 0;

async function signIn() {
  const answer = await fetch(`${url}/api/sign_in`, {
    method: "POST", headers: { origin: url }, body: new URLSearchParams({ username: "mira", password: "demo-password", next: "" }),
  });
  if (!answer.ok) throw new Error(`nobody of the demo is here: ${answer.status}; start the fleet with --demo`);
  return answer.headers.getSetCookie()[0].split(";")[0];
}

const { tiles } = await (await fetch(`${url}/api/market`)).json();
const pages = [["market", "/"], ["card", `/cards/${tiles[0].id}`], ["dashboard", "/dashboard", await signIn()]];
const chrome = await launch({
  port, chromePath: process.env.CHROME_PATH ?? process.env.CARDSTORE_BROWSER,
  chromeFlags: ["--headless=new", "--disable-gpu", ...(process.getuid?.() === 0 ? ["--no-sandbox"] : [])],
});
let fine = true;
for (const [name, path, cookie] of pages) {
  const { lhr } = await lighthouse(url + path, {
    port: chrome.port, logLevel: "error", formFactor: "mobile", onlyCategories: Object.keys(WANTED),
    extraHeaders: cookie && { cookie }, disableStorageReset: true,
  });
  const scores = Object.keys(WANTED).map(category => [category, Math.round(lhr.categories[category].score * 100)]);
  console.log(`${name}: ${scores.map(([category, score]) => `${category} ${score}`).join(", ")}`);
  console.log(`  ${FIGURES.map(figure => `${figure} ${lhr.audits[figure].displayValue || lhr.audits[figure].numericValue}`).join(", ")}`);
  for (const [category, score] of scores) {
    if (score >= WANTED[category]) continue;
    fine = false;
    for (const { id, weight } of lhr.categories[category].auditRefs) {
      const { score, title, displayValue = "", details } = lhr.audits[id];
      if (weight && score !== null && score < 1) console.log(`  ${category}: ${title} ${displayValue} ${(details?.items ?? []).slice(0, 3).map(it => it.node?.snippet ?? it.url ?? it.description ?? "").join(" ")}`);
    }
  }
  for (const [figure, most] of Object.entries(MOST)) {
    if (lhr.audits[figure].numericValue <= most) continue;
    fine = false;
    console.log(`  ${figure}: ${lhr.audits[figure].numericValue} is more than ${most}`);
  }
  for (const { title, displayValue = "", score, details } of Object.values(lhr.audits)) {
    if (details?.type === "opportunity" && score !== null && score < 0.9) console.log(`  could gain: ${title} ${displayValue}`);
  }
}
await chrome.kill();
process.exitCode = fine ? 0 : 1;
