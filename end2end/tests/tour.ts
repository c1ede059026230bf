// Every page of the store in every state that people see, and how to come there.
import { expect, type Browser, type BrowserContextOptions, type Page } from "@playwright/test";
import { fleet } from "./fleet";
import { Person, png } from "./person";
import { buy, callWell, newCard, terms } from "./stage";

export type Stop = {
  what: string; who: Person; path: string;
  /** What somebody does there to see it. */
  act?: (page: Page) => Promise<unknown>;
  /** Leaves it as it was. */
  leave?: (page: Page) => Promise<unknown>;
};

export class Tour {
  private constructor(readonly stops: Stop[], private readonly people: Person[]) {}

  /** Strangers, a newcomer with nothing and a member with everything. */
  static async prepare(browser: Browser, scripted: boolean, options: BrowserContextOptions = {}): Promise<Tour> {
    const arrive = async (role: string) => Person.arrive(await browser.newContext(options), scripted, fleet().url, role);
    const [stranger, newcomer, member, seller] = await Promise.all(["x", "n", "m", "s"].map(arrive));
    for (const person of [newcomer, member, seller]) await person.settle();
    const [mine, offered, sold] = [await newCard(member), await newCard(member, "7.00"), await newCard(member, "3.00")];
    const [bought, other, dear] = [await newCard(seller, "5.00"), await newCard(seller, "6.00"), await newCard(seller, "1000.00")];
    await buy(seller, member, sold.id);
    const paid = await terms(seller, bought.id);
    await callWell(member, "buy", paid);
    const upload = { name: "card.png", mimeType: "image/png", buffer: png(240, 320) };

    const stops: Stop[] = [
      ...["/", "/?q=nothing-is-called-this", `/?seller=${seller.name}&min=1&max=9000&sort=dearest`, "/register", "/login", "/activate",
        "/activate?token=x", "/forgot", "/reset?token=x", "/nowhere", "/cards/01890000-0000-7000-8000-000000000000", `/cards/${offered.id}`]
        .map(path => ({ what: `a stranger's ${path}`, who: stranger, path })),
      { what: "a refused registration", who: stranger, path: "/register", act: page => refused(page, "Create account") },
      { what: "a refused sign-in", who: stranger, path: "/login", act: page => refused(page, "Sign in") },
      ...["/dashboard", "/activity?show=sold", "/notifications"].map(path => ({ what: `a newcomer's ${path}`, who: newcomer, path })),
      ...["/", "/dashboard", "/dashboard?show=on-sale", "/dashboard?show=not-for-sale", "/dashboard/add", "/activity", "/notifications",
        "/account", "/account/password", "/account/email", "/account/email?token=x", "/account/delete"]
        .map(path => ({ what: `a member's ${path}`, who: member, path })),
      { what: "my card", who: member, path: `/cards/${mine.id}` },
      { what: "my card with a past", who: member, path: `/cards/${bought.id}` },
      { what: "my card on sale", who: member, path: `/cards/${offered.id}` },
      { what: "selling", who: member, path: `/cards/${mine.id}/sell` },
      { what: "a refused price", who: member, path: `/cards/${mine.id}/sell`, act: page => refused(page, "Put it on sale") },
      { what: "changing a price", who: member, path: `/cards/${offered.id}/sell` },
      { what: "editing", who: member, path: `/cards/${mine.id}/edit` },
      { what: "editing what is on sale", who: member, path: `/cards/${offered.id}/edit` },
      { what: "somebody's card", who: member, path: `/cards/${other.id}` },
      { what: "confirming a purchase", who: member, path: `/cards/${other.id}/buy` },
      { what: "being short", who: member, path: `/cards/${dear.id}/buy` },
      { what: "buying what is mine", who: member, path: `/cards/${offered.id}/buy` },
      { what: "a receipt", who: member, path: `/cards/${bought.id}/buy?receipt=${paid.key}` },
      { what: "a refused password", who: member, path: "/account/delete", act: page => refused(page, "Delete my account for good") },
    ];
    if (scripted) stops.push(
      { what: "the picture at full size", who: member, path: `/cards/${other.id}`, act: openLightbox },
      { what: "a picture that arrived", who: member, path: "/dashboard/add", act: async page => {
        await page.getByLabel("Picture", { exact: true }).setInputFiles(upload);
        await expect(page.getByTestId("arrived")).toBeVisible();
      } },
      { what: "several pictures", who: member, path: "/dashboard/add", act: async page => {
        await page.getByLabel("Picture", { exact: true }).setInputFiles([upload, { ...upload, name: "other.png", buffer: png(120, 160) }]);
        await expect(page.getByTestId("arrived")).toHaveCount(2);
      } },
      { what: "a notice that can be undone", who: member, path: "/dashboard", act: async page => {
        await page.getByRole("button", { name: `Cancel the sale of ${offered.name}` }).click();
        await expect(page.getByRole("button", { name: "Undo" })).toBeVisible();
      }, leave: async page => {
        await page.getByRole("button", { name: "Undo" }).click();
        await expect(page.getByRole("button", { name: `Cancel the sale of ${offered.name}` })).toBeVisible();
      } },
    );
    return new Tour(stops, [stranger, newcomer, member, seller]);
  }

  /** Visits every page; what is found there is named after it. */
  async visit(look: (stop: Stop) => Promise<string[]>): Promise<string[]> {
    const found: string[] = [];
    for (const stop of this.stops) {
      await stop.who.go(stop.path);
      await stop.act?.(stop.who.page);
      found.push(...(await look(stop)).map(it => `${stop.what}: ${it}`));
      await stop.leave?.(stop.who.page);
    }
    return found;
  }

  async end() {
    for (const person of this.people) await person.page.context().close();
  }
}

async function refused(page: Page, button: string) {
  await page.getByRole("button", { name: button }).click();
  await expect(page.getByRole("alert").first()).toBeVisible();
}

export async function openLightbox(page: Page) {
  await page.getByRole("link", { name: "See the picture at full size" }).press("Enter");
  await expect(page.getByRole("dialog")).toBeVisible();
}
