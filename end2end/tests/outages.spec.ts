// What is left when a part of the fleet is gone: a node in the middle of a purchase, and Redis.
import { expect, test } from "@playwright/test";
import { backAgain, fleet, kill, until } from "./fleet";
import type { Person } from "./person";
import { arrive, newCard } from "./stage";

const scripted = () => test.info().project.use.javaScriptEnabled !== false;

test("acceptance 15: the node that showed the confirmation dies, and the other one completes the purchase", async ({ browser }) => {
  const [seller, buyer] = [await arrive(browser, scripted(), "s"), await arrive(browser, scripted(), "b")];
  for (const person of [seller, buyer]) await person.settle();
  const card = await newCard(seller, "10.00");
  await buyer.go(`/cards/${card.id}/buy`);
  const node = buyer.last;
  const answer = buyer.page.waitForResponse(response => response.request().method() === "POST");
  const pid = kill(node);
  const reference = await buyer.confirm();
  expect((await answer).headers()["x-served-by"]).toBe(fleet().nodes.find(other => other.name !== node)!.name);
  await backAgain(node, pid);
  await buyer.expectBalance("90.00");
  await seller.expectBalance("110.00");
  await buyer.go("/activity");
  await buyer.page.getByRole("link", { name: "Receipt" }).click();
  await expect(buyer.page.getByTestId("reference")).toHaveText(reference);
  expect([...seller.troubles, ...buyer.troubles]).toEqual([]);
});

/** Each node finds its own way back to Redis. */
async function accountsAreBack(member: Person) {
  const missing = new Set(fleet().nodes.map(node => node.name));
  await until("accounts are back on every node", async () => {
    const dashboard = await member.page.request.get(`${member.base}/dashboard`);
    if (dashboard.status() === 200) missing.delete(dashboard.headers()["x-served-by"]);
    return missing.size === 0;
  });
}

test("acceptance 16: without Redis the market stays open, accounts wait, and nobody is signed out", async ({ browser }) => {
  const [member, stranger] = [await arrive(browser, scripted(), "m"), await arrive(browser, scripted(), "x")];
  await member.settle();
  const card = await newCard(member, "10.00");
  const heading = (page: typeof member.page) => page.getByRole("heading", { level: 1 });
  const redis = fleet().redis_pid;
  process.kill(redis, "SIGSTOP");
  try {
    const market = await stranger.go(`/?q=${card.name}`);
    expect(market.status()).toBe(200);
    await expect(stranger.tile(card.name)).toBeVisible();
    await stranger.tile(card.name).getByRole("link").first().click();
    await expect(heading(stranger.page)).toHaveText(card.name);

    const dashboard = await member.go("/dashboard");
    expect(dashboard.status()).toBe(503);
    expect(Number(dashboard.headers()["retry-after"])).toBeGreaterThan(0);
    await expect(heading(member.page)).toHaveText("My cards");
    await expect(member.page.getByRole("heading", { name: "Back in a moment" })).toBeVisible();
    await expect(member.page.getByText("You are still signed in and nothing is lost")).toBeVisible();
    // What to name when writing to us: the log's own id.
    const line = member.page.getByText("If you write to us about this, name:");
    await expect(line.locator("code")).toHaveText(dashboard.headers()["x-request-id"]);
    await member.page.getByRole("link", { name: "Go to the market" }).click();
    await expect(heading(member.page)).toHaveText("Market");
    await expect(member.page.getByText("Accounts are unavailable just now")).toBeVisible();
    const open = await member.go("/");
    expect(open.status()).toBe(200);
  } finally {
    process.kill(redis, "SIGCONT");
  }
  await accountsAreBack(member);
  await member.expectBalance("100.00");
  expect([...member.troubles, ...stranger.troubles].filter(it => !it.startsWith("503"))).toEqual([]);
});

test("acceptance 16: Redis that was killed comes back with every session", async ({ browser }) => {
  const member = await arrive(browser, scripted(), "m");
  await member.settle();
  const killed = fleet().redis_pid;
  process.kill(killed, "SIGKILL");
  await until("Redis is back", () => fleet().redis_pid !== killed);
  await accountsAreBack(member);
  await member.expectBalance("100.00");
});
