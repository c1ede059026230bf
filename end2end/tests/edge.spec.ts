// The edge: where requests may come from, what pages may load, what is cached, what is not there.
import { createHash } from "node:crypto";
import { expect, test } from "@playwright/test";
import { fleet } from "./fleet";
import { Person } from "./person";

const scripted = () => test.info().project.use.javaScriptEnabled !== false;

test("a post from another site is refused", async ({ request }) => {
  const foreign: Record<string, string>[] = [{ origin: "https://evil.example" }, { "sec-fetch-site": "cross-site" }];
  for (const headers of foreign) {
    const answer = await request.post("/api/sign_out", { headers, form: {} });
    expect(answer.status()).toBe(403);
  }
  const own = await request.post("/api/sign_out", { headers: { origin: fleet().url }, form: {} });
  expect(own.status()).toBe(200);
});

test("a forged post is answered with a client error, never a server error", async ({ request }) => {
  const headers = { origin: fleet().url };
  const bodies: [string, Record<string, string>][] = [
    ["buy", {}], ["buy", { card: "x", version: "1", price: "1", key: "y" }],
    ["buy", { card: "01890000-0000-7000-8000-000000000000", version: "1", price: "-5", key: "01890000-0000-7000-8000-000000000001" }],
    ["register", { username: "x", email: "y", password: "z", balance: "1000000", activated: "true" }],
    ["activate", { token: "'; drop table accounts; --" }], ["sign_upload", { length: "-1" }], ["no_such_function", {}],
  ];
  for (const [name, form] of bodies) {
    const answer = await request.post(`/api/${name}`, { headers, form });
    expect(answer.status(), name).toBeGreaterThanOrEqual(400);
    expect(answer.status(), name).toBeLessThan(500);
  }
});

test("pages carry a policy that names their inline script by its hash and allows no other", async ({ request }) => {
  const page = await request.get("/");
  const policy = page.headers()["content-security-policy"];
  const inline = [...(await page.text()).matchAll(/<script type="module">(.*?)<\/script>/g)].map(match => match[1]);
  expect(inline).toHaveLength(1);
  const hash = createHash("sha256").update(inline[0]).digest("base64");
  expect(policy).toContain(`script-src 'self' 'sha256-${hash}' 'wasm-unsafe-eval';`);
  expect(policy).not.toContain("unsafe-inline");
  expect(policy).toContain(fleet().s3.endpoint);
  expect(page.headers()["x-content-type-options"]).toBe("nosniff");
  expect(page.headers()["set-cookie"]).toBeUndefined();
});

test("what strangers see is remembered, compressed once, and forgotten when something changes", async ({ browser, request }) => {
  const seller = await Person.arrive(await browser.newContext(), scripted(), fleet().url, "s");
  await seller.settle();
  const card = `Fresh${seller.name}`;
  await seller.addCard(card);
  const address = `/?seller=${seller.name}`;
  expect(await (await request.get(address)).text()).not.toContain(card);
  await seller.sellWell(card, "3");
  for (const node of fleet().nodes) {
    const plain = await fetch(node.url + address, { headers: { "accept-encoding": "identity" } });
    expect(plain.headers.get("content-encoding")).toBeNull();
    expect(await plain.text()).toContain(card);
    const packed = await fetch(node.url + address, { headers: { "accept-encoding": "br" } });
    expect(packed.headers.get("content-encoding")).toBe("br");
    expect(await packed.text()).toContain(card);
  }
});

test("built files are compressed and kept for ever", async ({ request }) => {
  const page = await (await request.get("/")).text();
  const files = [...new Set(page.match(/\/pkg\/[\w-]+\/cardstore\.[\w-]+\.(?:js|wasm|css)/g))];
  expect(files.map(file => file.split(".").pop()).sort()).toEqual(["css", "js", "wasm"]);
  for (const file of files) {
    const answer = await request.get(file, { headers: { "accept-encoding": "br" } });
    expect(answer.status(), file).toBe(200);
    expect(answer.headers()["content-encoding"], file).toBe("br");
    expect(answer.headers()["cache-control"], file).toContain("immutable");
  }
});

test("acceptance 32: an unknown page, card or file is really not found", async ({ request }) => {
  for (const path of ["/nowhere", "/cards/x", "/cards/01890000-0000-7000-8000-000000000000", "/pkg/none.js"]) {
    expect((await request.get(path)).status(), path).toBe(404);
  }
});

test("the session cookie cannot be read by script and dies with the session", async ({ browser }) => {
  const context = await browser.newContext();
  const person = await Person.arrive(context, scripted(), fleet().url);
  await person.settle();
  const [cookie] = await context.cookies();
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: "Lax", path: "/" });
  await person.signOut();
  expect(await context.cookies()).toEqual([]);
  await context.addCookies([cookie]);
  await person.page.goto(fleet().url + "/dashboard");
  await expect(person.page).toHaveURL(/\/login/);
});
