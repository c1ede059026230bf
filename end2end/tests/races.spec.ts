// Races on the market, by direct calls to both nodes: whatever arrives at once, a card is sold once.
import { randomUUID } from "node:crypto";
import { expect, test } from "@playwright/test";
import { fleet, linkMailedTo, until } from "./fleet";
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
    expect(winners, `round ${round}`).toHaveLength(1);
    for (const { status, body } of answers.filter(answer => answer.status !== 200)) {
      expect(status, JSON.stringify(body)).toBe(409);
      expect(["somebody-was-faster", "not-on-sale"]).toContain(codes(body)[0]);
    }
    owner = winners[0];
  }
  const balances = await Promise.all(people.map(person => person.balance()));
  expect(balances.reduce((sum, balance) => sum + balance, 0)).toBe(65 * 100_00);
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
