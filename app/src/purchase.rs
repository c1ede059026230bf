//! Buying: the confirmation page with its terms, and the receipt.

#[cfg(feature = "ssr")]
use domain::Terms;
use domain::{CardDetail, CardId, Money, Offer, PurchaseKey, Receipt, Refusal};
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};
use serde::{Deserialize, Serialize};
use server_fn::codec::GetUrl;

#[cfg(feature = "ssr")]
use crate::server;
use crate::{
    data::use_data,
    error::{Done, Problem},
    form::{Action, Form, Submit, Summary, use_action},
    texts::texts,
    ui::{Heading, Loaded, Picture, Refresh, Title, When},
};

/// What the purchase page shows: before it, the offer; after it, the receipt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Step {
    Confirm(Offer),
    /// It cannot be bought, and why.
    Closed(CardDetail, Refusal),
    Bought(Receipt),
}

/// `receipt` is the purchase key of a finished purchase; empty before it.
#[server(endpoint = "purchase", input = GetUrl)]
pub async fn load_purchase(card: String, #[server(default)] receipt: String) -> Result<Step, Problem> {
    let buyer = server::account().await?;
    let store = server::store();
    if let Ok(key) = receipt.parse::<PurchaseKey>() {
        let receipt = backend::market::receipt(&store, buyer, key).await?;
        return receipt.map(Step::Bought).ok_or_else(|| Refusal::NotFound.into());
    }
    let card = card.parse::<CardId>().map_err(|_| Refusal::NotFound)?;
    match backend::market::offer(&store, buyer, card).await.map_err(Problem::from) {
        Ok(offer) => Ok(Step::Confirm(offer)),
        Err(problem) => {
            let refusal =
                problem.refusals().iter().copied().find(|refusal| refusal.is_conflict()).ok_or(problem)?;
            Ok(Step::Closed(backend::cards::detail(&store, card, Some(buyer)).await?, refusal))
        }
    }
}

#[server(endpoint = "buy")]
pub async fn buy(card: CardId, version: i64, price: Money, key: PurchaseKey) -> Result<Done, Problem> {
    let buyer = server::account().await?;
    backend::market::buy(&server::store(), buyer, Terms { card, version, price, key }).await?;
    Ok(Done::to(format!("/cards/{card}/buy?receipt={key}")))
}

#[component]
pub fn BuyPage() -> impl IntoView {
    let refresh = Refresh::expect();
    let (params, query) = (use_params_map(), use_query_map());
    let data = use_data(
        move || refresh.count(),
        move || LoadPurchase {
            card: params.with(|params| params.get("id").unwrap_or_default()),
            receipt: query.with(|query| query.get("receipt").unwrap_or_default()),
        },
    );
    let action = use_action::<Buy>();
    view! {
        <Loaded
            data
            view=move |step| match step {
                Step::Confirm(offer) => view! { <Confirm offer action /> }.into_any(),
                Step::Closed(card, refusal) => view! { <Closed card refusal action /> }.into_any(),
                Step::Bought(receipt) => view! { <ReceiptView receipt /> }.into_any(),
            }
        />
    }
}

#[component]
fn Confirm(offer: Offer, action: Action) -> impl IntoView {
    let Offer { card, terms, balance, after } = offer;
    let after = match after {
        Ok(after) => after,
        Err(refusal) => return view! { <Closed card refusal action /> }.into_any(),
    };
    let back = format!("/cards/{}", card.id);
    let texts = texts();
    view! {
        <Framed card action>
            <dl class="sums">
                <div><dt>{texts.selling.price}</dt><dd>{texts.money(terms.price)}</dd></div>
                <div><dt>{texts.purchase.your_balance}</dt><dd>{texts.money(balance)}</dd></div>
                <div class="sum"><dt>{texts.purchase.afterwards}</dt><dd>{texts.money(after)}</dd></div>
            </dl>
            <Form action class="actions" summary=false>
                <input type="hidden" name="card" value=terms.card.to_string() />
                <input type="hidden" name="version" value=terms.version.to_string() />
                <input type="hidden" name="price" value=terms.price.cents().to_string() />
                <input type="hidden" name="key" value=terms.key.to_string() />
                <Submit class="primary large">{texts.purchase.buy_for.with([&texts.money(terms.price)])}</Submit>
                <a class="button" href=back>{texts.purchase.not_now}</a>
            </Form>
        </Framed>
    }
    .into_any()
}

/// The card cannot be bought: the answer to the press of the button says why, or else `refusal` does.
#[component]
fn Closed(card: CardDetail, refusal: Refusal, action: Action) -> impl IntoView {
    let (problem, texts) = (action.problem(), texts());
    let back = format!("/cards/{}", card.id);
    view! {
        <Framed card action>
            <Show when=move || problem.with(Option::is_none)>
                <p class="problem">{texts.refusal(refusal)}</p>
            </Show>
            <p class="actions">
                <a class="button" href=back>{texts.cards.back_to_card}</a>
                <a class="button primary" href="/">{texts.purchase.see_market}</a>
            </p>
        </Framed>
    }
}

/// The card beside the decision, and what was wrong with the last one.
#[component]
fn Framed(card: CardDetail, action: Action, children: Children) -> impl IntoView {
    let (problem, texts) = (action.problem(), texts());
    view! {
        <Title text=texts.purchase.confirm />
        <article class="detail">
            <Picture url=card.image_url alt=card.alt eager=true />
            <div class="detail-text">
                <Heading text=texts.purchase.buy.with([&card.name]) />
                <p class="quiet">{texts.purchase.from.with([&card.owner])}</p>
                <Summary problem />
                {children()}
            </div>
        </article>
    }
}

#[component]
fn ReceiptView(receipt: Receipt) -> impl IntoView {
    let texts = texts();
    let card = view! { <a href=format!("/cards/{}", receipt.card)>{receipt.card_name}</a> }.into_any();
    view! {
        <Title text=texts.purchase.receipt />
        <section class="narrow receipt">
            <Heading text=texts.purchase.yours />
            <p class="lead">{texts.purchase.in_collection.woven([card])}</p>
            <dl class="sums">
                <div><dt>{texts.selling.price}</dt><dd>{texts.money(receipt.price)}</dd></div>
                <div><dt>{texts.market.seller}</dt><dd>{receipt.seller}</dd></div>
                <div><dt>{texts.purchase.when}</dt><dd><When at_ms=receipt.bought_at_ms /></dd></div>
                <div>
                    <dt>{texts.purchase.reference}</dt>
                    <dd><code data-testid="reference">{receipt.reference.to_string()}</code></dd>
                </div>
                <div class="sum">
                    <dt>{texts.purchase.balance_afterwards}</dt>
                    <dd>{texts.money(receipt.balance_after)}</dd>
                </div>
            </dl>
            <p class="actions">
                <a class="button primary" href="/dashboard">{texts.purchase.to_my_cards}</a>
                <a class="button" href="/">{texts.purchase.back_to_market}</a>
            </p>
        </section>
    }
}
