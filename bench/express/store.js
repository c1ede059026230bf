// The rows behind the pages: prepared statements of better-sqlite3, on the thread that asks.

import { randomUUID } from "node:crypto";

import Database from "better-sqlite3";

const PROFILE = `select username, balance_cents, (select count(*) from
    (select 1 from notifications where account_id = @account and read_at_ms is null limit 100)) as unread
  from accounts where id = @account and activated_at_ms is not null and suspended_at_ms is null
    and deleted_at_ms is null`;
const COLLECTION = `select id, name, alt, image_key, thumbnail_key, price_cents, version from cards
  where owner_id = @account order by added_at_ms desc, id desc limit 1000`;
const MARKET = `select c.id, c.name, c.alt, c.image_key, c.thumbnail_key, c.price_cents, a.username as seller,
    (select count(*) from (select 1 from cards where price_cents is not null and hidden is null limit 1000)) as matches
  from (select id, listed_at_ms as position from cards where price_cents is not null and hidden is null
    order by listed_at_ms desc, id desc limit 25) as page
  join cards c on c.id = page.id join accounts a on a.id = c.owner_id
  order by page.position desc, page.id desc`;
const CARD = `select c.id, c.owner_id, c.name, c.alt, c.image_key, c.price_cents, c.version, c.listed_at_ms, a.username,
    (select count(*) from watches where account_id = @account and card_id = @card) as watches
  from cards c join accounts a on a.id = c.owner_id
  where c.id = @card and (c.hidden is null or c.owner_id = @account)`;
const HISTORY = `select s.username as seller, b.username as buyer, p.price_cents, p.bought_at_ms
  from purchases p join accounts s on s.id = p.seller_id join accounts b on b.id = p.buyer_id
  where p.card_id = ? order by p.card_version desc limit 20`;

export class Store {
  constructor(file) {
    this.database = new Database(file, { timeout: 5000 });
    this.database.pragma("journal_mode = wal");
    this.database.pragma("synchronous = normal");
    this.database.pragma("foreign_keys = on");
    this.statements = new Map();
    this.buy = this.database.transaction(this.buyOnce.bind(this)).immediate;
  }

  profile(account) {
    return this.sql(PROFILE).get({ account });
  }

  collection(account) {
    return this.sql(COLLECTION).all({ account });
  }

  market() {
    const tiles = this.sql(MARKET).all();
    return { tiles: tiles.slice(0, 24), more: tiles.length > 24, matches: tiles[0]?.matches ?? 0 };
  }

  card(card, account = null) {
    return { card: this.sql(CARD).get({ card, account }), history: this.sql(HISTORY).all(card) };
  }

  credentials(username) {
    return this.sql("select id, password_hash from accounts where username_key = ? and deleted_at_ms is null").get(
      username,
    );
  }

  buyOnce(buyer, { card, version, price, key }) {
    const [cents, atMs, purchase, act] = [Number(price), Date.now(), randomUUID(), randomUUID()];
    const seen = this.sql("select owner_id, name from cards where id = ? and version = ? and price_cents = ?").get(
      card,
      Number(version),
      cents,
    );
    if (!seen) return false;
    this.sql(
      "update cards set owner_id = ?, price_cents = null, listed_at_ms = null, version = version + 1 where id = ?",
    ).run(buyer, card);
    this.sql("insert into purchases values (?, ?, ?, ?, ?, ?, ?, ?, ?)").run(
      purchase, key, card, seen.name, Number(version), buyer, seen.owner_id, cents, atMs,
    );
    for (const [kind, account, amount] of [["bought", buyer, -cents], ["sold", seen.owner_id, cents]]) {
      const after = this.sql(
        `update accounts set balance_cents = balance_cents + ?, entries = entries + 1 where id = ?
         returning balance_cents, entries`,
      ).get(amount, account);
      this.sql(
        `insert into ledger (movement_id, kind, account_id, number, amount_cents, balance_after_cents, at_ms)
         values (?, ?, ?, ?, ?, ?, ?)`,
      ).run(purchase, kind, account, after.entries, amount, after.balance_cents, atMs);
    }
    this.sql(
      `insert into inboxes (account_id, newest, act_id) values (?, 1, ?)
       on conflict (account_id) do update set newest = newest + 1, act_id = excluded.act_id`,
    ).run(seen.owner_id, act);
    this.sql(
      `insert into notifications (account_id, number, kind, card_id, card_name, amount_cents, at_ms)
       select account_id, newest, 'sold', ?, ?, ?, ? from inboxes where account_id = ?`,
    ).run(card, seen.name, cents, atMs, seen.owner_id);
    return true;
  }

  sql(text) {
    if (!this.statements.has(text)) this.statements.set(text, this.database.prepare(text));
    return this.statements.get(text);
  }
}
