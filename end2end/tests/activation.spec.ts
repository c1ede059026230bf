// Becoming a member: links that scanners open, links that grow old, and what nobody can claim for themselves.
import { expect, test } from "@playwright/test";
import { fleet, linkMailedTo, until } from "./fleet";
import { letCooldownPass, letLinksAge } from "./operator";
import { PASSWORD } from "./person";
import { arrive, balance, buy, callWell, cardOf, newCard, terms } from "./stage";

const scripted = () => test.info().project.use.javaScriptEnabled !== false;

test("acceptance 18: a scanner that opens the link burns nothing, and its owner's click activates", async ({ browser, request }) => {
  const person = await arrive(browser, scripted());
  await person.register();
  const link = await until("the activation mail", () => linkMailedTo(person.email));
  for (const method of ["GET", "HEAD", "GET"]) expect((await request.fetch(link, { method })).status()).toBe(200);
  await person.signIn();
  await expect(person.page.getByRole("alert")).toContainText("not activated yet");
  await person.activate();
  // The same link once more is the same success, and grants nothing more.
  await person.activate();
  await person.signInWell();
  await person.expectBalance("100.00");
  expect(person.troubles).toEqual([]);
});

test("acceptance 18: a link that is too old leads to a new one, which works while the old one fails", async ({ browser }) => {
  const person = await arrive(browser, scripted());
  await person.register();
  const old = new URL(await until("the activation mail", () => linkMailedTo(person.email)));
  letLinksAge(person.name);
  letCooldownPass(person.name);
  await person.go(old.pathname + old.search);
  await person.press("Activate my account");
  await expect(person.page.getByRole("alert")).toContainText("This link is too old.");
  await person.page.getByLabel("E-mail address").fill(person.email);
  await person.press("Send the mail again");
  await expect(person.page.getByText("If that address has an account waiting, a mail is on its way.").first()).toBeVisible();
  await until("another mail", () => linkMailedTo(person.email) !== old.href);
  await person.go(old.pathname + old.search);
  await person.press("Activate my account");
  await expect(person.page.getByRole("alert")).toContainText("This link does not belong to an account.");
  await person.activate();
  await person.signInWell();
  await person.expectBalance("100.00");
  expect(person.troubles).toEqual([]);
});

test("acceptance 19: signing in before activation explains itself and sends the mail again", async ({ browser }) => {
  const person = await arrive(browser, scripted());
  await person.register();
  const first = await until("the activation mail", () => linkMailedTo(person.email));
  letCooldownPass(person.name);
  await person.signIn("not the password");
  await expect(person.page.getByRole("alert")).toContainText("do not match");
  await expect(person.page.getByLabel("Username or e-mail address")).toHaveValue(person.name);
  await person.signIn();
  await expect(person.page.getByRole("alert")).toContainText("This account is not activated yet.");
  await person.page.getByRole("link", { name: "Send the activation mail again" }).click();
  await person.page.getByLabel("E-mail address").fill(person.email);
  await person.press("Send the mail again");
  await until("another mail", () => linkMailedTo(person.email) !== first);
  await person.activate();
  await person.signInWell();
  expect(person.troubles).toEqual([]);
});

test("acceptance 20: a balance, an activation or an owner that is slipped into a form is ignored", async ({ browser }) => {
  const [forger, victim] = [await arrive(browser, scripted(), "f"), await arrive(browser, scripted(), "v")];
  const slipped = { balance: "100000000", balance_cents: "100000000", activated: "true", activated_at_ms: "1", entries: "7" };
  await callWell(forger, "register", { username: forger.name, email: forger.email, password: PASSWORD, ...slipped });
  await forger.signIn();
  await expect(forger.page.getByRole("alert")).toContainText("not activated yet");
  await forger.activate();
  await forger.signInWell();
  await forger.expectBalance("100.00");
  await victim.settle();

  const card = await newCard(victim, "10.00");
  const mine = await newCard(forger);
  await callWell(forger, "edit_card", { card: mine.id, name: mine.name, alt: "", owner: victim.name, owner_id: victim.name, price_cents: "1", version: "1" });
  expect(await cardOf(forger, mine.id)).toMatchObject({ price: null, version: mine.version + 1 });
  await callWell(forger, "buy", { ...await terms(victim, card.id), buyer: victim.name, buyer_id: victim.name, account: victim.name, ...slipped });
  expect([await balance(forger), await balance(victim)]).toEqual([90_00, 110_00]);
  await callWell(forger, "put_on_sale", { card: card.id, price: "20.00", owner: victim.name, seller: victim.name });
  await buy(victim, forger, card.id);
  expect([await balance(forger), await balance(victim)]).toEqual([110_00, 90_00]);
});
