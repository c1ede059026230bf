// The market and what its people do with their cards: find, edit, cancel and undo, delete, look back.
import { expect, test, type Browser } from "@playwright/test";
import { fleet } from "./fleet";
import { Person } from "./person";
import { activity, balance, dashboard } from "./stage";

const scripted = () => test.info().project.use.javaScriptEnabled !== false;

async function arrive(browser: Browser, role = "p") {
  return Person.arrive(await browser.newContext(), scripted(), fleet().url, role);
}

test("filters narrow the market, stand in its address and read the same for everybody", async ({ browser }) => {
  const seller = await arrive(browser, "s");
  const [cheap, dear] = [`Cheap${seller.name}`, `Dear${seller.name}`];
  await seller.openShop(cheap, "2");
  await seller.addCard(dear);
  await seller.sellWell(dear, "50");
  const stranger = await arrive(browser);
  await stranger.go("/");
  await stranger.page.getByText("Filters").click();
  await stranger.page.getByLabel("Seller").fill(seller.name);
  await stranger.page.getByLabel("Price from").fill("10");
  await stranger.press("Search");
  await expect(stranger.tile(dear)).toBeVisible();
  await expect(stranger.tile(cheap)).toHaveCount(0);
  const query = new URL(stranger.page.url()).searchParams;
  expect([query.get("seller"), query.get("min")]).toEqual([seller.name, "10"]);
  const another = await arrive(browser);
  await another.page.goto(stranger.page.url());
  await expect(another.tile(dear)).toBeVisible();
  await expect(another.tile(cheap)).toHaveCount(0);
  await stranger.tile(dear).getByRole("link").first().click();
  await expect(stranger.page.getByRole("heading", { level: 1 })).toHaveText(dear);
  await stranger.page.goBack();
  await expect(stranger.tile(dear)).toBeVisible();
  await expect(stranger.page.getByLabel("Price from")).toHaveValue("10");
  expect([...stranger.troubles, ...another.troubles]).toEqual([]);
});

test("acceptance 24: a cancelled sale is undone with the keyboard, at the same price", async ({ browser }) => {
  const seller = await arrive(browser, "s");
  const card = `Undo${seller.name}`;
  await seller.openShop(card, "6.60");
  await seller.tile(card).getByRole("button", { name: /^Cancel the sale/ }).press("Enter");
  await expect(seller.tile(card)).toContainText("Not for sale");
  await seller.page.getByRole("button", { name: "Undo" }).press("Enter");
  await expect(seller.tile(card)).toContainText("6.60");
  expect(seller.troubles).toEqual([]);
});

test("a card is renamed, and deleted only when it is not on sale", async ({ browser }) => {
  const seller = await arrive(browser, "s");
  const card = `Draft${seller.name}`;
  await seller.openShop(card, "1");
  await seller.openCard(card);
  await seller.page.getByRole("link", { name: "Edit" }).click();
  await expect(seller.page.getByRole("button", { name: "Delete this card" })).toHaveCount(0);
  await seller.page.getByLabel("Name", { exact: true }).fill("");
  await seller.press("Save");
  await expect(seller.page.locator("#name-error")).toBeVisible();
  await seller.page.getByLabel("Name", { exact: true }).fill(`Final${seller.name}`);
  await seller.press("Save");
  await expect(seller.page.getByRole("heading", { level: 1 })).toHaveText(`Final${seller.name}`);
  await seller.go("/dashboard");
  await seller.tile("Final").getByRole("button", { name: /^Cancel the sale/ }).click();
  await expect(seller.tile("Final")).toContainText("Not for sale");
  await seller.tile("Final").getByRole("link").first().click();
  await seller.page.getByRole("link", { name: "Edit" }).click();
  await seller.press("Delete this card");
  await expect(seller.page.getByRole("heading", { level: 1 })).toHaveText("My cards");
  await expect(seller.tile("Final")).toHaveCount(0);
  expect(seller.troubles).toEqual([]);
});

