// Every "no" that a form can hear: how somebody comes to hear it, and what they read then.
import { fleet, linkMailedTo, until } from "./fleet";
import { letLinksAge, operate } from "./operator";
import { PASSWORD } from "./person";
import { arrive, buy, callWell, cardOf, newCard, terms, type Stage } from "./stage";
import type { Person } from "./person";

/** Somebody before a form that will be refused. */
export type Attempt = {
  who: Person;
  /** Where the form stands, and the function behind it. */
  path: string;
  act: string;
  /** By label. */
  typed?: Record<string, string>;
  button: string | RegExp;
  /** What happens between the page and the press of its button. */
  meanwhile?: () => Promise<unknown>;
  /** The form is gone with what it was about. */
  leavesNoForm?: boolean;
};
export type Refusal = {
  code: string; status: number; sentence: string | RegExp; when: string;
  attempt: (stage: Stage) => Promise<Attempt>;
};

const registration = (username: string, email: string, password: string) => async ({ rival }: Stage): Promise<Attempt> => {
  const who = await arrive(rival.page.context().browser()!, rival.scripted);
  const typed = { "Username": username || who.name, "E-mail address": email || who.email, "Password": password };
  return { who, path: "/register", act: "register", typed, button: "Create account" };
};

const signIn = (prepare: (who: Person) => Promise<{ password: string; meanwhile?: () => Promise<unknown> }>) =>
  async ({ rival }: Stage): Promise<Attempt> => {
    const who = await arrive(rival.page.context().browser()!, rival.scripted);
    const { password, meanwhile } = await prepare(who);
    const typed = { "Username or e-mail address": who.name, "Password": password };
    return { who, path: "/login", act: "sign_in", typed, button: "Sign in", meanwhile };
  };

const sell = (price: string) => async ({ seller }: Stage): Promise<Attempt> => {
  const { id } = await newCard(seller);
  return { who: seller, path: `/cards/${id}/sell`, act: "put_on_sale", typed: { Price: price }, button: "Put it on sale" };
};

const reprice = (price: string, meanwhile?: (stage: Stage, id: string) => Promise<unknown>) => async (stage: Stage): Promise<Attempt> => {
  const { id } = await newCard(stage.seller, "2.00");
  return {
    who: stage.seller, path: `/cards/${id}/sell`, act: "reprice", typed: { "New price": price }, button: "Change the price",
    meanwhile: meanwhile && (() => meanwhile(stage, id)),
  };
};

const edit = (name: string, alt: string) => async ({ seller }: Stage): Promise<Attempt> => {
  const { id } = await newCard(seller);
  return { who: seller, path: `/cards/${id}/edit`, act: "edit_card", typed: { Name: name, "The picture in words (optional)": alt }, button: "Save" };
};

const purchase = (price: string, meanwhile: (stage: Stage, id: string) => Promise<unknown>) => async (stage: Stage): Promise<Attempt> => {
  const { id } = await newCard(stage.seller, price);
  return { who: stage.buyer, path: `/cards/${id}/buy`, act: "buy", button: /^Buy for/, meanwhile: () => meanwhile(stage, id) };
};

const passwordCheck = (path: string, act: string, button: string, typed: Record<string, string>) => async ({ rival }: Stage): Promise<Attempt> =>
  ({ who: rival, path, act, button, typed: { ...typed, "Current password": "not it at all" } });

const cancel = async (owner: Person, id: string) =>
  callWell(owner, "cancel_sale", { card: id, version: String((await cardOf(owner, id)).version), price: "1" });
const changePrice = async (owner: Person, id: string, price: string) =>
  callWell(owner, "reprice", { card: id, version: String((await cardOf(owner, id)).version), price });

const WRONG_PASSWORD = { code: "password-wrong", status: 422, sentence: "That is not your current password. Please try again." };
const UNREADABLE = { code: "price-unreadable", status: 422, sentence: "Enter a price like 12.50, with at most two decimals." };
const OUT_OF_RANGE = { code: "price-out-of-range", status: 422, sentence: "A price is between 0.01 and 1,000,000.00." };
const ADDRESS = { code: "email-unusable", status: 422, sentence: "Enter an e-mail address like name@example.com." };
const CHANGED = { code: "listing-changed", status: 409, sentence: /This listing changed in another window/ };
const LINK = { code: "link-unknown", status: 404, sentence: /This link does not belong to an account/ };

