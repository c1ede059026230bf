//! Activation: one button behind the link in the mail, and having the mail sent again.

use domain::Money;
#[cfg(feature = "ssr")]
use domain::{EmailAddress, Notice};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

#[cfg(feature = "ssr")]
use crate::server;
use crate::{
    error::{Done, Problem},
    form::{Field, Form, Returned, Submit, use_action},
    ui::{Heading, Title},
};

#[server(endpoint = "activate")]
pub async fn activate(token: String) -> Result<Done, Problem> {
    backend::accounts::activate(&server::store(), &token).await?;
    Ok(Done::to("/login").saying(Notice::Activated))
}

#[server(endpoint = "resend_activation")]
pub async fn resend_activation(email: String) -> Result<Done, Problem> {
    let email = EmailAddress::parse(&email)?;
    server::limit_by_address("resend").await?;
    backend::accounts::resend_activation(&server::store(), email).await?;
    Ok(Done::to("/activate?sent=1").saying(Notice::MailSent))
}

/// With a token: one button, because mail scanners follow links. Without: where to look, and another mail.
#[component]
pub fn ActivatePage() -> impl IntoView {
    let query = use_query_map();
    let action = use_action::<Activate>();
    let token = query.read_untracked().get("token").or_else(|| Returned::value::<Activate>("token"));
    let problem = action.problem();
    view! {
        <Title text="Activate your account" />
        <section class="narrow">
            {match token {
                Some(token) => view! {
                    <Heading text="Activate your account" />
                    <p class="lead">
                        "One click, and " <strong>{Money::WELCOME_GRANT.to_string()}</strong> " are yours."
                    </p>
                    <Form action class="stack">
                        <input type="hidden" name="token" value=token />
                        <Submit>"Activate my account"</Submit>
                    </Form>
                    <Show when=move || problem.get().is_some()><Resend /></Show>
                }
                .into_any(),
                None => view! {
                    <Heading text="Look into your mail" />
                    <p class="lead">
                        "If that address can have an account, a mail with a link is on its way. The link works for 24 hours."
                    </p>
                    <Resend />
                }
                .into_any(),
            }}
        </section>
    }
}

/// Asks for the activation mail once more.
#[component]
fn Resend() -> impl IntoView {
    let action = use_action::<ResendActivation>();
    view! {
        <h2>"Nothing arrived?"</h2>
        <Form action class="stack">
            <Field name="email" label="E-mail address" kind="email" autocomplete="email" />
            <Submit class="secondary">"Send the mail again"</Submit>
        </Form>
    }
}
