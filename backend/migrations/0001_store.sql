-- The store's tables, in SQL that SQLite and PostgreSQL understand alike.
--
-- Ids are UUIDv7 as text. Times are UTC milliseconds (`_at_ms`). Money is minor units (`_cents`).
-- Every rule that two requests can race for is a constraint here, or a conditional update whose row count is
-- checked. Every index serves a statement; its comment says which.

create table accounts (
    id text primary key,
    -- As typed, for people; the `_key` column is the lower-case form that is unique.
    username text not null,
    username_key text not null constraint accounts_username_unique unique,
    email text not null,
    email_key text not null constraint accounts_email_unique unique,
    -- Argon2id in PHC string form, with its own salt and cost.
    password_hash text not null,
    -- Equals the sum of the account's ledger entries; `ledger::verify` proves it.
    balance_cents bigint not null default 0
        constraint accounts_balance_covered check (balance_cents >= 0),
    -- How many ledger entries the account has: the number of the last one.
    entries bigint not null default 0,
    created_at_ms bigint not null,
    -- Null until the link in the mail was used.
    activated_at_ms bigint,
    -- When the last mail of each kind was asked for: the cooldown between two.
    activation_mail_at_ms bigint not null,
    reminder_mail_at_ms bigint not null default 0
);

create table tokens (
    -- SHA-256 of the token in hex: who reads this table cannot use a link.
    hash text primary key,
    account_id text not null references accounts (id),
    purpose text not null check (purpose in ('activate')),
    expires_at_ms bigint not null,
    -- A used token stays, so that opening the link twice is success twice.
    used_at_ms bigint
);

-- Resending replaces the account's unused links.
create index tokens_by_account on tokens (account_id, purpose);

-- One row per picture that was signed for.
--
--   pending ──> confirmed ──> used ──> dropped
--      └──────> refused (why is in `refusal`)
--
-- The sweeper turns old pending, confirmed and refused rows into dropped ones, deletes the object, then the row.
create table uploads (
    id text primary key,
    owner_id text not null references accounts (id),
    image_key text not null constraint uploads_image_key_unique unique,
    content_type text not null,
    length_bytes bigint not null check (length_bytes between 1 and 1048576),
    -- Hex.
    sha256 text not null,
    state text not null default 'pending'
        check (state in ('pending', 'confirmed', 'used', 'refused', 'dropped')),
    -- The refusal as JSON, so that asking again answers the same.
    refusal text,
    created_at_ms bigint not null,
    constraint uploads_refused_says_why check ((state = 'refused') = (refusal is not null) or state = 'dropped')
);

-- The sweeper: what never became a card, oldest first.
create index uploads_to_sweep on uploads (created_at_ms) where state <> 'used';

create table cards (
    id text primary key,
    owner_id text not null references accounts (id),
    name text not null,
    -- The name in lower case, for searching without regard to case.
    name_key text not null,
    alt text not null,
    -- One upload becomes at most one card.
    upload_id text not null constraint cards_upload_unique unique references uploads (id),
    image_key text not null,
    -- Null when the card is not on sale.
    price_cents bigint constraint cards_price_in_range check (price_cents between 1 and 100000000),
    -- When the listing began or was last changed; null when the card is not on sale.
    listed_at_ms bigint,
    -- Raised by every change of the listing or the owner: what a buyer or an editor saw, in one number.
    version bigint not null default 1,
    added_at_ms bigint not null,
    constraint cards_listing_whole check ((price_cents is null) = (listed_at_ms is null))
);

-- The dashboard.
create index cards_by_owner on cards (owner_id, added_at_ms, id);
-- The market, newest first.
create index cards_on_sale_by_time on cards (listed_at_ms, id) where price_cents is not null;
-- The market by price, read in both directions.
create index cards_on_sale_by_price on cards (price_cents, id) where price_cents is not null;

create table purchases (
    id text primary key,
    -- From the confirmation page: a replay finds its receipt, and never a second purchase.
    purchase_key text not null constraint purchases_key_unique unique,
    -- The card may be deleted later; the purchase stays.
    card_id text not null,
    card_name text not null,
    -- The version that was bought.
    card_version bigint not null,
    buyer_id text not null references accounts (id),
    seller_id text not null references accounts (id),
    price_cents bigint not null check (price_cents between 1 and 100000000),
    bought_at_ms bigint not null,
    constraint purchases_between_two check (buyer_id <> seller_id),
    -- A listing is sold at most once, whatever else goes wrong.
    constraint purchases_listing_unique unique (card_id, card_version)
);

-- Append-only, double entry: a movement is two entries that sum to zero. A grant is `granted` to an account and
-- `minted` by the house, which has no account; a purchase (its id is the movement's) is `bought` and `sold`.
create table ledger (
    movement_id text not null,
    kind text not null check (kind in ('minted', 'granted', 'bought', 'sold')),
    -- Null for the house.
    account_id text references accounts (id),
    -- Counts the account's entries from 1: their order, whatever the nodes' clocks say. Null for the house.
    number bigint,
    amount_cents bigint not null check (amount_cents <> 0),
    -- The account's balance right after this entry. Null for the house.
    balance_after_cents bigint check (balance_after_cents >= 0),
    at_ms bigint not null,
    primary key (movement_id, kind),
    constraint ledger_house_only_mints check (
        (kind = 'minted') = (account_id is null)
        and (account_id is null) = (number is null)
        and (account_id is null) = (balance_after_cents is null)
    )
);

-- An account's activity, newest first; and no entry is written twice.
create unique index ledger_by_account on ledger (account_id, number);
-- The welcome grant is given once.
create unique index ledger_granted_once on ledger (account_id) where kind = 'granted';

-- Mail to send. A row is deleted when the mail server accepted it, so that no link outlives its delivery here.
create table outbox (
    id text primary key,
    kind text not null check (kind in ('activate', 'reminder')),
    recipient text not null,
    username text not null,
    link text not null,
    created_at_ms bigint not null,
    -- When to try next. Claiming a row moves it into the future: that is the lease of the node that sends it.
    due_at_ms bigint not null,
    tries bigint not null default 0
);

-- The deliverers: what is due.
create index outbox_by_due on outbox (due_at_ms, id);
