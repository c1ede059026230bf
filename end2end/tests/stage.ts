// A market with people in it, set up by the posts that a browser without script would send.
import { randomUUID } from "node:crypto";
import { expect, type Browser } from "@playwright/test";
import { fleet } from "./fleet";
import { Person, png } from "./person";

export type Fields = Record<string, string>;
export type OwnCard = { id: string; name: string; price: number | null; version: number };
/** A refusal without numbers is its code, one with numbers an object that has the code as its only key. */
type Refusal = string | Record<string, unknown>;
export type Refused = { refused: { refusals: Refusal[] } };
let cards = 0;

export function codes({ refused }: Refused): string[] {
  return refused.refusals.map(refusal => typeof refusal === "string" ? refusal : Object.keys(refusal)[0]);
}

/** Calls a function in somebody's name, as a program would that has their cookie. */
export async function call(who: Person, act: string, form: Fields) {
  return who.page.request.post(`${who.base}/api/${act}`, { form, headers: { origin: fleet().url }, maxRedirects: 0 });
}

export async function callWell(who: Person, act: string, form: Fields) {
  const answer = await call(who, act, form);
  expect(answer.status(), `${act}: ${await answer.text()}`).toBe(200);
}

export async function dashboard(who: Person): Promise<{ profile: { balance: number }; cards: OwnCard[] }> {
  return (await who.page.request.get(`${who.base}/api/dashboard`)).json();
}

export async function activity(who: Person): Promise<{ entries: any[] }> {
  return (await who.page.request.get(`${who.base}/api/activity`)).json();
}

export async function balance(who: Person): Promise<number> {
  return (await dashboard(who)).profile.balance;
}

export async function cardOf(owner: Person, id: string): Promise<OwnCard> {
  const card = (await dashboard(owner)).cards.find(card => card.id === id);
  if (!card) throw new Error(`${owner.name} does not own ${id}`);
  return card;
}

/** A new card, on sale when it has a price. */
export async function newCard(owner: Person, price?: string): Promise<OwnCard> {
  const name = `Card${++cards}of${owner.name}`;
  const picture = { name: "card.png", mimeType: "image/png", buffer: png(30, 40) };
  const added = await owner.page.request.post(`${owner.base}/dashboard/add?/add_card`, {
    headers: { origin: fleet().url }, multipart: { name, alt: "Stripes", picture }, maxRedirects: 0,
  });
  expect(added.status(), await added.text()).toBe(303);
  const { id } = (await dashboard(owner)).cards.find(card => card.name === name)!;
  if (price) await callWell(owner, "put_on_sale", { card: id, price });
  return cardOf(owner, id);
}

/** Buys a card as its owner offers it now. */
export async function buy(buyer: Person, owner: Person, id: string) {
  await callWell(buyer, "buy", await terms(owner, id));
}

export async function terms(owner: Person, id: string): Promise<Fields> {
  const { version, price } = await cardOf(owner, id);
  return { card: id, version: String(version), price: String(price), key: randomUUID() };
}

/** People who know each other from test to test. */
export class Stage {
  private constructor(readonly seller: Person, readonly buyer: Person, readonly rival: Person) {}

  static async open(browser: Browser, scripted: boolean): Promise<Stage> {
    const [seller, buyer, rival] = await Promise.all(["s", "b", "r"].map(role => arrive(browser, scripted, role)));
    for (const person of [seller, buyer, rival]) await person.settle();
    return new Stage(seller, buyer, rival);
  }

  /** Everything that a refusal must leave as it is. */
  async books() {
    const people = [this.seller, this.buyer, this.rival];
    return Promise.all(people.map(async person => {
      const { profile, cards } = await dashboard(person);
      const mine = cards.map(({ id, name, price, version }) => ({ id, name, price, version }));
      return { name: person.name, balance: profile.balance, mine, entries: (await activity(person)).entries.length };
    }));
  }
}

export async function arrive(browser: Browser, scripted: boolean, role = "p", base = fleet().url): Promise<Person> {
  return Person.arrive(await browser.newContext(), scripted, base, role);
}
