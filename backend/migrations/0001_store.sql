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
    -- Null once the account was deleted: its row stays for the ledger, under a name that says nothing.
    email text,
    email_key text constraint accounts_email_unique unique,
    -- Argon2id in PHC string form, with its own salt and cost. Null once the account was deleted.
    password_hash text,
    -- Equals the sum of the account's ledger entries; `ledger::verify` proves it.
    balance_cents bigint not null default 0
        constraint accounts_balance_covered check (balance_cents >= 0),
    -- How many ledger entries the account has: the number of the last one.
    entries bigint not null default 0,
    created_at_ms bigint not null,
    -- Null until the link in the mail was used.
    activated_at_ms bigint,
    -- While it is set, nobody signs in and nothing is bought or sold.
    suspended_at_ms bigint,
    deleted_at_ms bigint,
    -- When the last mail of each kind was asked for: the cooldown between two.
    activation_mail_at_ms bigint not null,
    reminder_mail_at_ms bigint not null default 0,
    reset_mail_at_ms bigint not null default 0,
    confirm_mail_at_ms bigint not null default 0,
    constraint accounts_deleted_anonymous check (
        (deleted_at_ms is not null) = (email is null)
        and (deleted_at_ms is not null) = (email_key is null)
        and (deleted_at_ms is not null) = (password_hash is null)
    )
);

create table tokens (
    -- SHA-256 of the token in hex: who reads this table cannot use a link.
    hash text primary key,
    account_id text not null references accounts (id),
    purpose text not null check (purpose in ('activate', 'reset', 'email')),
    -- The address that the link was mailed to, when it is to become the account's.
    email text,
    expires_at_ms bigint not null,
    -- A used token stays, so that opening the link twice is success twice. A link that resets a password works
    -- once: its token goes.
    used_at_ms bigint,
    constraint tokens_email_to_confirm check ((purpose = 'email') = (email is not null))
);

-- A new link replaces the account's unused ones.
create index tokens_by_account on tokens (account_id, purpose);

-- One row per picture that was signed for.
--
--   pending ──> confirmed ──> used ──> dropped
--      └──────> refused (why is in `refusal`)
--
-- The sweeper turns old pending, confirmed and refused rows into dropped ones, deletes the objects, then the row.
create table uploads (
    id text primary key,
    owner_id text not null references accounts (id),
    image_key text not null constraint uploads_image_key_unique unique,
    content_type text not null,
    length_bytes bigint not null check (length_bytes between 1 and 1048576),
    -- Hex.
    sha256 text not null,
    -- The same of the thumbnail; null when none was announced.
    thumbnail_key text constraint uploads_thumbnail_key_unique unique,
    thumbnail_type text,
    thumbnail_length_bytes bigint check (thumbnail_length_bytes between 1 and 131072),
    thumbnail_sha256 text,
    state text not null default 'pending'
        check (state in ('pending', 'confirmed', 'used', 'refused', 'dropped')),
    -- The refusal as JSON, so that asking again answers the same.
    refusal text,
    created_at_ms bigint not null,
    constraint uploads_refused_says_why check ((state = 'refused') = (refusal is not null) or state = 'dropped'),
    constraint uploads_thumbnail_whole check (
        (thumbnail_key is null) = (thumbnail_type is null)
        and (thumbnail_key is null) = (thumbnail_length_bytes is null)
        and (thumbnail_key is null) = (thumbnail_sha256 is null)
    )
);

-- The sweeper: what never became a card, oldest first.
create index uploads_to_sweep on uploads (created_at_ms) where state <> 'used';

create table cards (
    id text primary key,
    owner_id text not null references accounts (id),
    name text not null,
    -- The words of the name in lower case, a space before each: what a search compares.
    name_key text not null,
    alt text not null,
    -- One upload becomes at most one card.
    upload_id text not null constraint cards_upload_unique unique references uploads (id),
    image_key text not null,
    -- Null when the browser made none.
    thumbnail_key text,
    -- Null when the card is not on sale.
    price_cents bigint constraint cards_price_in_range check (price_cents between 1 and 100000000),
    -- When the listing began or was last changed; null when the card is not on sale.
    listed_at_ms bigint,
    -- Null when everybody may see the card. The cards of a suspended account come back with it; one that an
    -- operator took down does not.
    hidden text check (hidden in ('suspended', 'taken-down')),
    -- Raised by every change of the card, its listing or its owner: what a buyer or an editor saw, in one number.
    version bigint not null default 1,
    added_at_ms bigint not null,
    constraint cards_listing_whole check ((price_cents is null) = (listed_at_ms is null)),
    constraint cards_taken_down_unlisted check (hidden is null or hidden <> 'taken-down' or price_cents is null)
);

