// The account: devices, passwords, addresses, what runs out, what is kept, and the end of it.
import { expect, test, type Browser } from "@playwright/test";
import { fleet, linkMailedTo, runOut, sessions, until } from "./fleet";
import { PASSWORD, Person } from "./person";

const scripted = () => test.info().project.use.javaScriptEnabled !== false;

async function arrive(browser: Browser, role = "p") {
  return Person.arrive(await browser.newContext(), scripted(), fleet().url, role);
}

/** The same person with another browser. */
async function another(browser: Browser, person: Person) {
  const again = await Person.arrive(await browser.newContext(), scripted(), fleet().url);
  Object.assign(again, { name: person.name });
  await again.signInWell();
  return again;
}

async function expectSignedOut(person: Person) {
  await person.page.goto(person.base + "/dashboard");
  await expect(person.page).toHaveURL(/\/login/);
}

test("acceptance 14: signed in on one node is signed in on the other, and a cookie from before signing out is worth nothing", async ({ browser }) => {
  const [a, b] = fleet().nodes;
  const context = await browser.newContext();
  const person = await Person.arrive(context, scripted(), a.url);
  await person.settle();
  expect([...person.servedBy]).toEqual([a.name]);
  const [cookie] = await context.cookies();
  person.base = b.url;
  await person.expectBalance("100.00");
  expect(person.last).toBe(b.name);
  person.base = a.url;
  await person.go("/dashboard");
  await person.signOut();
  await context.addCookies([cookie]);
  for (const node of [b, a]) {
    person.base = node.url;
    await expectSignedOut(person);
    const asked = await context.request.get(`${node.url}/api/dashboard`);
    expect(asked.status(), node.name).toBe(401);
  }
  expect(person.troubles).toEqual([]);
});

test("acceptance 29: devices are listed, and one that is signed out from another asks to sign in at its next click", async ({ browser }) => {
  const laptop = await arrive(browser);
  await laptop.settle();
  const phone = await another(browser, laptop);
  const tablet = await another(browser, laptop);
  await laptop.go("/account");
  const devices = laptop.page.getByTestId("devices").getByRole("listitem");
  await expect(devices).toHaveCount(3);
  await expect(devices.filter({ hasText: "This device" })).toHaveCount(1);
  for (const device of [phone, tablet]) await device.go("/dashboard");
  await devices.filter({ hasNotText: "This device" }).first().getByRole("button").click();
  await expect(devices).toHaveCount(2);
  await laptop.press("Sign out the other devices");
  await expect(devices).toHaveCount(1);
  for (const gone of [phone, tablet]) {
    // With script the page hears of it by itself.
    if (!scripted()) await gone.page.getByRole("link", { name: "Activity" }).click();
    await expect(gone.page.getByRole("heading", { level: 1 })).toHaveText("Sign in");
    await expectSignedOut(gone);
    await expect(gone.page.getByTestId("ended")).toContainText("signed out from another device");
  }
  await laptop.press("Sign out everywhere");
  await expect(laptop.page.getByRole("heading", { level: 1 })).toHaveText("Sign in");
  await expectSignedOut(laptop);
  expect([...laptop.troubles, ...phone.troubles, ...tablet.troubles]).toEqual([]);
});

test("a changed password ends the other sessions and keeps this one", async ({ browser }) => {
  const [one, other] = [await arrive(browser), await arrive(browser)];
  await one.settle();
  Object.assign(other, { name: one.name });
  await other.signInWell();
  await one.go("/account/password");
  await one.page.getByLabel("Current password").fill("not it");
  await one.page.getByLabel("New password").fill("another long secret");
  await one.press("Change password");
  await expect(one.page.locator("#current_password-error")).toContainText("not your current password");
  await one.page.getByLabel("Current password").fill(PASSWORD);
  await one.page.getByLabel("New password").fill("another long secret");
  await one.press("Change password");
  await expect(one.page.getByRole("heading", { level: 1 })).toHaveText("My account");
  await expectSignedOut(other);
  await other.signIn();
  await expect(other.page.getByRole("alert")).toContainText("do not match");
  await other.signIn("another long secret");
  await expect(other.page.getByRole("heading", { level: 1 })).toHaveText("My cards");
});

