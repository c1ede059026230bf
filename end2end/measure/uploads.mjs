// What 200 parallel uploads of 1 MiB cost the nodes: memory and processor time, before, while sending, and while confirming.
//
//   CARDSTORE_FLEET=.fleet/fleet.json node end2end/measure/uploads.mjs
import { createHash, randomBytes } from "node:crypto";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const UPLOADS = 200;
const MIB = 1024 * 1024;
const fleet = JSON.parse(readFileSync(process.env.CARDSTORE_FLEET, "utf8"));
let cookie = "";

async function ask(path, form) {
  const answer = await fetch(fleet.url + path, {
    method: "POST",
    headers: { origin: fleet.url, cookie },
    body: new URLSearchParams(form),
  });
  const set = answer.headers.getSetCookie()[0];
  if (set) cookie = set.split(";")[0];
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

async function signIn() {
  const name = `m${Date.now().toString(36)}`, email = `${name}@example.com`, password = "a long enough secret";
  await ask("/api/register", { username: name, email, password });
  let token;
  while (!token) {
    await new Promise(again => setTimeout(again, 100));
    for (const file of readdirSync(fleet.mail_dir).filter(file => file.endsWith(".eml"))) {
      const mail = readFileSync(join(fleet.mail_dir, file), "utf8").replace(/=\r?\n/g, "").replace(/=3D/gi, "=");
      if (mail.includes(email)) token ??= mail.match(/activate\?token=([\w-]+)/)?.[1];
    }
  }
  await ask("/api/activate", { token });
  await ask("/api/sign_in", { username: name, password, next: "" });
}

/** A file of exactly 1 MiB that passes for a PNG. */
function picture() {
  const chunk = (kind, body) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(body.length);
    return Buffer.concat([length, Buffer.from(kind), body, Buffer.alloc(4)]);
  };
  const head = [Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), chunk("IHDR", Buffer.from([0, 0, 0, 9, 0, 0, 0, 12, 8, 2, 0, 0, 0]))];
  const end = chunk("IEND", Buffer.alloc(0));
  const rest = MIB - head[0].length - head[1].length - end.length - 12;
  return Buffer.concat([...head, chunk("IDAT", randomBytes(rest)), end]);
}

const ticks = 100;
const look = () => fleet.nodes.map(({ name, pid }) => {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const kib = field => Number(status.match(new RegExp(`${field}:\\s+(\\d+)`))[1]);
  const times = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
  return { name, resident: kib("VmRSS") / 1024, most: kib("VmHWM") / 1024, seconds: (Number(times[11]) + Number(times[12])) / ticks };
});

async function phase(what, run) {
  for (const { pid } of fleet.nodes) writeFileSync(`/proc/${pid}/clear_refs`, "5"); // the peak begins anew
  const before = look(), began = performance.now();
  const result = await run();
  const took = (performance.now() - began) / 1000;
  look().forEach((now, place) => {
    const then = before[place];
    console.log(`${what}, node ${now.name}: ${then.resident.toFixed(1)} MiB before, ${now.most.toFixed(1)} MiB at most, `
      + `${(now.seconds - then.seconds).toFixed(2)} s of processor in ${took.toFixed(1)} s`);
  });
  return result;
}

await signIn();
const pictures = Array.from({ length: UPLOADS }, picture);
const announce = bytes => ({ "picture[length]": bytes.length, "picture[content_type]": "png",
  "picture[sha256]": createHash("sha256").update(bytes).digest("hex") });
const signed = await phase(`${UPLOADS} signatures`, () =>
  Promise.all(pictures.map(bytes => ask("/api/sign_upload", announce(bytes)))));
await phase(`${UPLOADS} uploads of 1 MiB`, () => Promise.all(signed.map(async ({ picture }, place) => {
  const headers = Object.fromEntries(picture.headers.filter(([name]) => name !== "content-length"));
  const sent = await fetch(picture.url, { method: "PUT", headers, body: pictures[place] });
  if (!sent.ok) throw new Error(`not sent: ${sent.status}`);
})));
await phase(`${UPLOADS} confirmations`, () => Promise.all(signed.map(({ upload }, place) =>
  ask("/api/add_card", { name: `Measured ${place}`, upload }))));
