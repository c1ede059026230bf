// Races on the market, by direct calls to both nodes: whatever arrives at once, a card is sold once.
import { randomUUID } from "node:crypto";
import { expect, test } from "@playwright/test";
import { fleet, linkMailedTo, redisCalls, until } from "./fleet";
import { PASSWORD, Person } from "./person";
import { codes } from "./stage";

test.skip(() => test.info().project.name !== "script on", "no page is involved");

type Answer = { status: number; body: any };

/** Somebody without a browser: a cookie and two nodes to choose from. */
class Caller {
  cookie = "";
  private turn = 0;
  private constructor(readonly name: string) {}

  static async arrive(role: string): Promise<Caller> {
    const caller = new Caller(`${role}${randomUUID().slice(0, 12).replaceAll("-", "")}`);
    const email = `${caller.name}@example.com`;
    await caller.post("register", { username: caller.name, email, password: PASSWORD });
    const link = new URL(await until(`the mail to ${caller.name}`, () => linkMailedTo(email)));
    await caller.post("activate", { token: link.searchParams.get("token")! });
    await caller.post("sign_in", { username: caller.name, password: PASSWORD });
    expect(caller.cookie).not.toBe("");
    return caller;
  }

  /** Calls a function on one node after the other. */
  async post(name: string, fields: Record<string, string>): Promise<Answer> {
    return this.call(`/api/${name}`, { method: "POST", body: new URLSearchParams(fields) });
  }

  async get(name: string): Promise<any> {
    return (await this.call(`/api/${name}`, {})).body;
  }

  private async call(path: string, init: RequestInit): Promise<Answer> {
    const nodes = fleet().nodes;
    const node = nodes[this.turn++ % nodes.length];
    const headers = { origin: fleet().url, cookie: this.cookie };
    const answer = await fetch(node.url + path, { ...init, headers, redirect: "manual" });
    const cookie = answer.headers.get("set-cookie");
    if (cookie) this.cookie = cookie.split(";")[0];
    const text = await answer.text();
    return { status: answer.status, body: text.startsWith("{") || text.startsWith("[") ? JSON.parse(text) : text };
  }

  async balance(): Promise<number> {
    return (await this.get("dashboard")).profile.balance;
  }

  async card(id: string) {
    return (await this.get("dashboard")).cards.find((card: any) => card.id === id);
  }
}

/** The refusal of somebody who comes after another buyer. */
function isLate({ status, body }: Answer): boolean {
  return status === 409 && ["somebody-was-faster", "not-on-sale"].includes(codes(body)[0]);
}

/** A card of a new person, added through the page that everybody uses. */
async function cardOf(seller: Caller, page: Person): Promise<string> {
  const name = `Raced${seller.name}`;
  Object.assign(page, { name: seller.name });
  await page.signInWell();
  await page.addCard(name);
  const { cards } = await seller.get("dashboard");
  return cards[0].id;
}

test("of 64 buyers one gets the card, 200 times over, and the others hear why", async ({ browser }) => {
  test.setTimeout(600_000);
  const people: Caller[] = [];
  for (let begun = 0; begun < 65; begun += 13) {
    people.push(...await Promise.all(Array.from({ length: 13 }, () => Caller.arrive("r"))));
  }
  let owner = people[0];
  const card = await cardOf(owner, await Person.arrive(await browser.newContext(), true, fleet().url));
  for (let round = 0; round < 200; round++) {
    expect((await owner.post("put_on_sale", { card, price: "1.00" })).status).toBe(200);
    const { version } = await owner.card(card);
    const buyers = people.filter(person => person !== owner);
    const answers = await Promise.all(buyers.map(buyer =>
      buyer.post("buy", { card, version: String(version), price: "100", key: randomUUID() })));
    const winners = buyers.filter((_, place) => answers[place].status === 200);
    const otherwise = answers.filter(answer => answer.status !== 200 && !isLate(answer));
    // One a round: thousands would take longer than the purchases.
    expect({ round, winners: winners.length, otherwise }).toEqual({ round, winners: 1, otherwise: [] });
    owner = winners[0];
  }
  const balances = await Promise.all(people.map(person => person.balance()));
  expect(balances.reduce((sum, balance) => sum + balance, 0)).toBe(65 * 100_00);
});

test("a purchase asks Redis for who buys, and has it tell the fleet once", async ({ browser }) => {
  const [seller, buyer] = [await Caller.arrive("s"), await Caller.arrive("b")];
  const page = await Person.arrive(await browser.newContext(), true, fleet().url);
  const card = await cardOf(seller, page);
  // An open page asks anew when it hears of a sale.
  await page.page.context().close();
  const told = redisCalls().publish ?? 0;
  await seller.post("put_on_sale", { card, price: "12.00" });
  await until("the fleet hears of the offer", () => redisCalls().publish > told);
  const { version } = await seller.card(card);
  const before = redisCalls();
  const terms = { card, version: String(version), price: "1200", key: randomUUID() };
  expect((await buyer.post("buy", terms)).status).toBe(200);
  await until("the fleet hears of the sale", () => redisCalls().publish > before.publish);
  const since = Object.entries(redisCalls()).map(([command, calls]) => [command, calls - (before[command] ?? 0)] as const);
  expect(since.filter(([, calls]) => calls > 0).sort()).toEqual([["hgetall", 1], ["publish", 1]]);
});

test("one purchase sent twenty times is bought once and answered alike", async ({ browser }) => {
  const [seller, buyer] = [await Caller.arrive("s"), await Caller.arrive("b")];
  const card = await cardOf(seller, await Person.arrive(await browser.newContext(), true, fleet().url));
  await seller.post("put_on_sale", { card, price: "12.00" });
  const { version } = await seller.card(card);
  const terms = { card, version: String(version), price: "1200", key: randomUUID() };
  const answers = await Promise.all(Array.from({ length: 10 }, () => buyer.post("buy", terms)));
  for (let again = 0; again < 10; again++) answers.push(await buyer.post("buy", terms));
  expect(new Set(answers.map(answer => JSON.stringify(answer)))).toHaveProperty("size", 1);
  expect(answers[0]).toMatchObject({ status: 200, body: { to: `/cards/${card}/buy?receipt=${terms.key}` } });
  expect(await buyer.balance()).toBe(88_00);
  expect(await seller.balance()).toBe(112_00);
  const { entries } = await buyer.get("activity");
  expect(entries.filter((entry: any) => entry.kind === "bought")).toHaveLength(1);
});
