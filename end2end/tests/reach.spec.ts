// Reachable by everyone: axe on every page, small windows, the keyboard alone, and what screen readers are told.
import AxeBuilder from "@axe-core/playwright";
import { expect, test, type Locator, type Page } from "@playwright/test";
import { arrive, newCard } from "./stage";
import { Tour, openLightbox } from "./tour";

const scripted = () => test.info().project.use.javaScriptEnabled !== false;
/** More than any page has to press Tab for. */
const MOST_STOPS = 250;

async function tabTo(page: Page, target: Locator, key = "Tab") {
  await expect(target).toBeVisible();
  for (let presses = 0; presses < MOST_STOPS; presses++) {
    if (await target.evaluate(element => element === document.activeElement)) return;
    await page.keyboard.press(key);
  }
  throw new Error(`${MOST_STOPS} presses of ${key} did not lead to ${target}`);
}

test.describe("every page and dialog (needs script)", () => {
  let tour: Tour;
  test.beforeAll(async ({ browser }) => {
    // Motion would be looked at half-way.
    const { viewport, userAgent, deviceScaleFactor, isMobile, hasTouch } = test.info().project.use;
    tour = await Tour.prepare(browser, true, { viewport, userAgent, deviceScaleFactor, isMobile, hasTouch, reducedMotion: "reduce" });
  });
  test.afterAll(() => tour.end());

  test("acceptance 30: axe finds nothing, in light and in dark", async () => {
    test.setTimeout(300_000);
    const found = await tour.visit(async ({ who: { page } }) => {
      const all = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]).analyze();
      // Nothing but colours changes in the dark.
      await page.emulateMedia({ colorScheme: "dark" });
      const dark = await new AxeBuilder({ page }).withRules(["color-contrast", "link-in-text-block"]).analyze();
      await page.emulateMedia({ colorScheme: "light" });
      return [...all.violations, ...dark.violations].map(it => `${it.id}: ${it.nodes.map(node => node.html).join(" ")}`);
    });
    expect(found).toEqual([]);
  });

  test("every page has one heading of the first rank, a title of its own, a language and one main part", async () => {
    const titles = new Map<string, string>();
    const found = await tour.visit(async ({ what, who: { page }, act }) => {
      const [headings, mains, lang, title] = await page.evaluate(() =>
        [document.querySelectorAll("h1").length, document.querySelectorAll("main").length, document.documentElement.lang, document.title] as const);
      if (!act) titles.set(what, title);
      return [headings === 1 || `${headings} first headings`, mains === 1 || `${mains} main parts`, lang === "en" || `language ${lang}`,
        / · CardStore$/.test(title) || `title ${title}`].filter(it => it !== true);
    });
    expect(found).toEqual([]);
    expect(new Set(titles.values()).size).toBeGreaterThan(15);
  });

  test("nothing scrolls sideways in a window of 320 pixels, nor with wide spacing of text", async () => {
    const sizes = tour.stops.map(({ who }) => who.page.viewportSize()!);
    const sideways = (page: Page) => page.evaluate(() => {
      const root = document.documentElement;
      if (root.scrollWidth <= root.clientWidth) return [];
      const wide = [...document.querySelectorAll("body *")].filter(it => it.getBoundingClientRect().right > root.clientWidth + 0.5);
      return [`${root.scrollWidth} pixels wide: ${wide.slice(0, 3).map(it => it.outerHTML.slice(0, 90)).join(" ")}`];
    });
    const found = await tour.visit(async ({ who: { page } }) => {
      await page.setViewportSize({ width: 320, height: 640 });
      const plain = await sideways(page);
      // The spacing that WCAG 1.4.12 lets people choose.
      await page.evaluate(() => {
        const sheet = new CSSStyleSheet();
        sheet.replaceSync("* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }");
        document.adoptedStyleSheets = [sheet];
      });
      return [...plain, ...(await sideways(page)).map(it => `with wide spacing ${it}`)];
    });
    for (const [place, { who }] of tour.stops.entries()) await who.page.setViewportSize(sizes[place]);
    expect(found).toEqual([]);
  });

  test("the footer is as high as its lines, at the end of the page and of a window that is higher", async () => {
    const sizes = tour.stops.map(({ who }) => who.page.viewportSize()!);
    const found = await tour.visit(async ({ who: { page } }) => {
      await page.setViewportSize({ width: page.viewportSize()!.width, height: 2_400 });
      const { height, below } = await page.evaluate(() => {
        const { bottom, height } = document.querySelector("footer")!.getBoundingClientRect();
        return { height, below: document.documentElement.scrollHeight - (bottom + scrollY) };
      });
      return height < 200 && Math.abs(below) < 1 ? [] : [`${height} pixels high, ${below} below it`];
    });
    for (const [place, { who }] of tour.stops.entries()) await who.page.setViewportSize(sizes[place]);
    expect(found).toEqual([]);
  });

  test("what has the focus is never hidden behind the bar or a notice", async () => {
    test.setTimeout(300_000);
    const found = await tour.visit(async ({ who: { page } }) => {
      const hidden: string[] = [];
      for (const key of ["Tab", "Shift+Tab"]) {
        const first = await focused(page, key);
        for (let presses = 0; presses < MOST_STOPS; presses++) {
          const now = await focused(page, key);
          if (now.hidden) hidden.push(`${key} ${now.name}`);
          if (now.place === first.place || now.place < 0) break;
        }
      }
      return hidden;
    });
    expect(found).toEqual([]);
  });
});

