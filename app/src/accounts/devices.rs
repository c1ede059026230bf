//! Devices: the browsers that are signed in to my account, and signing them out from here.

#[cfg(feature = "ssr")]
use domain::{Notice, Refusal};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use crate::server;
use crate::{
    error::{Done, Problem},
    form::{Action, Form, Submit},
    texts::texts,
    ui::Ago,
};

/// One browser that is signed in. Its handle names it in forms and is of no use as a cookie.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedInDevice {
    pub handle: String,
    /// `None` when it is not a common one; the same for its system.
    pub browser: Option<String>,
    pub system: Option<String>,
    pub first_seen_ms: i64,
    pub last_seen_ms: i64,
    pub remembered: bool,
    /// The browser that is looking.
    pub this: bool,
}

#[server(endpoint = "end_device")]
pub async fn end_device(handle: String) -> Result<Done, Problem> {
    let account = server::account().await?;
    if !server::end_device(account, &handle).await? {
        return Err(Refusal::NotFound.into());
    }
    Ok(Done::to("/account").saying(Notice::DeviceSignedOut))
}

#[server(endpoint = "end_other_devices")]
pub async fn end_other_devices() -> Result<Done, Problem> {
    let account = server::account().await?;
    server::end_other_devices_of(account).await?;
    Ok(Done::to("/account").saying(Notice::OthersSignedOut))
}

#[server(endpoint = "end_all_devices")]
pub async fn end_all_devices() -> Result<Done, Problem> {
    let account = server::account().await?;
    server::end_other_devices_of(account).await?;
    server::sign_out().await?;
    Ok(Done::to("/login").saying(Notice::SignedOutEverywhere))
}

/// The list, with a button for each device that is not this one and two for several.
#[component]
pub(super) fn Devices(
    devices: Vec<SignedInDevice>,
    end: Action,
    end_others: Action,
    end_all: Action,
) -> impl IntoView {
    let several = devices.len() > 1;
    let texts = texts();
    let items = devices.into_iter().map(|device| view! { <Item device end /> }).collect_view();
    view! {
        <ul class="rows" data-testid="devices">{items}</ul>
        <div class="actions">
            {several
                .then(|| {
                    view! {
                        <Form action=end_others class="inline" summary=false>
                            <Submit class="secondary">{texts.devices.sign_out_others}</Submit>
                        </Form>
                    }
                })}
            <Form action=end_all class="inline" summary=false>
                <Submit class="secondary">{texts.devices.sign_out_everywhere}</Submit>
            </Form>
        </div>
    }
}

#[component]
fn Item(device: SignedInDevice, end: Action) -> impl IntoView {
    let SignedInDevice { handle, browser, system, first_seen_ms, last_seen_ms, remembered, this } = device;
    let texts = texts();
    let browser = browser.as_deref().unwrap_or(texts.devices.unknown_browser);
    let system = system.as_deref().unwrap_or(texts.devices.unknown_system);
    let name = texts.devices.browser_on.with([browser, system]);
    let label = texts.devices.sign_out_named.with([&name]);
    let ago = [first_seen_ms, last_seen_ms].map(|at_ms| view! { <Ago at_ms /> }.into_any());
    view! {
        <li>
            <div>
                <p class="strong">{name} {this.then(|| view! { " " <span class="badge">{texts.devices.this}</span> })}</p>
                <p class="quiet">
                    {texts.devices.since.woven(ago)} {remembered.then_some(texts.devices.stays)}
                </p>
            </div>
            {(!this)
                .then(|| {
                    view! {
                        <Form action=end class="inline" summary=false>
                            <input type="hidden" name="handle" value=handle />
                            <Submit class="secondary" label>{texts.frame.sign_out}</Submit>
                        </Form>
                    }
                })}
        </li>
    }
}
