// A page that was opened before the fleet became another release: it works on, or asks to be loaded anew.
import { copyFileSync, cpSync, readFileSync, readdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "@playwright/test";
import { backAgain, fleet, kill } from "./fleet";
import { Person } from "./person";
import { arrive, balance, newCard } from "./stage";

test.skip(() => test.info().project.use.javaScriptEnabled === false, "a tab without script has nothing that grows old");

/** The fleet's release, and one whose files lie in another folder, as after a change. Nodes read the names when they start. */
class Releases {
  private readonly folder = dirname(process.env.CARDSTORE_FLEET!);
  private readonly names = join(this.folder, "release/hash.txt");
  readonly built = readFileSync(this.names, "utf8");
  readonly other: string;

  constructor() {
    const release = this.built.match(/^split: *(\S+)$/m)![1];
    const site = join(this.folder, "site/pkg");
    cpSync(join(site, release), join(site, `${release}later`), { recursive: true });
    // Pages ask for the split script by the release's name, the other script by its own.
    for (const name of readdirSync(join(site, release)).filter(name => name.includes(release))) {
      copyFileSync(join(site, release, name), join(site, `${release}later`, name.replace(release, `${release}later`)));
    }
    this.other = this.built.replace(release, `${release}later`);
  }

  async roll(names: string, ...nodes: string[]) {
    writeFileSync(`${this.names}.part`, names);
    renameSync(`${this.names}.part`, this.names);
    for (const node of nodes) await backAgain(node, kill(node));
  }
}

const scriptOf = (person: Person) => person.page.locator("link[rel=modulepreload]").first().getAttribute("href");

test("acceptance 33: a tab from before goes on in place while every node becomes another release", async ({ browser }) => {
  test.setTimeout(180_000);
  const releases = new Releases();
  const [a, b] = fleet().nodes.map(node => node.name);
  const owner = await arrive(browser, true, "o");
  await owner.settle();
  const [first, second] = [await newCard(owner, "5.00"), await newCard(owner, "6.00")];
  await owner.go("/dashboard");
  const old = await scriptOf(owner);
  await owner.page.evaluate(() => { (window as any).sameTab = true; });
  const act = async (name: string) => {
    await owner.press(`Cancel the sale of ${name}`);
    await expect(owner.tile(name)).toContainText("Not for sale");
    expect(await owner.page.evaluate(() => (window as any).sameTab)).toBe(true);
  };
  try {
    // Half-way: two releases side by side, and whichever node answers.
    await releases.roll(releases.other, b);
    await act(first.name);
    const newcomer = await arrive(browser, true, "n");
    const seen = new Set<string | null>();
    for (let visits = 0; visits < 6; visits++) {
      await newcomer.go("/");
      seen.add(await scriptOf(newcomer));
    }
    expect(seen.size).toBe(2);
    expect(newcomer.troubles).toEqual([]);
    await releases.roll(releases.other, a);
    await act(second.name);
    await owner.page.reload();
    await owner.ready();
    expect(await scriptOf(owner)).not.toBe(old);
    await expect(owner.tile(second.name)).toContainText("Not for sale");
  } finally {
    await releases.roll(releases.built, a, b);
  }
  expect(owner.troubles).toEqual([]);
});

test("acceptance 33: an act that the new release takes otherwise asks to load the page anew", async ({ browser }) => {
  const owner = await arrive(browser, true, "o");
  await owner.settle();
  const card = await newCard(owner);
  for (const change of ["function", "field"]) {
    await owner.go(`/cards/${card.id}/sell`);
    await owner.page.route("**/api/put_on_sale", async route => change === "function"
      ? route.continue({ url: route.request().url() + "_of_old" })
      : route.continue({ postData: route.request().postData()!.replace("price=", "price_of_old=") }), { times: 1 });
    await owner.page.getByLabel("Price").fill("4");
    await owner.press("Put it on sale");
    await expect(owner.page.getByRole("alert"), change).toContainText("This page is out of date. Reload it and try again.");
    await expect(owner.page.getByLabel("Price"), change).toHaveValue("4");
  }
  await owner.page.reload();
  await owner.ready();
  await owner.page.getByLabel("Price").fill("4");
  await owner.press("Put it on sale");
  await expect(owner.tile(card.name)).toContainText("4.00");
});

test("acceptance 33: a page whose script is gone works as without script", async ({ browser }) => {
  const [seller, buyer] = [await arrive(browser, true, "s"), await arrive(browser, true, "b")];
  for (const person of [seller, buyer]) await person.settle();
  const card = await newCard(seller, "5.00");
  await buyer.page.route("**/pkg/**/*.js", route => route.continue({ url: `${fleet().url}/pkg/cardstore.gone.js` }));
  const native = Object.assign(Object.create(Object.getPrototypeOf(buyer)), buyer, { scripted: false }) as Person;
  buyer.bears(/dynamically imported module|preloaded using link preload|MIME type/);
  await native.go(`/cards/${card.id}/buy`);
  await native.confirm();
  expect([await balance(buyer), await balance(seller)]).toEqual([95_00, 105_00]);
  await expect(buyer.page.locator("html[data-ready]")).toHaveCount(0);
});
