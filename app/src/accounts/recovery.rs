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
    texts::texts,
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
    let (action, texts) = (use_action::<AskForReset>(), texts());
    let query = use_query_map();
    let sent = move || query.with(|query| query.get("sent").is_some());
    view! {
        <Title text=texts.signing_in.forgotten_password />
        <section class="narrow">
            <Heading text=texts.signing_in.set_new />
            <p class="lead">
                {move || match sent() {
                    true => texts.signing_in.reset_on_its_way,
                    false => texts.signing_in.tell_address,
                }}
            </p>
            <Form action class="stack">
                <Field name="email" label=texts.joining.email kind="email" autocomplete="email" />
                <Submit>{move || if sent() { texts.signing_in.send_again } else { texts.signing_in.send_link }}</Submit>
            </Form>
            <p>{texts.signing_in.remembered} " " <a href="/login">{texts.frame.sign_in}</a></p>
        </section>
    }
}

#[component]
pub fn ResetPage() -> impl IntoView {
    let (action, texts) = (use_action::<ResetPassword>(), texts());
    let token =
        use_query_map().read_untracked().get("token").or_else(|| Returned::value::<ResetPassword>("token"));
    let problem = action.problem();
    let stale =
        move || problem.get().is_some_and(|problem| problem.refusals().iter().any(|it| it.field().is_none()));
    view! {
        <Title text=texts.signing_in.set_new />
        <section class="narrow">
            <Heading text=texts.signing_in.choose_new />
            <p class="lead">{texts.signing_in.devices_out}</p>
            <Form action class="stack">
                <input type="hidden" name="token" value=token.unwrap_or_default() />
                <NewPassword label=texts.joining.new_password />
                <Submit>{texts.signing_in.set_the_new}</Submit>
            </Form>
            <Show when=stale>
                <p><a href="/forgot">{texts.signing_in.new_link}</a></p>
            </Show>
        </section>
    }
}
