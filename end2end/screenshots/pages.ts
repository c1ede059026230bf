// Every page of a store with a lively market, as somebody of the demo sees it, as a picture in target/screenshots.
import { join } from "node:path";
import { expect, test, type Page } from "@playwright/test";
import { fleet } from "../tests/fleet";
import { photograph } from "../tests/pictures";

const ROOT = join(import.meta.dirname, "../..");
/** The first of the demo's people, and everybody's password there. */
const [NAME, PASSWORD] = ["mira", "demo-password"];

test("every page", async ({ page }) => {
  const look = test.info().project.name;
  const shoot = async (name: string, fullPage = true) => {
    await page.locator("html[data-ready]").waitFor();
    // Pictures below the fold load when they are near.
    for (const image of await page.locator("main img:visible").all()) {
      await image.scrollIntoViewIfNeeded();
      await expect.poll(() => image.evaluate((it: HTMLImageElement) => it.complete && it.naturalWidth > 0)).toBe(true);
    }
    await page.evaluate(() => scrollTo(0, 0));
    await page.screenshot({ path: join(ROOT, `target/screenshots/${look}/${name}.png`), fullPage });
  };
  const visit = async (name: string, path: string, act?: () => Promise<unknown>) => {
    await page.goto(fleet().url + path);
    await page.locator("html[data-ready]").waitFor();
    await act?.();
    await shoot(name);
  };
  const press = (name: string | RegExp) => page.getByRole("button", { name }).click();
  const refusedAfter = (button: string) => async () => {
    await press(button);
    await expect(page.getByRole("alert").first()).toBeVisible();
  };

  await visit("market", "/");
  await page.screenshot({ path: join(ROOT, `target/screenshots/${look}/market-first-view.png`) });
  await visit("market-filtered", "/?sort=cheapest&min=5&max=40");
  await visit("market-nothing", "/?q=nothing+is+called+this");
  for (const path of ["register", "login", "activate", "forgot", "nowhere"]) await visit(path, `/${path}`);
  await visit("activate-link", "/activate?token=x");
  await visit("reset", "/reset?token=x");
  await visit("register-refused", "/register", async () => {
    await page.getByLabel("Username").fill("a!");
    await page.getByLabel("E-mail address").fill("nobody");
    await page.getByLabel("Password").fill("short");
    await refusedAfter("Create account")();
  });
  await visit("login-refused", "/login", async () => {
    await page.getByLabel("Username or e-mail address").fill("nobody.here");
    await page.getByLabel("Password").fill("not the password");
    await refusedAfter("Sign in")();
  });
  await page.getByLabel("Username or e-mail address").fill(NAME);
  await page.getByLabel("Password").fill(PASSWORD);
  await press("Sign in");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("My cards");
  await shoot("dashboard-signed-in");

  const { cards } = await (await page.request.get(`${fleet().url}/api/dashboard`)).json() as { cards: { id: string; price: number | null }[] };
  const [offered, kept] = [cards.find(card => card.price !== null)!, cards.find(card => card.price === null)!];
  const theirs = await elsewhere(page, cards);
  for (const path of ["dashboard", "activity", "notifications", "account", "account/password", "account/email", "account/delete"]) {
    await visit(path.replace("/", "-"), `/${path}`);
  }
  await visit("dashboard-on-sale", "/dashboard?show=on-sale");
  await visit("add", "/dashboard/add");
  await visit("add-arrived", "/dashboard/add", async () => {
    await page.getByLabel("Picture", { exact: true }).setInputFiles(photograph("arrived.png"));
    await expect(page.getByTestId("arrived")).toBeVisible();
  });
  await visit("add-several", "/dashboard/add", async () => {
    await page.getByLabel("Picture", { exact: true }).setInputFiles([photograph("one.png"), photograph("two.png")]);
    await expect(page.getByTestId("arrived")).toHaveCount(2);
  });
  await visit("card", `/cards/${theirs}`);
  await page.getByRole("link", { name: "See the picture at full size" }).click();
  await shoot("card-picture", false);
  await visit("card-mine", `/cards/${kept.id}`);
  await visit("card-mine-on-sale", `/cards/${offered.id}`);
  await visit("sell", `/cards/${kept.id}/sell`);
  await visit("sell-refused", `/cards/${kept.id}/sell`, async () => {
    await page.getByLabel("Price").fill("1.005");
    await refusedAfter("Put it on sale")();
  });
  await visit("reprice", `/cards/${offered.id}/sell`);
  await visit("edit", `/cards/${kept.id}/edit`);
  await visit("edit-on-sale", `/cards/${offered.id}/edit`);
  await visit("buy", `/cards/${theirs}/buy`);
  await visit("buy-mine", `/cards/${offered.id}/buy`);
  await page.goto(`${fleet().url}/activity?show=bought`);
  await page.getByRole("link", { name: "Receipt" }).first().click();
  await expect(page.getByTestId("reference")).toBeVisible();
  await shoot("receipt");
  await page.emulateMedia({ media: "print" });
  await shoot("receipt-printed");
  await page.emulateMedia({ media: "screen" });

  if (look === "desk-light") await forTheReadme(page, theirs);
});

/** A card on sale that is somebody else's and can be paid. */
async function elsewhere(page: Page, mine: { id: string }[]): Promise<string> {
  const { tiles } = await (await page.request.get(`${fleet().url}/api/market?sort=cheapest`)).json() as { tiles: { id: string }[] };
  return tiles.find(tile => !mine.some(card => card.id === tile.id))!.id;
}

async function forTheReadme(page: Page, card: string) {
  for (const [name, path] of [["market", "/"], ["card", `/cards/${card}`], ["dashboard", "/dashboard"]]) {
    await page.goto(fleet().url + path);
    await page.locator("html[data-ready]").waitFor();
    await page.waitForLoadState("networkidle");
    await page.screenshot({ path: join(ROOT, `docs/${name}.jpg`), type: "jpeg", quality: 72 });
  }
}
