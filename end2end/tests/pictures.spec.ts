// A picture's way: progress, cancel, bad connections, files that are none, several at once, and what browsers keep.
import { expect, test, type BrowserContext, type Request } from "@playwright/test";
import { fleet, until } from "./fleet";
import { Person, png } from "./person";
import * as files from "./pictures";

const scripted = () => test.info().project.use.javaScriptEnabled !== false;
const isPut = (request: Request) => request.method() === "PUT" && request.url().startsWith(fleet().s3.endpoint);

async function settled(context: BrowserContext): Promise<Person> {
  const person = await Person.arrive(context, scripted(), fleet().url);
  await person.settle();
  return person;
}

async function choose(person: Person, ...chosen: files.Chosen[]) {
  await person.page.getByLabel("Picture", { exact: true }).setInputFiles(chosen);
}

/** How many cards the person has, by the dashboard's own count. */
async function cards(person: Person): Promise<number> {
  await person.go("/dashboard");
  return Number(await person.page.locator(".tabs .count").first().innerText().catch(() => "0"));
}

test("progress moves, cancel stops it and leaves no card (needs script)", async ({ browser }) => {
  const context = await browser.newContext();
  const person = await settled(context);
  const network = await context.newCDPSession(person.page);
  await network.send("Network.enable");
  await person.go("/dashboard/add");
  await network.send("Network.emulateNetworkConditions", { offline: false, latency: 20, downloadThroughput: -1, uploadThroughput: 60_000 });
  await choose(person, files.photograph("slow.png"));
  const bar = person.page.getByRole("progressbar");
  await expect(bar).toBeVisible();
  const seen = new Set<number>();
  await until("the bar has moved three times", async () => {
    seen.add(Number(await bar.getAttribute("value")));
    return seen.size > 3;
  });
  expect([...seen]).toEqual([...seen].sort((one, other) => one - other));
  await expect(person.page.getByRole("button", { name: "Add this card" })).toBeDisabled();
  const ended = person.page.waitForEvent("requestfailed", isPut);
  await person.press("Cancel");
  await ended;
  await expect(bar).toHaveCount(0);
  await expect(person.page.getByAltText("The picture you chose")).toHaveCount(0);
  await person.page.getByLabel("Name", { exact: true }).fill("Nothing");
  await person.press("Add this card");
  await expect(person.page.locator("#picture-error")).toHaveText("Choose a picture for the card.");
  // The same file can be chosen again.
  await network.send("Network.emulateNetworkConditions", { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: -1 });
  await choose(person, files.photograph("slow.png"));
  await expect(person.page.getByTestId("arrived")).toBeVisible();
  expect(await cards(person)).toBe(0);
});

test("a dropped connection is tried again and keeps the name (needs script)", async ({ browser }) => {
  const person = await settled(await browser.newContext());
  await person.go("/dashboard/add");
  let dropped = 0;
  await person.page.route(url => url.href.startsWith(fleet().s3.endpoint), route =>
    route.request().method() === "PUT" && dropped++ < 2 ? route.abort("connectionreset") : route.continue());
  await person.page.getByLabel("Name", { exact: true }).fill("Kept name");
  await choose(person, files.photograph("dropped.png"));
  await expect(person.page.getByTestId("arrived")).toBeVisible();
  expect(dropped).toBeGreaterThan(2);
  await expect(person.page.getByLabel("Name", { exact: true })).toHaveValue("Kept name");
  await person.press("Add this card");
  await expect(person.tile("Kept name")).toBeVisible();
});

test("an answer that got lost is no second picture (needs script)", async ({ browser }) => {
  const person = await settled(await browser.newContext());
  await person.go("/dashboard/add");
  const statuses: number[] = [];
  await person.page.route(url => url.href.startsWith(fleet().s3.endpoint), async route => {
    if (route.request().method() !== "PUT") return route.continue();
    const answer = await route.fetch();
    statuses.push(answer.status());
    return statuses.length === 1 ? route.abort("connectionreset") : route.fulfill({ response: answer });
  });
  await choose(person, files.photograph("lost.png"));
  await expect(person.page.getByTestId("arrived")).toBeVisible();
  expect(statuses.slice(0, 2), "the first arrived, the second was refused").toEqual([200, 412]);
  await person.page.getByLabel("Name", { exact: true }).fill("Once");
  await person.press("Add this card");
  await expect(person.tile("Once")).toBeVisible();
});

