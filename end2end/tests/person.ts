// A person with a browser: each step of the main job as they would do it, with script or without.
import { expect, type BrowserContext, type Page } from "@playwright/test";
import { deflateSync, crc32 } from "node:zlib";
import { linkMailedTo, until } from "./fleet";

export const PASSWORD = "a long enough secret";
let count = 0;

/** Whether this is the address of a page's stream of events. */
export function isStream(url: string | URL): boolean {
  return URL.canParse(url) && new URL(url).pathname === "/events";
}

export class Person {
  readonly servedBy = new Set<string>();
  /** The node that answered last. */
  last = "";
  readonly troubles: string[] = [];
  private readonly borne: RegExp[] = [];

  private constructor(readonly name: string, readonly page: Page, readonly scripted: boolean, public base: string) {
    page.on("response", response => {
      const node = response.headers()["x-served-by"];
      if (node) { this.servedBy.add(node); this.last = node; }
      const [status, kind] = [response.status(), response.request().resourceType()];
      // A refused act or page says so in words; a picture or a script that is not there is a fault of the page.
      const missing = status >= 400 && ["image", "script", "stylesheet", "font", "manifest"].includes(kind);
      if (missing || (status >= 500 && !isStream(response.url()))) this.troubles.push(`${status} ${response.url()}`);
    });
    page.on("pageerror", error => this.complain(`page error: ${error.message}`));
    page.on("console", message => {
      // The browser itself logs each answer that is none; those are told apart above.
      const network = /^Failed to load resource:/.test(message.text());
      // Without script nothing takes the wasm that the page had fetched ahead.
      const unused = !scripted && /preloaded using link preload but not used/.test(message.text());
      // A stream that a dead node leaves behind is reported by the browser and opened anew by the page.
      const stream = isStream(message.location().url);
      if (["error", "warning"].includes(message.type()) && !network && !unused && !stream) {
        this.complain(`console ${message.type()}: ${message.text()}`);
      }
    });
  }

  /** What a page itself complains of fails the test in which it happens, whatever else the test looks at. */
  private complain(what: string) {
    if (this.borne.some(pattern => pattern.test(what))) return;
    this.troubles.push(what);
    expect.soft(what, `${this.page.url()} complains`).toBe("");
  }

  /** A complaint that the test itself is the cause of. */
  bears(pattern: RegExp) {
    this.borne.push(pattern);
  }

  static async arrive(context: BrowserContext, scripted: boolean, base: string, role = "p"): Promise<Person> {
    const name = `${role}${Date.now().toString(36)}${(count++).toString(36)}`;
    return new Person(name, await context.newPage(), scripted, base);
  }

  get email() { return `${this.name}@example.com`; }

  /** Goes to a path and, with script, waits until the page answers to it. */
  async go(path: string) {
    const response = await this.page.goto(this.base + path);
    await this.ready();
    return response!;
  }

  async ready() {
    if (this.scripted) await this.page.locator("html[data-ready]").waitFor();
  }

  async press(name: string | RegExp) {
    await this.page.getByRole("button", { name }).click();
  }

  async register() {
    await this.go("/register");
    await this.page.getByLabel("Username").fill(this.name);
    await this.page.getByLabel("E-mail address").fill(this.email);
    await this.page.getByLabel("Password").fill(PASSWORD);
    await this.press("Create account");
    await expect(this.page.getByRole("heading", { level: 1 })).toHaveText("Look into your mail");
  }

  async activate() {
    const link = new URL(await until("the activation mail", () => linkMailedTo(this.email)));
    await this.go(link.pathname + link.search);
    await this.press("Activate my account");
    await expect(this.page.getByText("Your account is active and holds 100.00.")).toBeVisible();
  }

  async signIn(password = PASSWORD) {
    await this.go("/login");
    await this.page.getByLabel("Username or e-mail address").fill(this.name);
    await this.page.getByLabel("Password").fill(password);
    await this.press("Sign in");
  }