test("acceptance 21: a forgotten password is set anew, which ends every session; the link works once", async ({ browser }) => {
  const person = await arrive(browser);
  await person.settle();
  const forgetful = await arrive(browser);
  await forgetful.go("/login");
  await forgetful.page.getByRole("link", { name: "Forgotten your password?" }).click();
  await forgetful.page.getByLabel("E-mail address").fill(person.email);
  await forgetful.press("Send me the link");
  await expect(forgetful.page.getByText("a mail with a link is on its way").first()).toBeVisible();
  const link = new URL(await until("the mail", () => linkMailedTo(person.email, "reset")));
  await forgetful.go(link.pathname + link.search);
  await forgetful.page.getByLabel("New password").fill("short");
  await forgetful.press("Set the new password");
  await expect(forgetful.page.locator("#password-error")).toBeVisible();
  await forgetful.page.getByLabel("New password").fill("remembered this time");
  await forgetful.press("Set the new password");
  await expect(forgetful.page.getByRole("heading", { level: 1 })).toHaveText("Sign in");
  await expectSignedOut(person);
  await forgetful.go(link.pathname + link.search);
  await forgetful.page.getByLabel("New password").fill("somebody else's");
  await forgetful.press("Set the new password");
  await expect(forgetful.page.getByRole("alert")).toBeVisible();
  await person.signIn("remembered this time");
  await expect(person.page.getByRole("heading", { level: 1 })).toHaveText("My cards");
  expect([...person.troubles, ...forgetful.troubles]).toEqual([]);
});

test("acceptance 28: a session that ran out in the middle of a form comes back with what was typed", async ({ browser }) => {
  const person = await arrive(browser);
  const before = new Set(sessions());
  await person.settle();
  const [session] = sessions().filter(session => !before.has(session));
  const card = `Typed${person.name}`;
  await person.addCard(card);
  await person.go("/dashboard");
  await person.tile(card).getByRole("link", { name: /^Sell/ }).click();
  await person.page.getByLabel("Price").fill("17.40");
  runOut(session);
  await person.press("Put it on sale");
  await expect(person.page.getByTestId("ended")).toContainText("nothing happened here for a while");
  await person.ready();
  await person.page.getByLabel("Username or e-mail address").fill(person.name);
  await person.page.getByLabel("Password").fill(PASSWORD);
  await person.press("Sign in");
  await expect(person.page.getByRole("heading", { level: 1 })).toHaveText(`Sell ${card}`);
  await expect(person.page.getByLabel("Price")).toHaveValue("17.40");
  await person.ready();
  await person.press("Put it on sale");
  await expect(person.tile(card)).toContainText("17.40");
  expect(person.troubles).toEqual([]);
});

test("a new address counts once its owner opened the link", async ({ browser }) => {
  const person = await arrive(browser);
  await person.settle();
  const address = `new-${person.name}@example.org`;
  await person.go("/account/email");
  await person.page.getByLabel("New e-mail address").fill(address);
  await person.page.getByLabel("Current password").fill(PASSWORD);
  await person.press("Send the link");
  await expect(person.page.getByRole("heading", { level: 1 })).toHaveText("My account");
  await expect(person.page.getByText(person.email)).toBeVisible();
  const link = new URL(await until("the mail", () => linkMailedTo(address, "account/email")));
  await person.go(link.pathname + link.search);
  await person.press("Use this address");
  await expect(person.page.getByText(address)).toBeVisible();
});

test("a person takes everything home and then leaves for good", async ({ browser }) => {
  const person = await arrive(browser);
  const card = `Last${person.name}`;
  await person.openShop(card, "3");
  await person.go("/account");
  const download = person.page.waitForEvent("download");
  await person.page.getByRole("link", { name: "Export my data" }).click();
  const kept = await (await download).createReadStream();
  let text = "";
  for await (const chunk of kept) text += chunk;
  expect(JSON.stringify(JSON.parse(text))).toContain(card);
  await person.go("/account/delete");
  await person.page.getByLabel("Current password").fill(PASSWORD);
  await person.press("Delete my account for good");
  await expect(person.page.getByRole("heading", { level: 1 })).toHaveText("Market");
  await expect(person.tile(card)).toHaveCount(0);
  await person.signIn();
  await expect(person.page.getByRole("alert")).toContainText("do not match");
});
