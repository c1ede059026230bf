// What a page is before and beside its script: what hydration leaves as it was, what messengers and printers take of it.
import { expect, test } from "@playwright/test";
import { arrive, callWell, newCard, terms } from "./stage";
import { Tour } from "./tour";

const scripted = () => test.info().project.use.javaScriptEnabled !== false;

test("hydration changes nothing that the node rendered, on any page (needs script)", async ({ browser }) => {
  test.setTimeout(180_000);
  const tour = await Tour.prepare(browser, true);
  const found = await tour.visit(async ({ who, path, act }) => {
    // Only script takes several pictures at once, and says so.
    if (act || path === "/dashboard/add") return [];
    const { page } = who;
    const answer = await page.goto(who.base + path);
    const rendered = await answer!.text();
    await who.ready();
    return page.evaluate(html => {
      /** Elements, attributes and text in their order; a page's data and the marks between texts are no part of it. */
      const lines = (root: Element) => {
        const all: string[] = [];
        const walk = (element: Element, depth: number) => {
          if (element.tagName === "SCRIPT") return;
          const attributes = [...element.attributes].map(({ name, value }) => ` ${name}=${value}`).sort().join("");
          all.push(`${" ".repeat(depth)}<${element.tagName.toLowerCase()}${attributes}`);
          let text = "";
          const flush = () => { if (text.trim()) all.push(`${" ".repeat(depth + 1)}${text.trim()}`); text = ""; };
          for (const node of element.childNodes) {
            if (node instanceof Text) text += node.data;
            else if (node instanceof Element) { flush(); walk(node, depth + 1); }
          }
          flush();
        };
        walk(root, 0);
        return all;
      };
      const before = lines(new DOMParser().parseFromString(html, "text/html").body), after = lines(document.body);
      const place = before.findIndex((line, place) => line !== after[place]);
      if (place < 0 && before.length === after.length) return [];
      return [`node: ${before[place]} | browser: ${after[place] ?? "nothing more"}`];
    }, rendered);
  });
  await tour.end();
  expect(found).toEqual([]);
});

test("nothing but the stylesheet holds up the first paint, and a first page needs no piece of wasm (needs script)", async ({ browser }) => {
  const seller = await arrive(browser, true, "s");
  await seller.settle();
  const card = await newCard(seller, "5.00");
  const fetched = async (path: string) => {
    const stranger = await arrive(browser, true);
    await stranger.go(path);
    const resources = await stranger.page.evaluate(() =>
      (performance.getEntriesByType("resource") as (PerformanceResourceTiming & { renderBlockingStatus: string })[])
        .map(({ name, renderBlockingStatus }) => ({ name, blocks: renderBlockingStatus !== "non-blocking" })));
    await stranger.page.context().close();
    /** Without the hash: `cardstore.css`. */
    const file = ({ name }: { name: string }) => new URL(name).pathname.split("/").pop()!.replace(/\..*\./, ".");
    return {
      blocking: resources.filter(({ blocks }) => blocks).map(file),
      wasm: resources.map(file).filter(name => name.endsWith(".wasm")),
    };
  };
  const first = { blocking: ["cardstore.css"], wasm: ["cardstore.wasm"] };
  for (const path of ["/", `/cards/${card.id}`]) expect(await fetched(path), path).toEqual(first);
  const others = await fetched("/login");
  expect(others.blocking).toEqual(first.blocking);
  expect(others.wasm).toContain("split_members.wasm");
});

test("a card tells messengers and crawlers what it is", async ({ browser, request }) => {
  const seller = await arrive(browser, scripted(), "s");
  await seller.settle();
  const card = await newCard(seller, "5.00");
  const page = await (await request.get(`/cards/${card.id}`)).text();
  const said = (name: string) => page.match(new RegExp(`<meta (?:name|property)="${name}" content="([^"]*)"`))?.[1]?.replaceAll("&amp;", "&");
  expect(said("og:title")).toBe(card.name);
  expect(said("og:type")).toBe("product");
  expect(said("og:site_name")).toBe("CardStore");
  expect(said("og:description")).toBe(`${card.name}, on sale for 5.00 from ${seller.name} at CardStore.`);
  expect(said("description")).toBe(said("og:description"));
  expect(said("og:image:alt")).toBe("Stripes");
  expect((await request.get(said("og:image")!)).headers()["content-type"]).toMatch(/^image\//);
  for (const path of ["/", "/register", "/login"]) {
    expect(await (await request.get(path)).text(), path).toMatch(/<meta name="description" content="[^"]{40,160}"/);
  }
});

test("the site has an icon, a manifest and a word for crawlers", async ({ request }) => {
  const page = await (await request.get("/")).text();
  for (const [rel, type] of [["icon", "image/svg+xml"], ["manifest", "application/manifest+json"]] as const) {
    const href = page.match(new RegExp(`<link rel="${rel}" href="([^"]+)"`))![1];
    const answer = await request.get(href);
    expect(answer.status(), href).toBe(200);
    expect(answer.headers()["content-type"], href).toContain(type);
  }
  const manifest = await (await request.get("/manifest.webmanifest")).json();
  for (const icon of manifest.icons) expect((await request.get(icon.src)).status(), icon.src).toBe(200);
  const robots = await (await request.get("/robots.txt")).text();
  expect(robots).toContain("User-agent: *");
  expect(robots).toContain("Disallow: /api/");
});

test("a receipt is printed without what can only be pressed", async ({ browser }) => {
  const [seller, buyer] = [await arrive(browser, scripted(), "s"), await arrive(browser, scripted(), "b")];
  for (const person of [seller, buyer]) await person.settle();
  const card = await newCard(seller, "5.00");
  const paid = await terms(seller, card.id);
  await callWell(buyer, "buy", paid);
  await buyer.go(`/cards/${card.id}/buy?receipt=${paid.key}`);
  const { page } = buyer;
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  for (const shown of [page.getByRole("heading", { level: 1 }), page.getByTestId("reference"), page.getByText(seller.name, { exact: true })]) {
    await expect(shown).toBeVisible();
  }
  for (const gone of [page.getByRole("banner"), page.getByRole("link", { name: "Go to my cards" }), page.getByRole("contentinfo")]) {
    await expect(gone).toBeHidden();
  }
  // Ink on paper, whatever the screen looks like.
  const [ink, paper] = await page.evaluate(() => {
    const { color, backgroundColor } = getComputedStyle(document.querySelector(".sums dd")!.closest("div")!);
    return [color, backgroundColor];
  });
  expect(ink).toBe("rgb(0, 0, 0)");
  expect(["rgb(255, 255, 255)", "rgba(0, 0, 0, 0)"]).toContain(paper);
});