test("an expired permission is renewed (needs script)", async ({ browser }) => {
  const person = await settled(await browser.newContext());
  await person.go("/dashboard/add");
  const asked: string[] = [];
  const refused: number[] = [];
  person.page.on("request", request => { if (request.url().endsWith("/api/sign_upload")) asked.push(request.url()); });
  person.page.on("response", answer => { if (isPut(answer.request()) && answer.status() === 403) refused.push(answer.status()); });
  // Five minutes old by the time the bucket sees it.
  await person.page.route(url => url.href.startsWith(fleet().s3.endpoint), route => {
    if (route.request().method() !== "PUT" || asked.length > 1) return route.continue();
    const past = new Date(Date.now() - 300_000).toISOString().replace(/[-:]|\.\d+/g, "");
    return route.continue({ url: route.request().url().replace(/X-Amz-Date=\w+/, `X-Amz-Date=${past}`) });
  });
  await choose(person, files.photograph("late.png"));
  await expect(person.page.getByTestId("arrived")).toBeVisible();
  expect(refused).toEqual([403]);
  expect(asked).toHaveLength(2);
});

test("with S3 down a form keeps what was typed and offers Retry (needs script)", async ({ browser }) => {
  const person = await settled(await browser.newContext());
  await person.go("/dashboard/add");
  await person.page.getByLabel("Name", { exact: true }).fill("Patient");
  await person.page.getByLabel("The picture in words").fill("Stripes");
  const s3 = fleet().s3_pid;
  await person.page.route(url => url.href.startsWith(fleet().s3.endpoint), route => route.abort("connectionrefused"));
  await choose(person, files.photograph("patient.png"));
  await expect(person.page.getByText("Your picture did not get through.")).toBeVisible({ timeout: 30_000 });
  await expect(person.page.getByLabel("Name", { exact: true })).toHaveValue("Patient");
  await expect(person.page.getByLabel("The picture in words")).toHaveValue("Stripes");
  await expect(person.page.getByAltText("The picture you chose")).toBeVisible();
  await person.page.unrouteAll();
  await person.press("Retry");
  await expect(person.page.getByTestId("arrived")).toBeVisible();
  // Down for the node: the card is not made, and nothing is lost.
  process.kill(s3, "SIGSTOP");
  try {
    await person.press("Add this card");
    await expect(person.page.getByRole("alert")).toContainText("Nothing is lost", { timeout: 40_000 });
    await expect(person.page.getByLabel("Name", { exact: true })).toHaveValue("Patient");
  } finally {
    process.kill(s3, "SIGCONT");
  }
  await person.press("Add this card");
  await expect(person.tile("Patient")).toBeVisible();
});

for (const [what, file, sentence] of files.REFUSED) {
  test(`${what} is refused with its own sentence`, async ({ browser }) => {
    const person = await settled(await browser.newContext());
    await person.go("/dashboard/add");
    await person.page.getByLabel("Name", { exact: true }).fill("Refused");
    await choose(person, file(scripted()));
    if (!scripted()) await person.press("Add this card");
    await expect(person.page.locator(scripted() ? "#picture-stage" : "#picture-error")).toContainText(sentence(scripted()));
    await expect(person.page.getByLabel("Name", { exact: true })).toHaveValue("Refused");
    if (scripted()) await expect(person.page.getByRole("button", { name: "Retry" })).toHaveCount(0);
    expect(await cards(person)).toBe(0);
    expect(person.troubles).toEqual([]);
  });
}

