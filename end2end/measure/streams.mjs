// What thousands of open event streams cost one node, and how long it takes from a purchase to the seller's event.
//
//   CARDSTORE_FLEET=.fleet/fleet.json node end2end/measure/streams.mjs [streams]
//
// Streams are opened straight at the first node; half are a member's, half a stranger's. Each stream is an open file.
import { randomUUID } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { Agent, request } from "node:http";
import { join } from "node:path";

const STREAMS = Number(process.argv[2] ?? 2000);
const SALES = 50;
const fleet = JSON.parse(readFileSync(new URL(process.env.CARDSTORE_FLEET, new URL("../../", import.meta.url)), "utf8"));
const [node, other = node] = fleet.nodes;
const password = "a long enough secret";

class Member {
  cookie = "";
  constructor(at) { this.at = at; this.name = `e${randomUUID().slice(0, 10).replaceAll("-", "")}`; }

  async post(act, form) {
    const answer = await fetch(`${this.at.url}/api/${act}`, {
      method: "POST", body: new URLSearchParams(form), headers: { origin: fleet.url, cookie: this.cookie },
    });
    const set = answer.headers.getSetCookie()[0];
    if (set) this.cookie = set.split(";")[0];
    if (!answer.ok) throw new Error(`${act}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  }

  async get(what) {
    return (await fetch(`${this.at.url}/api/${what}`, { headers: { cookie: this.cookie } })).json();
  }

  async settle() {
    const email = `${this.name}@example.com`;
    await this.post("register", { username: this.name, email, password });
    let token;
    while (!(token = tokenFor(email))) await new Promise(again => setTimeout(again, 50));
    await this.post("activate", { token });
    await this.post("sign_in", { username: this.name, password, next: "" });
    return this;
  }

  async addCard() {
    const form = new FormData();
    form.set("name", `Measured ${this.name}`);
    form.set("picture", new Blob([readFileSync(new URL("../../xtask/src/checks/chaos/pixel.png", import.meta.url))], { type: "image/png" }), "card.png");
    const answer = await fetch(`${this.at.url}/dashboard/add?/add_card`, {
      method: "POST", body: form, redirect: "manual", headers: { origin: fleet.url, cookie: this.cookie },
    });
    if (answer.status !== 303) throw new Error(`no card: ${answer.status}`);
    return (await this.get("dashboard")).cards[0].id;
  }
}

function tokenFor(email) {
  for (const file of readdirSync(fleet.mail_dir).filter(name => name.endsWith(".eml")).sort().reverse()) {
    const mail = readFileSync(join(fleet.mail_dir, file), "utf8").replace(/=\r?\n/g, "").replace(/=3D/gi, "=");
    const token = mail.includes(email) && mail.match(/activate\?token=([\w-]+)/)?.[1];
    if (token) return token;
  }
}

const agent = new Agent({ keepAlive: true, maxSockets: Infinity });

/** Opens a stream and answers once its first event is there. */
function open(cookie, heard = () => {}) {
  return new Promise((opened, failed) => {
    const asked = request(`${node.url}/events`, { agent, headers: { accept: "text/event-stream", ...(cookie && { cookie }) } }, answer => {
      if (answer.statusCode !== 200) return failed(new Error(`no stream: ${answer.statusCode}`));
      answer.setEncoding("utf8").on("data", text => {
        const now = performance.now();
        opened(asked);
        heard(text, now);
      });
    });
    asked.on("error", failed).end();
  });
}

function look() {
  const text = readFileSync(`/proc/${node.pid}/status`, "utf8");
  const times = readFileSync(`/proc/${node.pid}/stat`, "utf8").split(") ")[1].split(" ");
  return { kib: Number(text.match(/VmRSS:\s+(\d+)/)[1]), seconds: (Number(times[11]) + Number(times[12])) / 100 };
}

function tell(what, times) {
  const sorted = times.toSorted((one, next) => one - next);
  const at = share => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))].toFixed(1);
  console.log(`${what}: median ${at(0.5)} ms, 99 of 100 within ${at(0.99)} ms, at most ${at(1)} ms (${sorted.length})`);
}

let [owner, buyer] = await Promise.all([new Member(node).settle(), new Member(other).settle()]);
const card = await owner.addCard();
const before = look();

/** When each stream heard of the sale that is under way. */
let sale = { begun: 0, reached: [], all: () => {} };
const heard = text => text.includes(card) && text.includes('"sold"');
const began = performance.now();
const streams = [];
for (let from = 0; from < STREAMS; from += 100) {
  streams.push(...await Promise.all(Array.from({ length: Math.min(100, STREAMS - from) }, (_, place) =>
    open(place % 2 ? owner.cookie : "", (text, now) => {
      if (!heard(text)) return;
      sale.reached.push(now - sale.begun);
      if (sale.reached.length === STREAMS) sale.all();
    }))));
}
const opened = look();
console.log(`${STREAMS} streams opened in ${((performance.now() - began) / 1000).toFixed(1)} s: `
  + `${((opened.kib - before.kib) / STREAMS).toFixed(1)} KiB each, ${(before.kib / 1024).toFixed(0)} MiB before and ${(opened.kib / 1024).toFixed(0)} MiB with them`);

const inbox = {};
for (const member of [owner, buyer]) await open(member.cookie, (text, now) => { if (text.includes('"inbox"')) inbox[member.name]?.(now); });
const [toSeller, toAll] = [[], []];
const working = look();
for (let turn = 0; turn < SALES; turn++) {
  await owner.post("put_on_sale", { card, price: "0.01" });
  const { version, price } = (await owner.get("dashboard")).cards.find(it => it.id === card);
  const all = new Promise(done => { sale = { begun: 0, reached: [], all: done }; });
  const told = new Promise(done => { inbox[owner.name] = done; });
  sale.begun = performance.now();
  const [seller] = await Promise.all([told, all, buyer.post("buy", { card, version: String(version), price: String(price), key: randomUUID() })]);
  toSeller.push(seller - sale.begun);
  toAll.push(Math.max(...sale.reached));
  [owner, buyer] = [buyer, owner];
}
tell("from the purchase on one node to the seller's notification on the other", toSeller);
tell(`from the purchase until the last of ${STREAMS} pages was told`, toAll);
const after = look();
console.log(`${SALES} sales told to ${STREAMS} streams: ${(after.seconds - working.seconds).toFixed(2)} s of processor, ${(after.kib / 1024).toFixed(0)} MiB at the end`);
process.exit();
