// Live: what others do shows on an open page, and nothing is lost when the stream is.
import { expect, test, type Browser } from "@playwright/test";
import { fleet } from "./fleet";
import { Person, isStream } from "./person";

test.skip(() => test.info().project.use.javaScriptEnabled === false, "streams need script");

async function arrive(browser: Browser, role: string, base = fleet().url) {
  return Person.arrive(await browser.newContext(), true, base, role);
}

/** Waits until the page hears what happens. */
async function listening(person: Person, visit: () => Promise<unknown>) {
  const stream = person.page.waitForResponse(response => isStream(response.url()) && response.ok());
  await visit();
  await stream;
}

test("acceptance 1: a seller on one node sees the sale, the money and the notification when somebody buys on the other", async ({ browser }) => {
  const [a, b] = fleet().nodes;
  const [ana, bo] = [await arrive(browser, "ana"), await arrive(browser, "bo", b.url)];
  const card = `Live${ana.name}`;
  await ana.openShop(card, "9.00");
  // The same host as before, so that the cookie goes along.
  ana.base = a.url.replace("127.0.0.1", "localhost");
  await bo.settle();
  await bo.openConfirmation(card);
  await listening(ana, () => ana.go("/dashboard"));
  await bo.confirm();
  await expect(ana.page.getByText(`Sold: ${card} for 9.00`)).toBeVisible();
  await expect(ana.page.getByTestId("dashboard-balance")).toHaveText("109.00");
  await expect(ana.page.getByTestId("balance")).toContainText("109.00");
  await expect(ana.page.getByTestId("unread")).toHaveText("1");
  await expect(ana.tile(card)).toHaveCount(0);
  await ana.page.getByRole("link", { name: "Notifications, 1 unread" }).click();
  await expect(ana.page.getByTestId("inbox")).toContainText(`Sold: ${card} for 9.00`);
  await ana.press("Mark all as read");
  await expect(ana.page.getByTestId("unread")).toHaveCount(0);
  expect([...ana.troubles, ...bo.troubles]).toEqual([]);
});

test("acceptance 26: an open market page marks what was sold and what became cheaper, and says so politely", async ({ browser }) => {
  const [seller, buyer, onlooker] = [await arrive(browser, "s"), await arrive(browser, "b"), await arrive(browser, "o")];
  const [sold, cheaper] = [`Gone${seller.name}`, `Cheaper${seller.name}`];
  await seller.openShop(sold, "5");
  await seller.addCard(cheaper);
  await seller.sellWell(cheaper, "8");
  await listening(onlooker, () => onlooker.go(`/?seller=${seller.name}`));
  await expect(onlooker.tile(sold)).toContainText("5.00");
  await buyer.settle();
  await buyer.openConfirmation(sold);
  await buyer.confirm();
  await expect(onlooker.tile(sold)).toContainText("Sold");
  await expect(onlooker.page.getByRole("status").filter({ hasText: `${sold}: Sold` })).toHaveCount(1);
  await seller.go("/dashboard");
  await seller.tile(cheaper).getByRole("link", { name: /^Change the price/ }).click();
  await seller.page.getByLabel("New price").fill("6.50");
  await seller.press("Change the price");
  await expect(onlooker.tile(cheaper)).toContainText("6.50");
  expect(onlooker.troubles).toEqual([]);
});

test("a page that shows other cards than before hears of them, by one stream that takes over from the first", async ({ browser }) => {
  const [seller, buyer, onlooker] = [await arrive(browser, "s"), await arrive(browser, "b"), await arrive(browser, "o")];
  const [first, second] = [`First${seller.name}`, `Second${seller.name}`];
  await seller.openShop(first, "5");
  await seller.addCard(second);
  await seller.sellWell(second, "8");
  await buyer.settle();
  await buyer.openConfirmation(second);
  await onlooker.openCard(first);
  await listening(onlooker, () => onlooker.go(new URL(onlooker.page.url()).pathname));
  const closed = onlooker.page.waitForEvent("requestfailed", request => isStream(request.url()));
  await listening(onlooker, () => onlooker.page.locator("main").getByRole("link", { name: seller.name }).click());
  await closed;
  await expect(onlooker.tile(second)).toContainText("8.00");
  await buyer.confirm();
  await expect(onlooker.tile(second)).toContainText("Sold");
  await expect(onlooker.tile(first)).toContainText("5.00");
  expect(onlooker.troubles).toEqual([]);
});

