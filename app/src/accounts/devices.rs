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
    ui::Ago,
};

/// One browser that is signed in. Its handle names it in forms and is of no use as a cookie.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedInDevice {
    pub handle: String,
    pub browser: String,
    pub system: String,
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
    let items = devices.into_iter().map(|device| view! { <Item device end /> }).collect_view();
    view! {
        <ul class="rows" data-testid="devices">{items}</ul>
        <div class="actions">
            {several
                .then(|| {
                    view! {
                        <Form action=end_others class="inline" summary=false>
                            <Submit class="secondary">"Sign out the other devices"</Submit>
                        </Form>
                    }
                })}
            <Form action=end_all class="inline" summary=false>
                <Submit class="secondary">"Sign out everywhere"</Submit>
            </Form>
        </div>
    }
}

#[component]
fn Item(device: SignedInDevice, end: Action) -> impl IntoView {
    let SignedInDevice { handle, browser, system, first_seen_ms, last_seen_ms, remembered, this } = device;
    let name = format!("{browser} on {system}");
    let label = format!("Sign out {name}");
    view! {
        <li>
            <div>
                <p class="strong">{name} {this.then(|| view! { " " <span class="badge">"This device"</span> })}</p>
                <p class="quiet">
                    "Signed in " <Ago at_ms=first_seen_ms /> ", last seen " <Ago at_ms=last_seen_ms />
                    {remembered.then_some(". Stays signed in.")}
                </p>
            </div>
            {(!this)
                .then(|| {
                    view! {
                        <Form action=end class="inline" summary=false>
                            <input type="hidden" name="handle" value=handle />
                            <Submit class="secondary" label>"Sign out"</Submit>
                        </Form>
                    }
                })}
        </li>
    }
}
