// Every "no" is said in words, by a form with script and without and to a forged post alike; nothing changes.
import { expect, test, type Page } from "@playwright/test";
import { fleet } from "./fleet";
import { Person, png } from "./person";
import { REFUSALS, prying } from "./refusals";
import { Stage, arrive, call, codes, type Fields } from "./stage";

const scripted = () => test.info().project.use.javaScriptEnabled !== false;
/** What a form never asks for. */
const SLIPPED_IN = { balance: "100000000", balance_cents: "100000000", activated: "true", owner: "me", buyer: "me", account: "me" };
let stage: Stage;

test.beforeAll(async ({ browser }) => { stage = await Stage.open(browser, scripted()); });
test.afterAll(async () => {
  for (const person of [stage.seller, stage.buyer, stage.rival]) await person.page.context().close();
});

/** What the form would send, without its file. */
function fieldsOf(page: Page, act: string): Promise<Fields> {
  const inputs = page.locator(`form[action="?/${act}"]`).first().locator("input:not([type=file]):not([type=checkbox])");
  return inputs.evaluateAll(all => Object.fromEntries(all.map(input => [(input as HTMLInputElement).name, (input as HTMLInputElement).value])));
}

for (const { code, status, sentence, when, attempt } of REFUSALS) {
  test(`${code}: ${when}`, async () => {
    const { who, path, act, typed = {}, button, meanwhile, leavesNoForm } = await attempt(stage);
    const page = who.page;
    await who.go(path);
    for (const [label, text] of Object.entries(typed)) await page.getByLabel(label, { exact: true }).fill(text);
    const fields = await fieldsOf(page, act);
    await meanwhile?.();
    const before = await stage.books();

    const answer = page.waitForResponse(response => response.request().method() === "POST" && response.url().includes(`/${act}`));
    await who.press(button);
    expect((await answer).status()).toBe(status);
    await expect(page.getByText(sentence).first()).toBeVisible();
    for (const [label, text] of Object.entries(leavesNoForm ? {} : typed)) {
      const given = !scripted() && label.toLowerCase().includes("password") ? "" : text;
      await expect(page.getByLabel(label === "Price" ? /price$/i : label, { exact: true })).toHaveValue(given);
    }

    const forged = await call(who, act, { ...fields, ...SLIPPED_IN });
    expect(forged.status()).toBe(status);
    expect(codes(await forged.json())).toEqual([code]);
    const posted = await page.request.post(`${who.base}${path.split("?")[0]}?/${act}`, {
      form: { ...fields, ...SLIPPED_IN }, headers: { origin: fleet().url }, maxRedirects: 0,
    });
    expect(posted.status()).toBe(status);
    expect((await posted.text()).replace(/<[^>]*>/g, "")).toMatch(sentence);
    expect(await stage.books()).toEqual(before);
    expect(who.troubles.splice(0)).toEqual([]);
    if (![stage.seller, stage.buyer, stage.rival].includes(who)) await page.context().close();
  });
}

test("what is not mine is not found, whatever I send", async () => {
  const attempts = await prying(stage);
  const before = await stage.books();
  for (const [who, act, fields] of attempts) {
    const answer = await call(who, act, { ...fields, ...SLIPPED_IN });
    expect(answer.status(), act).toBe(404);
    expect(codes(await answer.json()), act).toEqual(["not-found"]);
  }
  expect(await stage.books()).toEqual(before);
});

test("without a session every act is answered with the way to sign in", async ({ browser, request }) => {
  const stranger = await arrive(browser, scripted());
  const headers = { origin: fleet().url };
  const before = await stage.books();
  for (const [, act, fields] of await prying(stage)) {
    const answer = await call(stranger, act, fields);
    expect(answer.status(), act).toBe(401);
    expect(codes(await answer.json()), act).toEqual(["signed-out"]);
    const page = await request.post(`/dashboard?/${act}`, { form: fields, headers, maxRedirects: 0 });
    expect([page.status(), page.headers().location], act).toEqual([303, "/login?next=%2Fdashboard"]);
  }
  expect((await stage.books()).map(it => it.balance)).toEqual(before.map(it => it.balance));
});

test("a registration that cannot be says everything at once and keeps what was typed", async ({ browser }) => {
  const person = await arrive(browser, scripted());
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