test("what was sold between the drawing of a page and its stream is marked on it", async ({ browser }) => {
  const [seller, buyer, onlooker] = [await arrive(browser, "s"), await arrive(browser, "b"), await arrive(browser, "o")];
  const [card, kept] = [`Between${seller.name}`, `Kept${seller.name}`];
  await seller.openShop(card, "5");
  await seller.addCard(kept);
  await seller.sellWell(kept, "8");
  await buyer.settle();
  await buyer.openConfirmation(card);
  let sold = () => {};
  const sale = new Promise<void>(resolve => { sold = resolve; });
  await onlooker.page.route(isStream, async route => { await sale; await route.continue(); });
  await onlooker.go(`/?seller=${seller.name}`);
  await expect(onlooker.tile(card)).toContainText("5.00");
  await buyer.confirm();
  sold();
  await expect(onlooker.tile(card)).toContainText("Not for sale any more");
  await expect(onlooker.tile(kept)).toContainText("8.00");
});

test("what reached the inbox, and the end of the session, between the drawing of a page and its stream are told", async ({ browser }) => {
  const [ana, bo] = [await arrive(browser, "ana"), await arrive(browser, "bo")];
  const card = `Unheard${ana.name}`;
  await ana.openShop(card, "4.00");
  await bo.settle();
  await bo.openConfirmation(card);
  /** Shows the dashboard, and opens its stream only when `act` is done. */
  const late = async (act: () => Promise<unknown>) => {
    let done = () => {};
    const acted = new Promise<void>(resolve => { done = resolve; });
    await ana.page.route(isStream, async route => { await acted; await route.continue(); });
    await ana.go("/dashboard");
    await act();
    done();
  };
  await late(() => bo.confirm());
  await expect(ana.page.getByText(`Sold: ${card} for 4.00`)).toBeVisible();
  await expect(ana.page.getByTestId("dashboard-balance")).toHaveText("104.00");
  await expect(ana.page.getByTestId("unread")).toHaveText("1");
  const elsewhere = await arrive(browser, "x");
  Object.assign(elsewhere, { name: ana.name });
  await elsewhere.signInWell();
  await late(async () => {
    await elsewhere.go("/account");
    await elsewhere.press("Sign out the other devices");
    await expect(elsewhere.page.getByTestId("devices").getByRole("listitem")).toHaveCount(1);
  });
  await expect(ana.page.getByRole("heading", { level: 1 })).toHaveText("Sign in");
  expect(ana.troubles).toEqual([]);
});

test("acceptance 27: a sale while the stream was down is there after it came back", async ({ browser }) => {
  const [ana, bo] = [await arrive(browser, "ana"), await arrive(browser, "bo")];
  const card = `Offline${ana.name}`;
  await ana.openShop(card, "4.00");
  await bo.settle();
  await bo.openConfirmation(card);
  await listening(ana, () => ana.go("/dashboard"));
  await ana.page.context().setOffline(true);
  await bo.confirm();
  await ana.page.context().setOffline(false);
  await expect(ana.page.getByTestId("unread")).toHaveText("1");
  await expect(ana.page.getByTestId("dashboard-balance")).toHaveText("104.00");
  await expect(ana.tile(card)).toHaveCount(0);
  await ana.page.getByRole("link", { name: "Notifications, 1 unread" }).click();
  await expect(ana.page.getByTestId("inbox").getByRole("listitem")).toHaveText(new RegExp(`Sold: ${card} for 4.00`));
});

test("a watched card tells when it becomes cheaper", async ({ browser }) => {
  const [seller, fan] = [await arrive(browser, "s"), await arrive(browser, "f")];
  const card = `Watched${seller.name}`;
  await seller.openShop(card, "20");
  await fan.settle();
  await fan.openCard(card);
  await fan.press("Watch this card");
  await expect(fan.page.getByRole("button", { name: "Stop watching" })).toBeVisible();
  await listening(fan, () => fan.go("/dashboard"));
  await seller.go("/dashboard");
  await seller.tile(card).getByRole("link", { name: /^Change the price/ }).click();
  await seller.page.getByLabel("New price").fill("15");
  await seller.press("Change the price");
  await expect(fan.page.getByText(`${card} is cheaper now: 15.00`)).toBeVisible();
});

test("acceptance 29: signing out in one tab signs out the other, and so does another device", async ({ browser }) => {
  const person = await arrive(browser, "p");
  await person.settle();
  const context = person.page.context();
  const tab = await Person.arrive(context, true, fleet().url);
  await listening(tab, () => tab.go("/dashboard"));
  await person.signOut();
  await expect(tab.page.getByRole("heading", { level: 1 })).toHaveText("Sign in");
  await person.signInWell();
  const phone = await arrive(browser, "x");
  Object.assign(phone, { name: person.name });
  await phone.signInWell();
  await listening(phone, () => phone.go("/dashboard"));
  await person.go("/account");
  await person.press("Sign out the other devices");
  await expect(phone.page.getByRole("heading", { level: 1 })).toHaveText("Sign in");
  await expect(phone.page.getByTestId("ended")).toContainText("signed out from another device");
});
