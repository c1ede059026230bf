// Finding a card: search, order and pages in the address, and the way back to where one was.
import { expect, test } from "@playwright/test";
import type { Person } from "./person";
import { arrive, newCard } from "./stage";

const scripted = () => test.info().project.use.javaScriptEnabled !== false;
/** One more than a page of the market shows. */
const CARDS = 25;

/** A seller with cards for 1.00, 2.00 and so on. */
async function stall(seller: Person) {
  await seller.settle();
  for (let price = 1; price <= CARDS; price++) await newCard(seller, `${price}.00`);
}

const shown = (person: Person) => person.page.locator(".tile-name").allInnerTexts();
const prices = (person: Person) => person.page.locator(".tile .price");

test("acceptance 11: searching, ordering and turning the page change the results and the address", async ({ browser }) => {
  const [seller, stranger] = [await arrive(browser, scripted(), "s"), await arrive(browser, scripted(), "x")];
  await stall(seller);
  const { page } = stranger;
  await stranger.go(`/?seller=${seller.name}`);
  await expect(page.getByText(`${CARDS} cards on sale`)).toBeVisible();
  await expect(prices(stranger)).toHaveCount(CARDS - 1);
  await expect(prices(stranger).first()).toHaveText(`${CARDS}.00`);

  await page.getByLabel("Order").selectOption("cheapest");
  await stranger.press("Search");
  await expect(prices(stranger).first()).toHaveText("1.00");
  const asked = () => new URL(page.url()).searchParams;
  expect([asked().get("sort"), asked().get("seller")]).toEqual(["cheapest", seller.name]);

  await page.getByRole("link", { name: "Next page" }).click();
  await expect(prices(stranger)).toHaveText([`${CARDS}.00`]);
  expect([asked().get("sort"), asked().get("after")]).toEqual(["cheapest", expect.stringMatching(/./)]);
  await page.getByRole("link", { name: "First page" }).click();
  await expect(prices(stranger)).toHaveCount(CARDS - 1);
  expect(asked().get("after")).toBeNull();

  const [, name] = await shown(stranger);
  await stranger.ready();
  await page.getByRole("searchbox", { name: "Search the market" }).fill(name);
  await stranger.press("Search");
  await expect(page.locator(".tile-name")).toHaveText([name]);
  expect(asked().get("q")).toBe(name);
  await page.getByRole("searchbox", { name: "Search the market" }).fill("nothing is called this");
  await stranger.press("Search");
  await expect(page.getByRole("heading", { name: "Nothing here" })).toBeVisible();
  expect(stranger.troubles).toEqual([]);
});

test("acceptance 25: from a card the way back leads to the same results at the same place", async ({ browser }) => {
  const [seller, stranger] = [await arrive(browser, scripted(), "s"), await arrive(browser, scripted(), "x")];
  await stall(seller);
  const { page } = stranger;
  await stranger.go(`/?seller=${seller.name}&sort=dearest`);
  const [results, address] = [await shown(stranger), page.url()];
  const last = stranger.tile(results.at(-1)!).getByRole("link").first();
  await last.scrollIntoViewIfNeeded();
  const place = await page.evaluate(() => scrollY);
  expect(place).toBeGreaterThan(200);
  await last.click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(results.at(-1)!);
  await expect.poll(() => page.evaluate(() => scrollY)).toBe(0);
  await page.goBack();
  await expect(page).toHaveURL(address);
  await expect(last).toBeInViewport();
  expect(await shown(stranger)).toEqual(results);
  expect(Math.abs(await page.evaluate(() => scrollY) - place)).toBeLessThan(50);

  const another = await arrive(browser, scripted());
  await another.page.goto(address);
  expect(await shown(another)).toEqual(results);
  expect([...stranger.troubles, ...another.troubles]).toEqual([]);
});

test("acceptance 32: an unknown card is really not found, and the page has a search", async ({ browser }) => {
  const stranger = await arrive(browser, scripted());
  for (const path of ["/cards/01890000-0000-7000-8000-000000000000", "/cards/x", "/nowhere"]) {
    const answer = await stranger.go(path);
    expect(answer.status(), path).toBe(404);
    await expect(stranger.page.getByRole("heading", { level: 1 })).toHaveText("We could not find that");
    await stranger.page.getByRole("main").getByRole("searchbox").fill("something");
    await stranger.page.getByRole("main").getByRole("button", { name: "Search" }).click();
    await expect(stranger.page).toHaveURL(/\/\?q=something/);
    await stranger.ready();
  }
  expect(stranger.troubles).toEqual([]);
});
