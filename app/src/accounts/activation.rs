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
    texts::texts,
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
    let (problem, texts) = (action.problem(), texts());
    let grant = view! { <strong>{texts.money(Money::WELCOME_GRANT)}</strong> }.into_any();
    view! {
        <Title text=texts.joining.activate_account />
        <section class="narrow">
            {match token {
                Some(token) => view! {
                    <Heading text=texts.joining.activate_account />
                    <p class="lead">{texts.joining.one_click.woven([grant])}</p>
                    <Form action class="stack">
                        <input type="hidden" name="token" value=token />
                        <Submit>{texts.joining.activate}</Submit>
                    </Form>
                    <Show when=move || problem.get().is_some()><Resend /></Show>
                }
                .into_any(),
                None => view! {
                    <Heading text=texts.joining.look_into_mail />
                    <p class="lead">{texts.joining.mail_on_its_way}</p>
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
    let texts = texts();
    view! {
        <h2>{texts.joining.nothing_arrived}</h2>
        <Form action class="stack">
            <Field name="email" label=texts.joining.email kind="email" autocomplete="email" />
            <Submit class="secondary">{texts.joining.send_again}</Submit>
        </Form>
    }
}