test("what carries more than a picture is drawn anew with script and refused without", async ({ browser }) => {
  const person = await settled(await browser.newContext());
  for (const [name, file, sentence] of [
    ["Polyglot", files.polyglot(), "There is something else in this file"],
    ["Located", files.fromPhone(), "may say where it was taken"],
  ] as const) {
    await person.go("/dashboard/add");
    await person.page.getByLabel("Name", { exact: true }).fill(name);
    await choose(person, file);
    if (scripted()) await expect(person.page.getByTestId("arrived")).toBeVisible();
    await person.press("Add this card");
    if (scripted()) await expect(person.tile(name)).toBeVisible();
    else await expect(person.page.locator("#picture-error")).toContainText(sentence);
  }
  expect(await cards(person)).toBe(scripted() ? 2 : 0);
});

test("a photograph from a phone arrives upright and without what the phone wrote (needs script)", async ({ browser }) => {
  const person = await settled(await browser.newContext());
  await person.go("/dashboard/add");
  await choose(person, files.fromPhone());
  await expect(person.page.getByTestId("arrived")).toBeVisible();
  await person.page.getByLabel("Name", { exact: true }).fill("Upright");
  await person.press("Add this card");
  await person.tile("Upright").getByRole("link").first().click();
  const picture = person.page.locator(".zoom img");
  await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0);
  const size = await picture.evaluate((image: HTMLImageElement) => [image.naturalWidth, image.naturalHeight]);
  expect(size, "it was held upright").toEqual([600, 800]);
  const sent = Buffer.from(await (await fetch(await picture.evaluate((image: HTMLImageElement) => image.src))).arrayBuffer());
  for (const mark of ["Exif", "EXIF", "GPS", "XMP "]) expect(sent.includes(mark), mark).toBe(false);
});

test("a tile shows the thumbnail, the lightbox the whole picture (needs script)", async ({ browser }) => {
  const person = await settled(await browser.newContext());
  await person.go("/dashboard/add");
  await choose(person, files.photograph("large.png"));
  await expect(person.page.getByTestId("arrived")).toBeVisible();
  const name = `Large${person.name}`;
  await person.page.getByLabel("Name", { exact: true }).fill(name);
  await person.press("Add this card");
  const shown = person.tile(name).locator("img");
  const width = (it: typeof shown) => it.evaluate(async (image: HTMLImageElement) => {
    await image.decode();
    const copy = new Image();
    copy.src = image.src;
    await copy.decode();
    return copy.naturalWidth;
  });
  expect(await width(shown)).toBe(360);
  await person.sellWell(name, "5");
  const stranger = await Person.arrive(await browser.newContext(), true, fleet().url);
  await stranger.findOnMarket(name);
  expect(await width(stranger.tile(name).locator("img"))).toBe(360);
  await stranger.openCard(name);
  await stranger.page.getByRole("link", { name: "See the picture at full size" }).click();
  expect(await width(stranger.page.locator("dialog img"))).toBe(1200);
  expect([...person.troubles, ...stranger.troubles]).toEqual([]);
});

test("several pictures become several cards, saved one by one (needs script)", async ({ browser }) => {
  const person = await settled(await browser.newContext());
  await person.go("/dashboard/add");
  await person.page.getByLabel("Name", { exact: true }).fill("First");
  await choose(person, files.photograph("one.png"), files.heic(), files.photograph("two.png"));
  const drafts = person.page.locator(".draft");
  await expect(drafts).toHaveCount(3);
  await expect(drafts.nth(1)).toContainText("HEIC");
  await expect(drafts.nth(0).getByLabel("Name")).toHaveValue("First");
  await expect(drafts.nth(2).getByTestId("arrived")).toBeVisible();
  await drafts.nth(1).getByRole("button", { name: "Remove" }).click();
  await expect(drafts).toHaveCount(2);
  await drafts.nth(0).getByLabel("Name").press("Enter");
  await expect(drafts).toHaveCount(1);
  const name = drafts.first().getByLabel("Name");
  await expect(name).toBeFocused();
  await name.press("Enter");
  await expect(drafts.first().getByRole("alert")).toHaveText("Give the card a name.");
  await name.fill("Second");
  await name.press("Enter");
  await expect(person.page.getByRole("heading", { level: 1 })).toHaveText("My cards");
  for (const card of ["First", "Second"]) await expect(person.tile(card)).toHaveCount(1);
  expect(await cards(person)).toBe(2);
  expect(person.troubles).toEqual([]);
});

