// Before the wasm arrives: on a slow line every form is the browser's own, and what was typed is not lost to it.
import { expect, test, type Page } from "@playwright/test";
import { PASSWORD } from "./person";
import { arrive, balance, newCard } from "./stage";

test.skip(() => test.info().project.use.javaScriptEnabled === false, "the wasm needs script");

/** Keeps the wasm back until it is let through. */
async function slowLine(page: Page): Promise<() => void> {
  let letThrough = () => {};
  const open = new Promise<void>(done => { letThrough = done; });
  await page.route("**/*.wasm", async route => {
    await open;
    await route.continue();
  });
  return letThrough;
}

test("acceptance 31: Buy pressed before the wasm is there buys, once", async ({ browser }) => {
  const [seller, buyer] = [await arrive(browser, true, "s"), await arrive(browser, true, "b")];
  for (const person of [seller, buyer]) await person.settle();
  const card = await newCard(seller, "10.00");
  const { page } = buyer;
  const letThrough = await slowLine(page);
  await page.goto(`${buyer.base}/cards/${card.id}`, { waitUntil: "commit" });
  await page.getByRole("link", { name: "Buy this card" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(`Buy ${card.name}?`);
  const posted = page.waitForRequest(request => request.method() === "POST");
  await buyer.press("Buy for 10.00");
  expect((await posted).isNavigationRequest()).toBe(true);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("It is yours");
  const reference = await page.getByTestId("reference").innerText();
  await expect(page.locator("html[data-ready]")).toHaveCount(0);
  letThrough();
  await buyer.ready();
  await expect(page.getByTestId("reference")).toHaveText(reference);
  expect([await balance(buyer), await balance(seller)]).toEqual([90_00, 110_00]);
  expect(buyer.troubles).toEqual([]);
});

test("acceptance 31: what was typed before the wasm is there stays when it comes", async ({ browser }) => {
  const person = await arrive(browser, true);
  await person.settle();
  await person.signOut();
  const { page } = person;
  const letThrough = await slowLine(page);
  await page.goto(`${person.base}/login`, { waitUntil: "commit" });
  await page.getByLabel("Username or e-mail address").fill(person.name);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByLabel("Keep me signed in").check();
  letThrough();
  await person.ready();
  await expect(page.getByLabel("Username or e-mail address")).toHaveValue(person.name);
  await expect(page.getByLabel("Password")).toHaveValue(PASSWORD);
  await expect(page.getByLabel("Keep me signed in")).toBeChecked();
  await person.press("Sign in");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("My cards");
  expect(person.troubles).toEqual([]);
});

test("acceptance 31: a form that comes back refused before the wasm is there goes on with it", async ({ browser }) => {
  const person = await arrive(browser, true);
  await person.settle();
  const card = await newCard(person);
  const { page } = person;
  const letThrough = await slowLine(page);
  await page.goto(`${person.base}/cards/${card.id}/sell`, { waitUntil: "commit" });
  await page.getByLabel("Price").fill("abc");
  await person.press("Put it on sale");
  await expect(page.locator("#price-error")).toBeVisible();
  letThrough();
  await person.ready();
  await expect(page.locator("#price-error")).toBeVisible();
  await expect(page.getByLabel("Price")).toHaveValue("abc");
  await page.getByLabel("Price").fill("3");
  await person.press("Put it on sale");
  await expect(person.tile(card.name)).toContainText("3.00");
  expect(person.troubles).toEqual([]);
});
