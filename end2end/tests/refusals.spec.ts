// Every "no" is said in words, beside its field, with what was typed still there.
import { expect, test } from "@playwright/test";
import { fleet } from "./fleet";
import { Person, png } from "./person";

const scripted = () => test.info().project.use.javaScriptEnabled !== false;

test("a registration that cannot be is explained and keeps what was typed", async ({ browser }) => {
  const person = await Person.arrive(await browser.newContext(), scripted(), fleet().url);
  await person.go("/register");
  await person.page.getByLabel("Username").fill("a!");
  await person.page.getByLabel("E-mail address").fill("nobody");
  await person.page.getByLabel("Password").fill("short");
  await person.press("Create account");
  const summary = person.page.getByRole("alert");
  await expect(summary.getByRole("link")).toHaveCount(3);
  await expect(person.page.getByLabel("Username")).toHaveValue("a!");
  await expect(person.page.getByLabel("Username")).toHaveAttribute("aria-invalid", "true");
  await expect(person.page.getByLabel("E-mail address")).toHaveValue("nobody");
  if (!scripted()) await expect(person.page.getByLabel("Password")).toHaveValue("");
  await expect(person.page).toHaveURL(/\/register/);
  expect(person.troubles).toEqual([]);
});

test("a price that cannot be is refused beside the field and nothing is listed", async ({ browser }) => {
  const person = await Person.arrive(await browser.newContext(), scripted(), fleet().url);
  await person.settle();
  const card = `Priced${person.name}`;
  await person.addCard(card);
  for (const price of ["-1", "0", "1.005", "1e9", "abc", ""]) {
    await person.sell(card, price);
    await expect(person.page.locator("#price-error")).toBeVisible();
    await expect(person.page.getByLabel("Price")).toHaveValue(price);
  }
  await person.go("/dashboard");
  await expect(person.tile(card)).toContainText("Not for sale");
  expect(person.troubles).toEqual([]);
});

test("a wrong password, an unknown name and an account without activation are told apart only as they should be", async ({ browser }) => {
  const person = await Person.arrive(await browser.newContext(), scripted(), fleet().url);
  await person.register();
  await person.signIn("not the password");
  await expect(person.page.getByRole("alert")).toContainText("do not match");
  await expect(person.page.getByLabel("Username or e-mail address")).toHaveValue(person.name);
  await person.signIn();
  await expect(person.page.getByRole("alert")).toContainText("not activated yet");
  await expect(person.page.getByRole("link", { name: "Send the activation mail again" })).toBeVisible();
});

test("a confirmation that came too late says why and charges nothing", async ({ browser }) => {
  const [seller, slow, fast] = await Promise.all(["seller", "slow", "fast"].map(async role =>
    Person.arrive(await browser.newContext(), scripted(), fleet().url, role)));
  for (const person of [seller, slow, fast]) await person.settle();
  const card = `Race${seller.name}`;
  await seller.addCard(card);
  await seller.sellWell(card, "10.00");
  await slow.openConfirmation(card);
  await fast.openConfirmation(card);
  await fast.confirm();
  await slow.press(/^Buy for/);
  await expect(slow.page.getByText("Somebody was faster and bought this card. You were not charged.")).toBeVisible();
  await slow.expectBalance("100.00");
});

test("a price that changed shows both and asks again", async ({ browser }) => {
  const [seller, buyer] = await Promise.all(["seller", "buyer"].map(async role =>
    Person.arrive(await browser.newContext(), scripted(), fleet().url, role)));
  for (const person of [seller, buyer]) await person.settle();
  const card = `Shift${seller.name}`;
  await seller.addCard(card);
  await seller.sellWell(card, "10.00");
  await buyer.openConfirmation(card);
  await seller.go("/dashboard");
  await seller.tile(card).getByRole("link", { name: /^Change the price/ }).click();
  await seller.page.getByLabel("New price").fill("12.00");
  await seller.press("Change the price");
  await expect(seller.tile(card)).toContainText("12.00");
  let asked = 0;
  buyer.page.on("request", request => { if (request.url().includes("/api/purchase")) asked++; });
  await buyer.press("Buy for 10.00");
  await expect(buyer.page.getByRole("alert")).toContainText("from 10.00 to 12.00");
  await expect(buyer.page.getByRole("button", { name: "Buy for 12.00" })).toBeVisible();
  // The new terms are fetched once: twenty more answers from the store later, nothing has asked again.
  for (let turn = 0; scripted() && turn < 20; turn++) await buyer.page.evaluate(() => fetch("/healthz").then(it => it.text()));
  expect(asked).toBe(scripted() ? 1 : 0);
  await buyer.press("Buy for 12.00");
  await expect(buyer.page.getByRole("heading", { level: 1 })).toHaveText("It is yours");
  await buyer.expectBalance("88.00");
});