test("a picture can be dropped anywhere on the page and pasted (needs script)", async ({ browser }) => {
  const person = await settled(await browser.newContext());
  for (const kind of ["drop", "paste"]) {
    await person.go("/dashboard/add");
    const bytes = [...png(48, 64)];
    await person.page.locator("h1").evaluate((heading, [kind, bytes]) => {
      const data = new DataTransfer();
      data.items.add(new File([new Uint8Array(bytes as number[])], "card.png", { type: "image/png" }));
      const options = { bubbles: true, cancelable: true };
      heading.dispatchEvent(kind === "drop"
        ? new DragEvent("drop", { ...options, dataTransfer: data })
        : new ClipboardEvent("paste", { ...options, clipboardData: data }));
    }, [kind, bytes] as const);
    await expect(person.page.getByTestId("arrived")).toBeVisible();
    await expect(person.page.getByAltText("The picture you chose")).toBeVisible();
  }
});

test("another account's upload, a confirmation too early or twice, and a late PUT change nothing", async ({ browser }) => {
  test.skip(!scripted(), "the same requests either way");
  const [ana, eve] = [await settled(await browser.newContext()), await settled(await browser.newContext())];
  const picture = png(9, 12);
  const upload = await files.sign(ana.page, picture);
  const add = (person: Person) => files.addCard(person.page, upload.upload, "Forged");
  expect(await add(ana), "nothing has arrived yet").toEqual([422, "upload-unfinished"]);
  const put = () => fetch(upload.picture.url, { method: "PUT", headers: files.headersOf(upload.picture), body: Uint8Array.from(picture) });
  expect((await put()).status).toBe(200);
  expect(await add(eve), "it is not hers").toEqual([404, "not-found"]);
  expect((await add(ana))[0]).toBe(200);
  expect((await add(ana))[0], "asked twice").toBe(200);
  expect((await put()).status, "its key is taken").toBe(412);
  expect(await add(eve)).toEqual([404, "not-found"]);
  expect([await cards(ana), await cards(eve)]).toEqual([1, 0]);
});

test("48 cards seen five times are fetched once each (needs script)", async ({ browser }) => {
  test.setTimeout(180_000);
  const context = await browser.newContext();
  const seller = await settled(context);
  for (let card = 0; card < 48; card++) await files.addQuickly(seller.page, `Cached ${card}`, png(30 + card, 40));
  await files.sellAll(seller.page);
  const network = await context.newCDPSession(seller.page);
  await network.send("Network.enable");
  const asked = new Map<string, string>();
  const kept = new Set<string>();
  network.on("Network.requestWillBeSent", ({ requestId, request }) => {
    if (request.url.startsWith(fleet().s3.endpoint)) asked.set(requestId, request.url);
  });
  network.on("Network.requestServedFromCache", ({ requestId }) => kept.add(requestId));
  network.on("Network.responseReceived", ({ requestId, response }) => { if (response.fromDiskCache) kept.add(requestId); });
  const look = async () => {
    for (let next: string | null = `/?seller=${seller.name}`; next;) {
      await seller.go(next);
      const tiles = seller.page.locator(".tile img");
      await expect(tiles).toHaveCount(24);
      for (const tile of await tiles.all()) {
        await tile.scrollIntoViewIfNeeded();
        await tile.evaluate((image: HTMLImageElement) => image.decode());
      }
      const link = seller.page.getByRole("link", { name: "Next page" });
      next = await link.count() > 0 ? await link.getAttribute("href") : null;
    }
  };
  // Addresses are signed for an hour: what began in another one begins again.
  const hour = () => Math.floor(Date.now() / 3_600_000);
  for (let started = -1; started !== hour();) {
    started = hour();
    await network.send("Network.clearBrowserCache");
    asked.clear();
    for (let view = 0; view < 5; view++) await look();
  }
  const fetched = [...asked].filter(([id]) => !kept.has(id)).map(([, url]) => url);
  expect(new Set(fetched).size, "different pictures").toBe(48);
  expect(fetched, "each fetched once").toHaveLength(48);
});