  async signInWell() {
    await this.signIn();
    await expect(this.page.getByRole("heading", { level: 1 })).toHaveText("My cards");
    await this.ready();
  }

  async settle() {
    await this.register();
    await this.activate();
    await this.signInWell();
  }

  async expectBalance(amount: string) {
    await this.go("/dashboard");
    await expect(this.page.getByTestId("dashboard-balance")).toHaveText(amount);
    await expect(this.page.getByTestId("balance")).toContainText(amount);
  }

  async addCard(name: string) {
    await this.go("/dashboard/add");
    await this.page.getByLabel("Picture", { exact: true }).setInputFiles({ name: "card.png", mimeType: "image/png", buffer: png(240, 320) });
    if (this.scripted) await expect(this.page.getByTestId("arrived")).toBeVisible();
    await this.page.getByLabel("Name", { exact: true }).fill(name);
    await this.page.getByLabel("The picture in words").fill("Stripes of colour");
    await this.press("Add this card");
    await expect(this.page.getByRole("heading", { level: 1 })).toHaveText("My cards");
    await expect(this.tile(name)).toBeVisible();
  }

  tile(name: string) {
    return this.page.getByRole("listitem").filter({ hasText: name });
  }

  async sell(name: string, price: string) {
    await this.go("/dashboard");
    await this.tile(name).getByRole("link", { name: /^Sell/ }).click();
    await expect(this.page.getByRole("heading", { level: 1 })).toHaveText(`Sell ${name}`);
    await this.page.getByLabel("Price").fill(price);
    await this.press("Put it on sale");
  }

  async sellWell(name: string, price: string) {
    await this.sell(name, price);
    await expect(this.page.getByRole("heading", { level: 1 })).toHaveText("My cards");
    await expect(this.tile(name)).toContainText("on sale");
  }

  async findOnMarket(name: string) {
    await this.go("/");
    await this.page.getByRole("searchbox", { name: "Search the market" }).fill(name);
    await this.press("Search");
    await expect(this.page).toHaveURL(new RegExp(`q=${name.split(" ")[0]}`));
    await expect(this.tile(name)).toBeVisible();
  }

  /** A seller with a card on sale. */
  async openShop(card: string, price: string) {
    await this.settle();
    await this.addCard(card);
    await this.sellWell(card, price);
  }

  async openCard(name: string) {
    await this.findOnMarket(name);
    await this.tile(name).getByRole("link").first().click();
    await expect(this.page.getByRole("heading", { level: 1 })).toHaveText(name);
  }

  async openConfirmation(name: string) {
    await this.openCard(name);
    await this.page.getByRole("link", { name: "Buy this card" }).click();
    await expect(this.page.getByRole("heading", { level: 1 })).toHaveText(`Buy ${name}?`);
  }

  async confirm() {
    await this.press(/^Buy for/);
    await expect(this.page.getByRole("heading", { level: 1 })).toHaveText("It is yours");
    return this.page.getByTestId("reference").innerText();
  }

  async signOut() {
    await this.press("Sign out");
    await expect(this.page.getByText("You are signed out.")).toBeVisible();
  }
}

/** A real PNG of coloured stripes. */
export function png(width: number, height: number): Buffer {
  const rows = Buffer.concat(Array.from({ length: height }, (_, y) =>
    Buffer.concat([Buffer.from([0]), Buffer.from(Array.from({ length: width }, (_, x) =>
      [(x * 7) & 255, (y * 5) & 255, ((x >> 4) * 40) & 255]).flat())])));
  const chunk = (kind: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(kind, "latin1"), data]);
    const frame = Buffer.alloc(8);
    frame.writeUInt32BE(data.length, 0);
    frame.writeUInt32BE(crc32(body), 4);
    return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), chunk("IHDR", header), chunk("IDAT", deflateSync(rows)), chunk("IEND", Buffer.alloc(0))]);
}