test("somebody short of money reads by how much", async ({ browser }) => {
  const [seller, buyer] = await Promise.all(["seller", "buyer"].map(async role =>
    Person.arrive(await browser.newContext(), scripted(), fleet().url, role)));
  for (const person of [seller, buyer]) await person.settle();
  const card = `Dear${seller.name}`;
  await seller.addCard(card);
  await seller.sellWell(card, "103.00");
  await buyer.openConfirmation(card);
  await expect(buyer.page.getByText("You are 3.00 short for this card.")).toBeVisible();
  await expect(buyer.page.getByRole("button", { name: /^Buy/ })).toHaveCount(0);
  await seller.openCard(card);
  await expect(seller.page.getByText("This is your card. It is on sale.")).toBeVisible();
  await expect(seller.page.getByRole("link", { name: "Buy this card" })).toHaveCount(0);
});

test("a file that is no picture is refused by name and the form keeps its text", async ({ browser }) => {
  const person = await Person.arrive(await browser.newContext(), scripted(), fleet().url);
  await person.settle();
  const disguises: [string, Buffer][] = [
    ["page.png", Buffer.from("<html><script>alert(1)</script></html>")],
    ["drawing.png", Buffer.from("<svg xmlns='http://www.w3.org/2000/svg'/>")],
    ["phone.heic", Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from("ftypheic"), Buffer.alloc(40)])],
  ];
  for (const [name, buffer] of disguises) {
    await person.go("/dashboard/add");
    await person.page.getByLabel("Name", { exact: true }).fill("Kept name");
    await person.page.getByLabel("Picture", { exact: true }).setInputFiles({ name, mimeType: "image/png", buffer });
    if (!scripted()) await person.press("Add this card");
    await expect(person.page.getByText("This file is not a PNG, JPEG or WebP picture.").first()).toBeVisible();
    await expect(person.page.getByLabel("Name", { exact: true })).toHaveValue("Kept name");
  }
  expect(person.troubles).toEqual([]);
});

test("without script a picture survives the refusal of its name", async ({ browser }) => {
  test.skip(scripted(), "with script the picture is sent before the form");
  const person = await Person.arrive(await browser.newContext(), false, fleet().url);
  await person.settle();
  await person.go("/dashboard/add");
  await person.page.getByLabel("Picture", { exact: true }).setInputFiles({ name: "a.png", mimeType: "image/png", buffer: png(30, 40) });
  await person.press("Add this card");
  await expect(person.page.locator("#name-error")).toHaveText("Give the card a name.");
  await expect(person.page.getByTestId("arrived")).toBeVisible();
  await person.page.getByLabel("Name", { exact: true }).fill(`Kept${person.name}`);
  await person.press("Add this card");
  await expect(person.tile(`Kept${person.name}`)).toBeVisible();
});

test("without script a picture that is too large is answered with a sentence", async ({ browser }) => {
  test.skip(scripted(), "with script it is made smaller");
  const person = await Person.arrive(await browser.newContext(), false, fleet().url);
  await person.settle();
  await person.go("/dashboard/add");
  await person.page.getByLabel("Name", { exact: true }).fill("Huge");
  const buffer = Buffer.concat([png(30, 40), Buffer.alloc(3 * 1024 * 1024, 7)]);
  await person.page.getByLabel("Picture", { exact: true }).setInputFiles({ name: "a.png", mimeType: "image/png", buffer });
  await person.press("Add this card");
  await expect(person.page.getByText("This picture is larger than 1 MB. Choose a smaller one.").first()).toBeVisible();
  await expect(person.page.getByLabel("Name", { exact: true })).toHaveValue("Huge");
});
