//! A forgotten password: a mail with a link, and the page behind it that sets a new one.

#[cfg(feature = "ssr")]
use domain::{EmailAddress, Notice, Password};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::registration::NewPassword;
#[cfg(feature = "ssr")]
use crate::server;
use crate::{
    error::{Done, Problem},
    form::{Field, Form, Returned, Submit, use_action},
    ui::{Heading, Title},
};

#[server(endpoint = "ask_for_reset")]
pub async fn ask_for_reset(email: String) -> Result<Done, Problem> {
    let email = EmailAddress::parse(&email)?;
    server::limit_by_address("reset").await?;
    backend::accounts::ask_for_reset(&server::store(), email).await?;
    Ok(Done::to("/forgot?sent=1").saying(Notice::MailSent))
}

/// Whoever knew the old password is signed out everywhere.
#[server(endpoint = "reset_password")]
pub async fn reset_password(token: String, password: String) -> Result<Done, Problem> {
    let password = Password::parse(&password)?;
    let account = backend::accounts::reset_password(&server::store(), &token, password).await?;
    server::end_all_devices_of(account).await?;
    Ok(Done::to("/login").saying(Notice::PasswordReset))
}

#[component]
pub fn ForgotPage() -> impl IntoView {
    let action = use_action::<AskForReset>();
    let query = use_query_map();
    let sent = move || query.with(|query| query.get("sent").is_some());
    view! {
        <Title text="Forgotten password" />
        <section class="narrow">
            <Heading text="Set a new password" />
            <p class="lead">
                {move || match sent() {
                    true => "If that address has an account, a mail with a link is on its way. The link works for an hour.",
                    false => "Tell us your address, and we send you a link that sets a new password.",
                }}
            </p>
            <Form action class="stack">
                <Field name="email" label="E-mail address" kind="email" autocomplete="email" />
                <Submit>{move || if sent() { "Send it again" } else { "Send me the link" }}</Submit>
            </Form>
            <p>"Remembered it? " <a href="/login">"Sign in"</a></p>
        </section>
    }
}

#[component]
pub fn ResetPage() -> impl IntoView {
    let action = use_action::<ResetPassword>();
    let token =
        use_query_map().read_untracked().get("token").or_else(|| Returned::value::<ResetPassword>("token"));
    let problem = action.problem();
    let stale =
        move || problem.get().is_some_and(|problem| problem.refusals().iter().any(|it| it.field().is_none()));
    view! {
        <Title text="Set a new password" />
        <section class="narrow">
            <Heading text="Choose a new password" />
            <p class="lead">"Every device that is signed in to your account will have to sign in again."</p>
            <Form action class="stack">
                <input type="hidden" name="token" value=token.unwrap_or_default() />
                <NewPassword label="New password" />
                <Submit>"Set the new password"</Submit>
            </Form>
            <Show when=stale>
                <p><a href="/forgot">"Have a new link sent"</a></p>
            </Show>
        </section>
    }
}