test("acceptance 5: after a purchase owner, balances and both activities agree, and the card tells its past", async ({ browser }) => {
  const [seller, buyer] = [await arrive(browser, "s"), await arrive(browser, "b")];
  const card = `Ledger${seller.name}`;
  await seller.openShop(card, "11.00");
  await buyer.settle();
  await buyer.openConfirmation(card);
  const reference = await buyer.confirm();
  await buyer.go("/activity");
  const bought = buyer.page.getByRole("listitem").filter({ hasText: card });
  await expect(bought).toContainText(`You bought ${card} from ${seller.name}`);
  await expect(bought).toContainText("−11.00");
  await expect(bought).toContainText("89.00");
  await bought.getByRole("link", { name: "Receipt" }).click();
  await expect(buyer.page.getByTestId("reference")).toHaveText(reference);
  await seller.go("/activity?show=sold");
  await expect(seller.page.getByRole("listitem").filter({ hasText: card })).toContainText(`You sold ${card} to ${buyer.name}`);
  await expect(seller.page.getByText("Welcome to CardStore")).toHaveCount(0);
  await buyer.go("/dashboard");
  await buyer.tile(card).getByRole("link").first().click();
  await expect(buyer.page.getByTestId("history")).toContainText(`${seller.name} sold it to ${buyer.name}`);
  const csv = await buyer.page.request.get(buyer.base + "/activity.csv");
  expect(csv.headers()["content-type"]).toContain("text/csv");
  expect(await csv.text()).toContain(`"bought","${card}","${seller.name}","-11.00","89.00"`);
  expect([await balance(seller), await balance(buyer)]).toEqual([111_00, 89_00]);
  expect((await dashboard(seller)).cards).toEqual([]);
  const [sold] = (await activity(seller)).entries;
  const [paid] = (await activity(buyer)).entries;
  expect([sold.amount, sold.balance_after, paid.amount, paid.balance_after]).toEqual([11_00, 111_00, -11_00, 89_00]);
  expect([...seller.troubles, ...buyer.troubles]).toEqual([]);
});

test("acceptance 9: a card of the same name joins the one I own", async ({ browser }) => {
  const [seller, buyer] = [await arrive(browser, "s"), await arrive(browser, "b")];
  const card = `Twin${seller.name}`;
  await seller.openShop(card, "1");
  await buyer.settle();
  await buyer.addCard(card);
  await buyer.openConfirmation(card);
  await buyer.confirm();
  await buyer.go("/dashboard");
  await expect(buyer.tile(card)).toHaveCount(2);
});

test("acceptance 23: a name that looks like markup is text everywhere", async ({ browser }) => {
  const [seller, buyer] = [await arrive(browser, "s"), await arrive(browser, "b")];
  const card = `<img src=x onerror=alert(1)> ${seller.name}`;
  const alarms: string[] = [];
  for (const person of [seller, buyer]) {
    person.page.on("dialog", dialog => { alarms.push(person.page.url()); void dialog.dismiss(); });
    person.page.on("request", request => { if (new URL(request.url()).pathname.endsWith("/x")) alarms.push(request.url()); });
  }
  await seller.openShop(card, "1");
  await seller.go(`/?seller=${seller.name}`);
  await seller.tile(card).getByRole("link").first().click();
  await expect(seller.page.getByRole("heading", { level: 1 })).toHaveText(card);
  await expect(seller.page).toHaveTitle(new RegExp(`^<img src=x onerror=alert\\(1\\)> ${seller.name}`));
  await buyer.settle();
  await buyer.go(new URL(seller.page.url()).pathname + "/buy");
  await expect(buyer.page.getByRole("heading", { level: 1 })).toHaveText(`Buy ${card}?`);
  await buyer.confirm();
  await expect(buyer.page.getByRole("link", { name: card })).toBeVisible();
  for (const [person, path] of [[buyer, "/dashboard"], [buyer, "/activity"], [seller, "/activity"], [seller, "/notifications"]] as const) {
    await person.go(path);
    await expect(person.page.getByRole("main").getByText(card).first()).toBeVisible();
    await expect(person.page.locator("img[src='x']")).toHaveCount(0);
  }
  expect(alarms).toEqual([]);
  expect([...seller.troubles, ...buyer.troubles]).toEqual([]);
});