/** Presses a key, and says where the focus is and whether any of it can be seen. */
async function focused(page: Page, key: string): Promise<{ place: number; name: string; hidden: boolean }> {
  await page.keyboard.press(key);
  return page.evaluate(() => {
    const element = document.activeElement;
    if (!element || element === document.body) return { place: -1, name: "nothing", hidden: false };
    const spots = [...element.getClientRects()].flatMap(({ left, top, width, height }) =>
      [[0.5, 0.5], [0.1, 0.1], [0.9, 0.1], [0.1, 0.9], [0.9, 0.9]].map(([x, y]) => [left + x * width, top + y * height]));
    const seen = spots.some(([x, y]) => {
      const there = document.elementFromPoint(x, y);
      return !!there && (element.contains(there) || there.contains(element));
    });
    const place = [...document.querySelectorAll("*")].indexOf(element);
    return { place, name: element.outerHTML.slice(0, 120), hidden: !seen };
  });
}

test("acceptance 30: a purchase from the search to the receipt takes a keyboard only", async ({ browser }) => {
  const [seller, buyer] = [await arrive(browser, scripted(), "s"), await arrive(browser, scripted(), "b")];
  for (const person of [seller, buyer]) await person.settle();
  const card = await newCard(seller, "4.00");
  const { page } = buyer;
  const press = async (target: Locator) => {
    await tabTo(page, target);
    await page.keyboard.press("Enter");
  };
  await buyer.go("/");
  await tabTo(page, page.getByRole("searchbox", { name: "Search the market" }));
  await page.keyboard.type(card.name);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/q=Card/);
  await press(buyer.tile(card.name).getByRole("link").first());
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(card.name);
  await press(page.getByRole("link", { name: "Buy this card" }));
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(`Buy ${card.name}?`);
  await buyer.ready();
  // After a navigation in place the focus is where a new page would begin.
  if (scripted()) await expect(page.getByRole("heading", { level: 1 })).toBeFocused();
  await press(page.getByRole("button", { name: "Buy for 4.00" }));
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("It is yours");
  await press(page.getByRole("link", { name: "Go to my cards" }));
  await expect(buyer.tile(card.name)).toBeVisible();
});

test("acceptance 30: Escape closes a dialog and the focus returns to what opened it (needs script)", async ({ browser }) => {
  const person = await arrive(browser, true);
  await person.settle();
  const card = await newCard(person);
  await person.go(`/cards/${card.id}`);
  const { page } = person;
  const link = page.getByRole("link", { name: "See the picture at full size" });
  await openLightbox(page);
  await expect(page.getByRole("button", { name: "Close" })).toBeFocused();
  // What lies behind a dialog is out of reach.
  for (let presses = 0; presses < 5; presses++) {
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement === document.body || !!document.activeElement?.closest("dialog"))).toBe(true);
  }
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toBeHidden();
  await expect(link).toBeFocused();
  await openLightbox(page);
  await page.getByRole("button", { name: "Close" }).press("Enter");
  await expect(page.getByRole("dialog")).toBeHidden();
  await expect(link).toBeFocused();
});

test("the first press of Tab offers the way past the bar", async ({ browser }) => {
  const person = await arrive(browser, scripted());
  await person.go("/login");
  const { page } = person;
  await page.keyboard.press("Tab");
  const skip = page.getByRole("link", { name: "Skip to the content" });
  await expect(skip).toBeFocused();
  await expect(skip).toBeInViewport();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await expect(page.getByLabel("Username or e-mail address")).toBeFocused();
});

test("what was achieved is said in a status region that was there before (needs script)", async ({ browser }) => {
  const person = await arrive(browser, true);
  await person.settle();
  const card = await newCard(person, "5.00");
  await person.go("/dashboard");
  const region = person.page.locator(".toasts[role=status]");
  await expect(region).toBeAttached();
  const same = await region.elementHandle();
  await person.press(`Cancel the sale of ${card.name}`);
  await expect(region).toContainText("off the market");
  expect(await region.evaluate((now, before) => now === before, same)).toBe(true);
});

test("a password can be pasted (needs script)", async ({ browser }) => {
  const person = await arrive(browser, true);
  for (const path of ["/login", "/register"]) {
    await person.go(path);
    await person.page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await person.page.evaluate(() => navigator.clipboard.writeText("a long enough secret"));
    await person.page.getByLabel("Password").focus();
    await person.page.keyboard.press("ControlOrMeta+V");
    await expect(person.page.getByLabel("Password")).toHaveValue("a long enough secret");
  }
});
