// Files that people choose, good and bad, and the requests that a browser makes of them.
import { createHash, randomBytes } from "node:crypto";
import { crc32, deflateSync } from "node:zlib";
import type { Page } from "@playwright/test";
import { fleet } from "./fleet";
import { png } from "./person";
import { codes } from "./stage";

export type Chosen = { name: string; mimeType: string; buffer: Buffer };

const file = (name: string, mimeType: string, ...parts: (Buffer | string)[]): Chosen =>
  ({ name, mimeType, buffer: Buffer.concat(parts.map(part => typeof part === "string" ? Buffer.from(part, "latin1") : part)) });

function chunk(kind: string, body: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(kind, "latin1"), body]);
  const around = Buffer.alloc(8);
  around.writeUInt32BE(body.length, 0);
  around.writeUInt32BE(crc32(named), 4);
  return Buffer.concat([around.subarray(0, 4), named, around.subarray(4)]);
}

function pngOf(width: number, height: number, rows: Buffer): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), chunk("IHDR", header), chunk("IDAT", rows), chunk("IEND", Buffer.alloc(0))]);
}

/** 1200 by 1600 pixels of coarse noise: some hundred kilobytes even after it was drawn anew. */
export function photograph(name: string): Chosen {
  const [width, height, grain] = [1200, 1600, 10];
  const noise = randomBytes((width / grain) * (height / grain) * 3);
  const rows = Buffer.alloc(height * (1 + width * 3));
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = (Math.floor(y / grain) * (width / grain) + Math.floor(x / grain)) * 3;
      noise.copy(rows, y * (1 + width * 3) + 1 + x * 3, from, from + 3);
    }
  }
  return file(name, "image/png", pngOf(width, height, deflateSync(rows, { level: 1 })));
}

/** A grey JPEG of 800 by 600 pixels that was held upright, with the place where it was taken. */
export function fromPhone(): Chosen {
  const segment = (marker: number, ...body: number[]) => Buffer.from([0xff, marker, (body.length + 2) >> 8, (body.length + 2) & 255, ...body]);
  const one = Array<number>(15).fill(0);
  const exif = Buffer.from("Exif\0\0MM\0*\0\0\0\x08\0\x02" + "\x01\x12\0\x03\0\0\0\x01\0\x06\0\0" + "\x88\x25\0\x04\0\0\0\x01\0\0\0\x26" + "\0\0\0\0"
    + "\0\x01\0\x01\0\x02\0\0\0\x02N\0\0\0\0\0\0\0", "latin1");
  return file("phone.jpg", "image/jpeg", Buffer.from([0xff, 0xd8]), segment(0xe1, ...exif), segment(0xdb, 0, ...Array<number>(64).fill(1)),
    segment(0xc0, 8, 600 >> 8, 600 & 255, 800 >> 8, 800 & 255, 1, 1, 0x11, 0),
    // One code of one bit each: every block is as the one before, and empty.
    segment(0xc4, 0x00, 1, ...one, 0), segment(0xc4, 0x10, 1, ...one, 0),
    segment(0xda, 1, 1, 0, 0, 63, 0), Buffer.alloc(100 * 75 * 2 / 8), Buffer.from([0xff, 0xd9]));
}

export const polyglot = (): Chosen => file("card.png", "image/png", png(30, 40), "PK\x03\x04 and an archive");
export const heic = (): Chosen => file("IMG_0001.heic", "image/heic", "\0\0\0\x18ftypheic\0\0\0\0mif1heic", Buffer.alloc(500));

/** What it is, the file, and a part of the sentence. */
export const REFUSED: [string, (scripted: boolean) => Chosen, (scripted: boolean) => string][] = [
  ["a file that is too large", scripted => file("large.png", "image/png", png(3, 4), Buffer.alloc((scripted ? 33 : 2) * 1024 * 1024)),
    scripted => scripted ? "larger than 32 MB" : "larger than 1 MB"],
  ["an SVG drawing", () => file("drawing.svg", "image/svg+xml", "<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>"), () => "SVG drawing"],
  ["a web page with the name of a picture", () => file("card.png", "image/png", "<!doctype html><script>alert(1)</script>"), () => "is a web page"],
  ["a HEIC picture", heic, () => "HEIC picture"],
  ["a picture that would unpack to gigabytes", () => file("bomb.png", "image/png", pngOf(30_000, 30_000, deflateSync(Buffer.alloc(9)))), () => "too many pixels"],
  ["a damaged picture", () => file("torn.png", "image/png", png(30, 40).subarray(0, 60)), () => "damaged"],
  ["another kind of file", () => file("card.png", "image/png", "GIF89a"), () => "not a PNG, JPEG or WebP"],
];

type SignedPut = { url: string; headers: [string, string][] };
type Signed = { upload: string; picture: SignedPut };

export const headersOf = (put: SignedPut) => Object.fromEntries(put.headers.filter(([name]) => name !== "content-length"));

/** Asks for permission as the page's script does. */
export async function sign(page: Page, picture: Buffer): Promise<Signed> {
  const sha256 = createHash("sha256").update(picture).digest("hex");
  const form = { "picture[length]": picture.length, "picture[content_type]": "png", "picture[sha256]": sha256 };
  const answer = await page.request.post(`${fleet().url}/api/sign_upload`, { headers: { origin: fleet().url }, form });
  if (!answer.ok()) throw new Error(`not signed: ${answer.status()} ${await answer.text()}`);
  return answer.json();
}

/** The status, and the refusal if there is one. */
export async function addCard(page: Page, upload: string, name: string): Promise<[number, string?]> {
  const answer = await page.request.post(`${fleet().url}/api/add_card`, { headers: { origin: fleet().url }, form: { name, upload } });
  const said = await answer.json();
  return answer.ok() ? [answer.status()] : [answer.status(), codes(said)[0]];
}

/** Puts every card of the person on sale. */
export async function sellAll(page: Page): Promise<void> {
  const { cards } = await (await page.request.get(`${fleet().url}/api/dashboard`)).json() as { cards: { id: string }[] };
  for (const { id } of cards) {
    const form = { card: id, price: "5" };
    const answer = await page.request.post(`${fleet().url}/api/put_on_sale`, { headers: { origin: fleet().url }, form });
    if (!answer.ok()) throw new Error(`not on sale: ${answer.status()}`);
  }
}

/** A card with this picture, without a page. */
export async function addQuickly(page: Page, name: string, picture: Buffer): Promise<void> {
  const { upload, picture: put } = await sign(page, picture);
  const sent = await fetch(put.url, { method: "PUT", headers: headersOf(put), body: Uint8Array.from(picture) });
  const [status] = await addCard(page, upload, name);
  if (!sent.ok || status !== 200) throw new Error(`not added: ${sent.status} ${status}`);
}
