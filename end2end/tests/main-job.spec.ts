// The main job, from a stranger to a purchase on another node, with script and without.
import { expect, test } from "@playwright/test";
import { backAgain, fleet, kill, redis } from "./fleet";
import { Person } from "./person";
import { newCard } from "./stage";

const scripted = () => test.info().project.use.javaScriptEnabled !== false;

test("acceptance 10: a stranger registers, activates and signs in to a dashboard with 100.00", async ({ browser }) => {
  const person = await Person.arrive(await browser.newContext(), scripted(), fleet().url);
  await person.go("/");
  await person.page.getByRole("banner").getByRole("link", { name: "Create account" }).click();
  await expect(person.page.getByRole("heading", { level: 1 })).toHaveText("Create your account");
  await person.settle();
  await expect(person.page.getByTestId("dashboard-balance")).toHaveText("100.00");
  await expect(person.page.getByRole("heading", { name: "Your collection starts here" })).toBeVisible();
  await person.go("/activity");
  await expect(person.page.getByRole("main").getByRole("listitem")).toHaveCount(1);
  await expect(person.page.getByText("Welcome to CardStore")).toBeVisible();
  expect(person.troubles).toEqual([]);
});

test("acceptance 12: a bad price is kept beside its error; a confirmed purchase leads to a receipt that a reload keeps", async ({ browser }) => {
  const [seller, buyer] = await Promise.all(["s", "b"].map(async role =>
    Person.arrive(await browser.newContext(), scripted(), fleet().url, role)));
  for (const person of [seller, buyer]) await person.settle();
  const card = await newCard(seller);
  await seller.sell(card.name, "1.005");
  await expect(seller.page.locator("#price-error")).toHaveText("Enter a price like 12.50, with at most two decimals.");
  await expect(seller.page.getByLabel("Price")).toHaveValue("1.005");
  await seller.ready();
  await seller.page.getByLabel("Price").fill("10,50");
  await seller.press("Put it on sale");
  await expect(seller.tile(card.name)).toContainText("10.50");

  await buyer.openConfirmation(card.name);
  for (const sum of ["10.50", "100.00", "89.50"]) await expect(buyer.page.locator(".sums")).toContainText(sum);
  const reference = await buyer.confirm();
  for (let turn = 0; turn < 2; turn++) {
    await buyer.page.reload();
    await expect(buyer.page.getByTestId("reference")).toHaveText(reference);
  }
  await buyer.expectBalance("89.50");
  await seller.expectBalance("110.50");
  expect([...seller.troubles, ...buyer.troubles]).toEqual([]);
});

test("the main job works across two nodes", async ({ browser }) => {
  const sessionsBefore = redis("--scan", "--pattern", "cardstore:*").length;
  const [ana, bo] = await Promise.all(["ana", "bo"].map(async role =>
    Person.arrive(await browser.newContext(), scripted(), fleet().url, role)));
  const card = `Aurora${ana.name} over <b>Tromsø</b> & friends`;

  await ana.settle();
  await ana.expectBalance("100.00");
  await ana.addCard(card);
  await ana.sellWell(card, "12,50");

  // The picture lies in the bucket and comes from there, not through a node.
  const picture = await ana.tile(card).getByRole("img").getAttribute("src");
  expect(picture).toContain(fleet().s3.endpoint);
  const object = await fetch(picture!);
  expect(object.status).toBe(200);
  expect(object.headers.get("content-type")).toMatch(/^image\/(webp|png)$/);

  await bo.settle();
  expect(redis("--scan", "--pattern", "cardstore:*").length).toBeGreaterThan(sessionsBefore);
  await bo.openConfirmation(card);
  const reference = await bo.confirm();
  await expect(bo.page.getByText("87.50")).not.toHaveCount(0);

  // A reload shows the same receipt and buys nothing.
  await bo.page.reload();
  await expect(bo.page.getByTestId("reference")).toHaveText(reference);
  await bo.expectBalance("87.50");
  await expect(bo.tile(card)).toContainText("Not for sale");
  await ana.expectBalance("112.50");
  await expect(ana.tile(card)).toHaveCount(0);

  const nodes = fleet().nodes.map(node => node.name);
  for (const person of [ana, bo]) {
    expect([...person.servedBy].sort()).toEqual(nodes);
    await person.signOut();
    await person.page.goto(person.base + "/dashboard");
    await expect(person.page).toHaveURL(/\/login\?next=(%2F|\/)dashboard/);
    expect(person.troubles).toEqual([]);
  }
});

test("a purchase on one node is seen by a seller on the other", async ({ browser }) => {
  const [a, b] = fleet().nodes;
  const seller = await Person.arrive(await browser.newContext(), scripted(), fleet().url, "s");
  await seller.settle();
  const card = `Pair${seller.name}`;
  await seller.addCard(card);
  const onlooker = await Person.arrive(await browser.newContext(), scripted(), a.url, "x");
  const buyerOnB = await Person.arrive(await browser.newContext(), scripted(), b.url, "y");
  await buyerOnB.settle();
  await seller.sellWell(card, "7");
  await onlooker.go("/");
  await expect(onlooker.tile(card)).toBeVisible();
  await buyerOnB.openConfirmation(card);
  await buyerOnB.confirm();
  expect([...buyerOnB.servedBy]).toEqual([b.name]);
  await onlooker.go("/");
  await expect(onlooker.tile(card)).toHaveCount(0);
  expect([...onlooker.servedBy]).toEqual([a.name]);
  await seller.expectBalance("107.00");
});

test("refreshing the dashboard alternates the nodes and stays signed in", async ({ browser }) => {
  const person = await Person.arrive(await browser.newContext(), scripted(), fleet().url);
  await person.settle();
  const named = new Set<string>();
  for (let turn = 0; turn < 6; turn++) {
    const response = await person.go("/dashboard");
    expect(response.status()).toBe(200);
    expect(response.headers()["set-cookie"]).toBeUndefined();
    const node = await person.page.getByTestId("node").innerText();
    expect(node).toBe(response.headers()["x-served-by"]);
    named.add(node);
  }
  expect([...named].sort()).toEqual(fleet().nodes.map(node => node.name));
});

test("killing a node between any two steps signs nobody out and loses nothing", async ({ browser }) => {
  test.setTimeout(300_000);
  const ana = await Person.arrive(await browser.newContext(), scripted(), fleet().url, "ana");
  const bo = await Person.arrive(await browser.newContext(), scripted(), fleet().url, "bo");
  const card = `Survivor${ana.name}`;
  const steps: [Person, () => Promise<unknown>][] = [
    [ana, () => ana.register()],
    [ana, () => ana.activate()],
    [ana, () => ana.signInWell()],
    [ana, () => ana.expectBalance("100.00")],
    [ana, () => ana.addCard(card)],
    [ana, () => ana.sellWell(card, "30.00")],
    [bo, () => bo.settle()],
    [bo, () => bo.openConfirmation(card)],
    [bo, () => bo.confirm()],
    [bo, () => bo.expectBalance("70.00")],
    [ana, () => ana.expectBalance("130.00")],
    [ana, () => ana.signOut()],
  ];
  for (const [person, step] of steps) {
    await step();
    // The node that knew this person last is gone; the other one goes on.
    const name = person.last;
    const pid = kill(name);
    await backAgain(name, pid);
  }
  expect([...ana.troubles, ...bo.troubles]).toEqual([]);
});
