// Languages: who gets which, how one chooses another, and that a page in German is German to its last word.
import AxeBuilder from "@axe-core/playwright";
import { expect, test, type Page } from "@playwright/test";
import { fleet, linkMailedTo, until } from "./fleet";
import { Person, PASSWORD } from "./person";
import { arrive, buy, newCard } from "./stage";
import { Tour } from "./tour";

const scripted = () => test.info().project.use.javaScriptEnabled !== false;
const YEAR_SECONDS = 365 * 24 * 3600;
/** Words that no page in German has any use for. */
const ENGLISH = /\b(the|you|your|and|is|are|of|with|card|cards|price|back|sign|for|from|all|to|new)\b/i;

async function speakGerman(who: Person) {
  await who.page.context().addCookies([{ name: "language", value: "de", url: fleet().url }]);
}

const languageOf = (page: Page) => page.locator("html").getAttribute("lang");

test("who chooses a language gets it from there on, where they were, until they choose another", async ({ browser }) => {
  const person = await arrive(browser, scripted());
  const { page } = person;
  await person.go("/?q=moon&sort=cheapest");
  expect(await languageOf(page)).toBe("en");
  await person.press("Deutsch");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Markt");
  await person.ready();
  expect(await languageOf(page)).toBe("de");
  expect(new URL(page.url()).search).toBe("?q=moon&sort=cheapest");
  await expect(page.getByRole("searchbox", { name: "Den Markt durchsuchen" })).toHaveValue("moon");
  const [cookie] = await page.context().cookies();
  expect(cookie).toMatchObject({ name: "language", value: "de", sameSite: "Lax", httpOnly: true, path: "/" });
  expect(Math.abs(cookie.expires - Date.now() / 1000 - YEAR_SECONDS)).toBeLessThan(600);
  await page.getByRole("link", { name: "Anmelden" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Anmelden");
  await expect(page).toHaveTitle("Anmelden · CardStore");
  await person.go("/register");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Lege dein Konto an");
  await person.press("English");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Create your account");
  expect(await languageOf(page)).toBe("en");
  expect(person.troubles).toEqual([]);
});

test("whose browser asks for German registers, activates and signs in without a word of English", async ({ browser }) => {
  const context = await browser.newContext({ locale: "de-AT" });
  const person = await Person.arrive(context, scripted(), fleet().url, "g");
  const { page } = person;
  await person.go("/register");
  await page.getByLabel("Benutzername").fill("1");
  await person.press("Konto anlegen");
  await expect(page.locator("#username-error")).toHaveText(/^Wähle einen Benutzernamen aus 3 bis 24 Buchstaben/);
  await expect(page.locator("#password-error")).toHaveText("Nimm mindestens 8 Zeichen.");
  await page.getByLabel("Benutzername").fill(person.name);
  await page.getByLabel("E-Mail-Adresse").fill(person.email);
  await page.getByLabel("Passwort").fill(PASSWORD);
  await person.press("Konto anlegen");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Sieh in deine E-Mails");
  const link = new URL(await until("the activation mail", () => linkMailedTo(person.email)));
  await person.go(link.pathname + link.search);
  await expect(page.getByText("Ein Klick, und 100,00 gehören dir.")).toBeVisible();
  await person.press("Mein Konto aktivieren");
  await expect(page.getByText("Dein Konto ist aktiv und hat ein Guthaben von 100,00.")).toBeVisible();
  await page.getByLabel("Benutzername oder E-Mail-Adresse").fill(person.name);
  await page.getByLabel("Passwort").fill(PASSWORD);
  await person.press("Anmelden");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Meine Karten");
  await expect(page.getByTestId("dashboard-balance")).toHaveText("100,00");
  expect(person.troubles).toEqual([]);
});

test("amounts, days and refusals are written as Germans write them, and so may prices be", async ({ browser }) => {
  const person = await arrive(browser, scripted());
  await person.settle();
  const card = await newCard(person, "12.50");
  await speakGerman(person);
  const { page } = person;
  await person.go(`/cards/${card.id}`);
  await expect(page.locator(".big-price")).toHaveText("12,50");
  await person.go(`/cards/${card.id}/sell`);
  await expect(page.getByLabel("Neuer Preis")).toHaveValue("12,50");
  await page.getByLabel("Neuer Preis").fill("1,005");
  await person.press("Preis ändern");
  await expect(page.locator("#price-error")).toHaveText("Gib einen Preis wie 12,50 ein, mit höchstens zwei Nachkommastellen.");
  await expect(page.getByLabel("Neuer Preis")).toHaveValue("1,005");
  await page.getByLabel("Neuer Preis").fill("1.234,50");
  await person.press("Preis ändern");
  await expect(page.getByRole("status").filter({ hasText: "Der neue Preis ist auf dem Markt." })).toBeVisible();
  await expect(person.tile(card.name)).toContainText("für 1.234,50 zu verkaufen");
  await person.go("/activity");
  const today = new Intl.DateTimeFormat("de", { dateStyle: "long", timeZone: "UTC" }).format(Date.now());
  await expect(page.getByRole("heading", { level: 2 }).first()).toHaveText(today);
  await expect(page.locator(".amounts").first()).toContainText("+100,00");
  expect(person.troubles).toEqual([]);
});

test("what happens meanwhile is told in the language of the page (needs script)", async ({ browser }) => {
  const [seller, buyer] = [await arrive(browser, true, "s"), await arrive(browser, true, "b")];
  for (const person of [seller, buyer]) await person.settle();
  const card = await newCard(seller, "3.00");
  await speakGerman(seller);
  await seller.go("/dashboard");
  await buy(buyer, seller, card.id);
  await expect(seller.page.getByRole("status").filter({ hasText: `Verkauft: „${card.name}“ für 3,00` })).toBeVisible();
  await expect(seller.page.getByTestId("dashboard-balance")).toHaveText("103,00");
  expect(seller.troubles).toEqual([]);
});

test("strangers share a rendering with those who read the same language only", async ({ request }) => {
  const card = `/?seller=nobody${Date.now()}`;
  for (const { url } of fleet().nodes) {
    for (const asked of [0, 1]) {
      for (const [lang, headers] of [
        ["de", { "accept-language": "de-CH,de;q=0.9,en;q=0.5" }], ["en", { "accept-language": "en-GB,en;q=0.9,de;q=0.8" }],
        ["de", { "accept-language": "en", cookie: "language=de" }], ["en", { "accept-language": "de", cookie: "language=en" }],
        ["en", { "accept-language": "tlh" }], ["en", {}],
      ] as [string, Record<string, string>][]) {
        const answer = await request.get(url + card, { headers });
        const page = await answer.text();
        expect(page, `${asked} ${JSON.stringify(headers)}`).toContain(`<html lang="${lang}">`);
        expect(page).toContain(lang === "de" ? "Hier ist nichts" : "Nothing here");
        expect(answer.headers().vary.toLowerCase()).toContain("accept-language");
        expect(answer.headers().vary.toLowerCase()).toContain("cookie");
      }
    }
  }
  const login = await request.get("/login", { headers: { "accept-language": "de" } });
  expect(await login.text()).toContain("Passwort vergessen?");
  expect(login.headers().vary.toLowerCase()).toContain("accept-language");
});

test("choosing leads to no other site and sets no cookie for what is no language", async ({ request }) => {
  const choose = (language: string, referer: string) => request.post("/language", {
    form: { language }, headers: { origin: fleet().url, referer }, maxRedirects: 0,
  });
  const chosen = await choose("de", `${fleet().url}//evil.example/`);
  expect([chosen.status(), chosen.headers().location]).toEqual([303, "/"]);
  expect(chosen.headers()["set-cookie"]).toMatch(/^language=de;.*SameSite=Lax/);
  const rubbish = await choose("de; Domain=evil.example", `${fleet().url}/login`);
  expect(rubbish.headers().location).toBe("/login");
  expect(rubbish.headers()["set-cookie"]).toBeUndefined();
  expect((await request.post("/language", { form: { language: "de" }, headers: { origin: "https://evil.example" } })).status()).toBe(403);
});

test("every page is German to its last word, fits a window of 320 pixels, and axe finds nothing (needs script)", async ({ browser }) => {
  test.setTimeout(300_000);
  const tour = await Tour.prepare(browser, true, { reducedMotion: "reduce" });
  const found: string[] = [];
  for (const { what, who, path } of tour.stops.filter(stop => !stop.act)) {
    await speakGerman(who);
    await who.go(path);
    const { page } = who;
    const complain = (trouble: string) => found.push(`${what}: ${trouble}`);
    if (await languageOf(page) !== "de") complain("is not in German");
    const words = await page.evaluate(() => {
      const said = [document.title, document.body.innerText];
      for (const name of ["aria-label", "placeholder", "title"]) {
        for (const it of document.querySelectorAll(`[${name}]`)) said.push(it.getAttribute(name)!);
      }
      return said.flatMap(text => text.split("\n"));
    });
    for (const line of words.filter(line => ENGLISH.test(line))) complain(`says ${line}`);
    const { violations } = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]).analyze();
    for (const { id, nodes } of violations) complain(`${id}: ${nodes.map(node => node.html).join(" ")}`);
    await page.setViewportSize({ width: 320, height: 640 });
    for (const spacing of ["", "* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }"]) {
      const width = await page.evaluate(css => {
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(css);
        document.adoptedStyleSheets = [sheet];
        return document.documentElement.scrollWidth;
      }, spacing);
      if (width > 320) complain(`is ${width} pixels wide ${spacing && "with wide spacing"}`);
    }
    await page.setViewportSize({ width: 1280, height: 720 });
  }
  await tour.end();
  expect(found).toEqual([]);
});
