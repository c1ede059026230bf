// What the running fleet says of itself, and the few things a test may do to it.
import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

export type Node = { name: string; url: string; admin_url: string; pid: number };
export type Fleet = {
  url: string; nodes: Node[]; redis_url: string; redis_pid: number; s3_pid: number; mail_dir: string;
  s3: { endpoint: string; bucket: string };
};

/** Read anew each time: a node that was killed comes back with another process id. */
export function fleet(): Fleet {
  const path = process.env.CARDSTORE_FLEET;
  if (!path) throw new Error("CARDSTORE_FLEET names no fleet: run the tests through `cargo xtask test`");
  return JSON.parse(readFileSync(path, "utf8"));
}

export function redis(...command: string[]): string[] {
  return execFileSync("redis-cli", ["-u", fleet().redis_url, "--raw", ...command], { encoding: "utf8" })
    .split("\n").filter(line => line !== "");
}

/** How often each command was called, inside scripts too; not what looks after Redis itself. */
export function redisCalls(): Record<string, number> {
  const calls = redis("INFO", "commandstats").map(line => line.match(/^cmdstat_([^:]+):calls=(\d+)/));
  return Object.fromEntries(calls.filter(call => call !== null).map(([, command, count]) => [command, Number(count)])
    .filter(([command]) => !["info", "ping"].includes(command as string)));
}

/** The names of all sessions that live. */
export function sessions(): string[] {
  return redis("--scan", "--pattern", "cardstore:s:*").map(key => key.slice("cardstore:s:{".length, -1));
}

/** Ends a session as time would: its record is gone, and the memo says since when. */
export function runOut(session: string) {
  redis("DEL", `cardstore:s:{${session}}`);
  redis("HSET", `cardstore:e:{${session}}`, "until", "0");
}

/** The link to this page in the newest mail to this address, or nothing yet. */
export function linkMailedTo(address: string, page = "activate"): string | undefined {
  const mails = readdirSync(fleet().mail_dir).filter(name => name.endsWith(".eml")).sort().reverse();
  for (const name of mails) {
    const mail = readFileSync(join(fleet().mail_dir, name), "utf8");
    if (!mail.includes(address)) continue;
    const text = mail.replace(/=\r?\n/g, "").replace(/=3D/gi, "=");
    const link = text.match(new RegExp(`https?://\\S+/${page}\\?token=[\\w-]+`));
    if (link) return link[0];
  }
}

/** Kills a node without warning and answers its process id. */
export function kill(name: string): number {
  const node = fleet().nodes.find(node => node.name === name);
  if (!node?.pid) throw new Error(`no node ${name} runs`);
  process.kill(node.pid, "SIGKILL");
  return node.pid;
}

export async function until<T>(what: string, look: () => T | undefined | false | Promise<T | undefined | false>): Promise<T> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const seen = await look();
    if (seen) return seen;
    if (Date.now() > deadline) throw new Error(`did not happen within 30 s: ${what}`);
    await new Promise(again => setTimeout(again, 100));
  }
}

export async function isHealthy(node: Node): Promise<boolean> {
  try {
    return (await fetch(`${node.url}/healthz`)).ok;
  } catch {
    return false;
  }
}

/** A node that was killed has been started again and answers. */
export async function backAgain(name: string, killed: number): Promise<void> {
  await until(`node ${name} is back`, () => {
    const node = fleet().nodes.find(node => node.name === name);
    return !!node?.pid && node.pid !== killed && isHealthy(node);
  });
}
