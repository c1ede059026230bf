//! My account on one page: who I am here, my devices, and the ways to what can be changed.

use domain::AccountDetails;
#[cfg(feature = "ssr")]
use domain::Refusal;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use server_fn::codec::GetUrl;

use super::devices::{Devices, EndAllDevices, EndDevice, EndOtherDevices, SignedInDevice};
#[cfg(feature = "ssr")]
use crate::server;
use crate::{
    data::use_data,
    error::Problem,
    form::use_action,
    texts::texts,
    ui::{Heading, Loaded, Refresh, Title, When},
};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overview {
    pub details: AccountDetails,
    pub devices: Vec<SignedInDevice>,
}

#[server(endpoint = "account", input = GetUrl)]
pub async fn load_account() -> Result<Overview, Problem> {
    let account = server::account().await?;
    let details = backend::accounts::details(&server::store(), account).await?.ok_or(Refusal::SignedOut)?;
    Ok(Overview { details, devices: server::devices_of(account).await? })
}

#[component]
pub fn AccountPage() -> impl IntoView {
    let (refresh, texts) = (Refresh::expect(), texts());
    let data = use_data(move || refresh.count(), || LoadAccount {});
    let end = use_action::<EndDevice>();
    let end_others = use_action::<EndOtherDevices>();
    let end_all = use_action::<EndAllDevices>();
    view! {
        <Title text=texts.account.my_account />
        <section class="column">
            <Heading text=texts.account.my_account />
            <Loaded
                data
                headed=true
                view=move |overview| {
                    let Overview { details, devices } = overview;
                    view! {
                        <Details details />
                        <h2>{texts.devices.devices}</h2>
                        <p class="quiet">{texts.devices.explained}</p>
                        <Devices devices end end_others end_all />
                        <YourData />
                    }
                }
            />
        </section>
    }
}

#[component]
fn Details(details: AccountDetails) -> impl IntoView {
    let AccountDetails { username, email, created_at_ms } = details;
    let texts = texts();
    view! {
        <dl class="sums">
            <div><dt>{texts.joining.username}</dt><dd>{username.to_string()}</dd></div>
            <div><dt>{texts.joining.email}</dt><dd>{email.as_str().to_owned()}</dd></div>
            <div><dt>{texts.account.here_since}</dt><dd><When at_ms=created_at_ms /></dd></div>
        </dl>
        <p class="actions">
            <a class="button" href="/account/password">{texts.account.change_password}</a>
            <a class="button" href="/account/email">{texts.account.change_email}</a>
        </p>
    }
}

#[component]
fn YourData() -> impl IntoView {
    let account = &texts().account;
    view! {
        <h2>{account.your_data}</h2>
        <p class="quiet">{account.your_data_explained}</p>
        <p class="actions">
            <a class="button" href="/account/export" rel="external" download="cardstore.json">{account.export}</a>
            <a class="button plain" href="/account/delete">{account.delete_mine}</a>
        </p>
    }
}