export const REFUSALS: Refusal[] = [
  { code: "username-unusable", status: 422, sentence: /Choose a username of 3 to 24 letters/, when: "a username has signs in it",
    attempt: registration("a!", "", PASSWORD) },
  { code: "username-taken", status: 422, sentence: /Somebody already has this username/, when: "a username is somebody's, in other letters",
    attempt: stage => registration(stage.seller.name.toUpperCase(), "", PASSWORD)(stage) },
  { ...ADDRESS, when: "an address has no place", attempt: registration("", "nobody", PASSWORD) },
  { code: "password-too-short", status: 422, sentence: "Use at least 8 characters.", when: "a password is short", attempt: registration("", "", "seven77") },
  { code: "password-too-long", status: 422, sentence: "Use at most 128 characters.", when: "a password is endless",
    attempt: registration("", "", "x".repeat(129)) },
  { ...ADDRESS, when: "a forgotten password belongs to no address", attempt: async ({ rival }) =>
    ({ who: rival, path: "/forgot", act: "ask_for_reset", typed: { "E-mail address": "rival@" }, button: "Send me the link" }) },
  { code: "wrong-credentials", status: 401, sentence: /That username and password do not match/, when: "nobody has this name",
    attempt: signIn(async () => ({ password: PASSWORD })) },
  { code: "not-activated", status: 403, sentence: /This account is not activated yet/, when: "the link was not opened yet",
    attempt: signIn(async who => {
      await callWell(who, "register", { username: who.name, email: who.email, password: PASSWORD });
      return { password: PASSWORD };
    }) },
  { code: "suspended", status: 403, sentence: /This account is suspended/, when: "an operator has suspended the account",
    attempt: signIn(async who => {
      await callWell(who, "register", { username: who.name, email: who.email, password: PASSWORD });
      operate("activate", who.name);
      operate("suspend", who.name);
      return { password: PASSWORD };
    }) },
  { code: "too-many-tries", status: 429, sentence: /Too many tries. Please wait \d+ (seconds|minutes) and try again/,
    when: "ten wrong passwords were tried on both nodes",
    attempt: signIn(async who => ({
      password: PASSWORD,
      meanwhile: async () => {
        for (let tries = 0; tries < 10; tries++) {
          const node = fleet().nodes[tries % 2].url;
          await fetch(`${node}/api/sign_in`, { method: "POST", body: new URLSearchParams({ username: who.name, password: "wrong" }) });
        }
      },
    })) },
  { ...WRONG_PASSWORD, when: "a password is changed by somebody who does not know it",
    attempt: passwordCheck("/account/password", "change_password", "Change password", { "New password": "another long secret" }) },
  { ...WRONG_PASSWORD, when: "an address is changed by somebody who does not know the password",
    attempt: passwordCheck("/account/email", "change_email", "Send the link", { "New e-mail address": "new@example.org" }) },
  { ...WRONG_PASSWORD, when: "an account is deleted by somebody who does not know its password",
    attempt: passwordCheck("/account/delete", "delete_account", "Delete my account for good", {}) },
  { ...LINK, when: "a link to activate is made up", attempt: async ({ rival }) =>
    ({ who: rival, path: "/activate?token=made-up", act: "activate", button: "Activate my account" }) },
  { ...LINK, when: "a link to a new password is made up", attempt: async ({ rival }) =>
    ({ who: rival, path: "/reset?token=made-up", act: "reset_password", typed: { "New password": "another long secret" }, button: "Set the new password" }) },
  { code: "link-expired", status: 410, sentence: /This link is too old/, when: "a day has passed since the mail", attempt: async ({ rival }) => {
    const who = await arrive(rival.page.context().browser()!, rival.scripted);
    await callWell(who, "register", { username: who.name, email: who.email, password: PASSWORD });
    const link = new URL(await until("the mail", () => linkMailedTo(who.email)));
    letLinksAge(who.name);
    return { who, path: link.pathname + link.search, act: "activate", button: "Activate my account" };
  } },

  { code: "card-name-missing", status: 422, sentence: "Give the card a name.", when: "a name is taken away", attempt: edit(" ", "words") },
  { code: "card-name-unusable", status: 422, sentence: "Use a name of at most 80 characters on one line.", when: "a name has no end",
    attempt: edit("n".repeat(81), "words") },
  { code: "alt-text-unusable", status: 422, sentence: "Describe the picture in at most 200 characters on one line.", when: "a picture needs a book",
    attempt: edit("A name", "w".repeat(201)) },
  { code: "picture-missing", status: 422, sentence: "Choose a picture for the card.", when: "a card has no picture", attempt: async ({ seller }) =>
    ({ who: seller, path: "/dashboard/add", act: "add_card", typed: { Name: "No picture" }, button: "Add this card" }) },
  { ...UNREADABLE, when: "a card is sold for words", attempt: sell("abc") },
  { ...UNREADABLE, when: "a price could be two", attempt: reprice("1.005") },
  { ...OUT_OF_RANGE, when: "a card is sold for nothing", attempt: sell("0") },
  { ...OUT_OF_RANGE, when: "a price is beyond all means", attempt: reprice("1000000.01") },
  { code: "already-on-sale", status: 409, sentence: "This card is already on sale.", when: "another window was quicker", attempt: async stage => {
    const attempt = await sell("3.00")(stage);
    return { ...attempt, meanwhile: () => callWell(stage.seller, "put_on_sale", { card: attempt.path.split("/")[2], price: "4.00" }) };
  } },
  { code: "taken-down", status: 409, sentence: /We took this card off the market/, when: "an operator has taken the card down", attempt: async stage => {
    const attempt = await sell("3.00")(stage);
    return { ...attempt, meanwhile: async () => operate("take-down", attempt.path.split("/")[2]) };
  } },
  { ...CHANGED, when: "the price was changed in another window", attempt: reprice("5.00", ({ seller }, id) => changePrice(seller, id, "4.00")) },
  { code: "not-found", status: 404, sentence: /could not find that/, when: "the card was sold meanwhile", attempt: async stage =>
    ({ ...await reprice("5.00", ({ rival, seller }, id) => buy(rival, seller, id))(stage), leavesNoForm: true }) },
  { code: "cancel-sale-first", status: 409, sentence: /on sale\..* [Cc]ancel the sale first/, when: "the card was put on sale in another window",
    attempt: async ({ seller }) => {
      const { id } = await newCard(seller);
      return {
        who: seller, path: `/cards/${id}/edit`, act: "delete_card", button: "Delete this card",
        meanwhile: () => callWell(seller, "put_on_sale", { card: id, price: "4.00" }),
      };
    } },

  { code: "somebody-was-faster", status: 409, sentence: /Somebody was faster and bought this card. You were not charged/, when: "somebody else bought it",
    attempt: purchase("0.10", ({ rival, seller }, id) => buy(rival, seller, id)) },
  { code: "own-card", status: 409, sentence: "This is your card already.", when: "it was bought in another window",
    attempt: purchase("0.10", ({ buyer, seller }, id) => buy(buyer, seller, id)) },
  { code: "not-on-sale", status: 409, sentence: /This card is not for sale any more. You were not charged/, when: "the sale was cancelled",
    attempt: purchase("0.10", ({ seller }, id) => cancel(seller, id)) },
  { ...CHANGED, when: "the card came back at the same price", attempt: purchase("0.10", async ({ seller }, id) => {
    await cancel(seller, id);
    await callWell(seller, "put_on_sale", { card: id, price: "0.10" });
  }) },
  { code: "price-changed", status: 409, sentence: /The price changed from 0.10 to 0.20 while you were deciding. You were not charged/, when: "it became dearer",
    attempt: purchase("0.10", ({ seller }, id) => changePrice(seller, id, "0.20")) },
  { code: "short", status: 409, sentence: /You are 1.00 short for this card. You were not charged/, when: "the money was spent in another window",
    attempt: async stage => {
      const held = (await stage.books())[1].balance;
      const dear = await newCard(stage.seller, (held / 100).toFixed(2));
      const other = await newCard(stage.seller, "1.00");
      return {
        who: stage.buyer, path: `/cards/${dear.id}/buy`, act: "buy", button: /^Buy for/,
        meanwhile: () => buy(stage.buyer, stage.seller, other.id),
      };
    } },
];

/** What somebody may send about a card that is none of theirs. */
export async function prying({ seller, rival }: Stage): Promise<[Person, string, Record<string, string>][]> {
  const { id } = await newCard(seller, "5.00");
  const { version, price } = await terms(seller, id);
  const nowhere = "01890000-0000-7000-8000-000000000000";
  return [
    [rival, "put_on_sale", { card: id, price: "1.00" }],
    [rival, "reprice", { card: id, version, price: "1.00" }],
    [rival, "cancel_sale", { card: id, version, price }],
    [rival, "edit_card", { card: id, name: "Mine now", alt: "" }],
    [rival, "delete_card", { card: id }],
    [rival, "add_card", { name: "Stolen picture", alt: "", upload: nowhere }],
    [rival, "buy", { card: nowhere, version, price, key: nowhere }],
    [rival, "watch", { card: nowhere }],
  ];
}
