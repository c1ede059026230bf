// The measured pages of the store on Express: one worker a core unless WORKERS says how many, sessions in Redis, rows
// from the same SQLite file.

import cluster from "node:cluster";
import { availableParallelism } from "node:os";

import { verify } from "@node-rs/argon2";
import { RedisStore } from "connect-redis";
import express from "express";
import session from "express-session";
import { createClient } from "redis";

import { Store } from "./store.js";

const { PORT, REDIS_URL, DATABASE, DASHBOARD_BYTES, MARKET_BYTES, CARD_BYTES } = process.env;
const workers = Number(process.env.WORKERS ?? availableParallelism());

if (workers > 1 && cluster.isPrimary) {
  for (let worker = 0; worker < workers; worker += 1) cluster.fork();
  process.on("SIGTERM", () => {
    for (const worker of Object.values(cluster.workers)) worker.kill();
    process.exit(0);
  });
} else {
  await serve(new Store(DATABASE));
}

async function serve(store) {
  const client = await createClient({ url: REDIS_URL }).connect();
  const app = express();
  app.set("views", new URL("views", import.meta.url).pathname).set("view engine", "ejs");
  app.disable("x-powered-by").disable("etag");
  app.get("/healthz", (_, response) => response.send("ok"));
  app.use(
    session({
      store: new RedisStore({ client, prefix: "express:" }),
      secret: "only for measuring",
      resave: false,
      saveUninitialized: false,
      cookie: { maxAge: 30 * 60 * 1000, sameSite: "lax" },
    }),
  );
  const form = express.urlencoded({ extended: false });

  app.get("/", (request, response) => {
    page(response, "market", Number(MARKET_BYTES), { visitor: visitor(request), ...store.market() });
  });
  app.get("/dashboard", (request, response) => {
    const profile = visitor(request);
    if (!profile) return response.redirect(303, "/login");
    page(response, "dashboard", Number(DASHBOARD_BYTES), {
      visitor: profile,
      cards: store.collection(request.session.account),
    });
  });
  app.get("/cards/:id", (request, response) => {
    const found = store.card(request.params.id, request.session.account);
    if (!found.card) return response.sendStatus(404);
    page(response, "card", Number(CARD_BYTES), { visitor: visitor(request), ...found });
  });
  app.post("/login", form, async (request, response) => {
    const { username, password } = request.body;
    const account = store.credentials(username);
    if (!account || !(await verify(account.password_hash, password))) return response.sendStatus(422);
    request.session.regenerate((trouble) => {
      if (trouble) return response.sendStatus(503);
      request.session.account = account.id;
      response.redirect(303, "/dashboard");
    });
  });
  app.post("/cards/:id/buy", form, (request, response) => {
    if (!request.session.account) return response.redirect(303, "/login");
    const bought = store.buy(request.session.account, request.body);
    if (!bought) return response.sendStatus(409);
    response.redirect(303, `/cards/${request.params.id}`);
  });
  app.listen(Number(PORT), "127.0.0.1");

  function visitor(request) {
    return request.session.account && store.profile(request.session.account);
  }
}

// As long as the store's own page, which carries more than it shows.
function page(response, view, bytes, data) {
  response.render(view, data, (trouble, html) => {
    if (trouble) throw trouble;
    response.type("html").send(html.padEnd(bytes));
  });
}