-- The dashboard.
create index cards_by_owner on cards (owner_id, added_at_ms, id);
-- The market, newest first. What filters and the search look at follows, so that they read the index alone.
create index cards_on_sale_by_time on cards (listed_at_ms, id, price_cents, name_key, hidden)
    where price_cents is not null and hidden is null;
-- The market by price, read in both directions.
create index cards_on_sale_by_price on cards (price_cents, id, name_key, hidden)
    where price_cents is not null and hidden is null;
-- One seller's part of it, in the same orders.
create index cards_of_seller_by_time on cards (owner_id, listed_at_ms, id, price_cents, name_key, hidden)
    where price_cents is not null and hidden is null;
create index cards_of_seller_by_price on cards (owner_id, price_cents, id, name_key, hidden)
    where price_cents is not null and hidden is null;

-- The words of the cards' names. A word is kept as the hexadecimal digits of its UTF-8: those sort alike under every
-- collation, so that words that begin with the same letters stand together.
create table card_words (
    card_id text not null references cards (id) on delete cascade,
    word text not null,
    primary key (card_id, word)
);

-- The search: cards with a word that begins like this.
create index card_words_by_word on card_words (word, card_id);

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
    -- A listing is sold at most once, whatever else goes wrong. Its index also tells a card's history.
    constraint purchases_listing_unique unique (card_id, card_version)
);

-- Append-only, double entry: a movement is two entries that sum to zero. A purchase (its id is the movement's) is
-- `bought` and `sold`. Everything else is between an account and the house, which has no account: the welcome is
-- `granted`, an operator's correction `adjusted`, what a deleted account held `returned`; to the house that is
-- money `minted` or `reclaimed`.
create table ledger (
    movement_id text not null,
    kind text not null
        check (kind in ('minted', 'reclaimed', 'granted', 'adjusted', 'returned', 'bought', 'sold')),
    -- Null for the house.
    account_id text references accounts (id),
    -- Counts the account's entries from 1: their order, whatever the nodes' clocks say. Null for the house.
    number bigint,
    amount_cents bigint not null check (amount_cents <> 0),
    -- The account's balance right after this entry. Null for the house.
    balance_after_cents bigint check (balance_after_cents >= 0),
    at_ms bigint not null,
    primary key (movement_id, kind),
    constraint ledger_house_mints_and_reclaims check (
        (kind in ('minted', 'reclaimed')) = (account_id is null)
        and (account_id is null) = (number is null)
        and (account_id is null) = (balance_after_cents is null)
    )
);

-- An account's activity, newest first; and no entry is written twice.
create unique index ledger_by_account on ledger (account_id, number);
-- The same with one kind of entry only.
create index ledger_by_kind on ledger (account_id, kind, number);
-- The welcome grant is given once.
create unique index ledger_granted_once on ledger (account_id) where kind = 'granted';

-- Who hears of a card's price drops and its sale.
create table watches (
    account_id text not null references accounts (id),
    card_id text not null references cards (id) on delete cascade,
    primary key (account_id, card_id)
);

-- Telling them, always in this order.
create index watches_by_card on watches (card_id, account_id);

-- One row per account that was ever told something. An act counts for all whom it tells first, in the order of
-- their ids, then tells exactly those; so two acts that tell the same people wait for each other in no circle.
create table inboxes (
    account_id text primary key references accounts (id),
    -- The number of the last notification.
    newest bigint not null,
    -- The act that counted last.
    act_id text not null
);

create table notifications (
    account_id text not null references accounts (id),
    -- Counts the account's notifications from 1: their order, and how a page knows what it missed.
    number bigint not null,
    kind text not null check (kind in ('sold', 'price-dropped', 'watched-sold')),
    -- The card may be deleted later; the notification stays.
    card_id text not null,
    card_name text not null,
    amount_cents bigint,
    at_ms bigint not null,
    read_at_ms bigint,
    -- The inbox, newest first, and what came after a number.
    primary key (account_id, number)
);

-- The bell, and marking as read.
create index notifications_unread on notifications (account_id, number) where read_at_ms is null;

-- What operators did. Append-only.
create table operations (
    id text primary key,
    act text not null
        check (act in ('activate', 'resend-activation', 'suspend', 'reinstate', 'take-down', 'adjust')),
    account_id text not null references accounts (id),
    card_id text,
    amount_cents bigint,
    at_ms bigint not null
);

-- Mail to send. A row is deleted when the mail server accepted it, so that no link outlives its delivery here.
create table outbox (
    id text primary key,
    kind text not null check (kind in ('activate', 'reminder', 'reset', 'confirm-email', 'email-changed')),
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
