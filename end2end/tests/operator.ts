// What an operator of the running fleet does at the command line, and what only time can do.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fleet } from "./fleet";

const folder = () => dirname(process.env.CARDSTORE_FLEET!);

/** Runs `cardstore admin …` beside the fleet and answers what it says. */
export function operate(...act: string[]): string {
  const { redis_url, database_url, s3 } = JSON.parse(readFileSync(process.env.CARDSTORE_FLEET!, "utf8"));
  const { session_secret } = JSON.parse(readFileSync(join(folder(), "secrets.json"), "utf8"));
  const env = {
    PATH: process.env.PATH, REDIS_URL: redis_url, DATABASE_URL: database_url, CARDSTORE_SESSION_SECRET: session_secret,
    CARDSTORE_PUBLIC_URL: fleet().url, MAIL_DIR: fleet().mail_dir, S3_BUCKET: s3.bucket, AWS_ENDPOINT_URL_S3: s3.endpoint,
    AWS_REGION: s3.region, AWS_ACCESS_KEY_ID: s3.access_key, AWS_SECRET_ACCESS_KEY: s3.secret_key, RUST_LOG: "error",
  };
  return execFileSync(join(folder(), "release/cardstore"), ["admin", ...act], { encoding: "utf8", env });
}

/** Lets a day pass for the links that were mailed to this person so far. */
export function letLinksAge(username: string) {
  const { database_url } = JSON.parse(readFileSync(process.env.CARDSTORE_FLEET!, "utf8"));
  const statement = "update tokens set expires_at_ms = 1 where account_id in (select id from accounts where username = ?)";
  change(database_url, statement, username);
}

/** Lets the minute pass in which this person gets no second mail. */
export function letCooldownPass(username: string) {
  const { database_url } = JSON.parse(readFileSync(process.env.CARDSTORE_FLEET!, "utf8"));
  change(database_url, "update accounts set activation_mail_at_ms = 0 where username = ?", username);
}

/** Python brings SQLite along; the tests' own runtime does not. */
function change(database_url: string, statement: string, parameter: string) {
  const program = "import sqlite3, sys\n"
    + "with sqlite3.connect(sys.argv[1], timeout=10) as database:\n"
    + "    assert database.execute(sys.argv[2], [sys.argv[3]]).rowcount > 0, 'nothing changed'";
  execFileSync("python3", ["-c", program, database_url.replace("sqlite://", ""), statement, parameter]);
}
