//! Becoming somebody: username, address, password.

use domain::Money;
#[cfg(feature = "ssr")]
use domain::{EmailAddress, Password, Username};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::{error::all_fine, server};
use crate::{
    error::{Done, Problem},
    form::{Field, Form, Submit, use_action},
    texts::texts,
    ui::{Heading, Title},
};

#[server(endpoint = "register")]
pub async fn register(username: String, email: String, password: String) -> Result<Done, Problem> {
    let (username, email, password) =
        (Username::parse(&username), EmailAddress::parse(&email), Password::parse(&password));
    all_fine(&[
        username.as_ref().err().copied(),
        email.as_ref().err().copied(),
        password.as_ref().err().copied(),
    ])?;
    server::limit_by_address("register").await?;
    let registration =
        backend::accounts::Registration { username: username?, email: email?, password: password? };
    backend::accounts::register(&server::store(), registration).await?;
    Ok(Done::to("/activate?sent=1"))
}

#[component]
pub fn RegisterPage() -> impl IntoView {
    let (action, texts) = (use_action::<Register>(), texts());
    let grant = view! { <strong>{texts.money(Money::WELCOME_GRANT)}</strong> }.into_any();
    view! {
        <Title text=texts.frame.create_account />
        <section class="narrow">
            <Heading text=texts.joining.create />
            <p class="lead">{texts.joining.start_with.woven([grant])}</p>
            <Form action class="stack">
                <Field
                    name="username"
                    label=texts.joining.username
                    autocomplete="username"
                    hint=texts.joining.username_hint
                />
                <Field name="email" label=texts.joining.email kind="email" autocomplete="email" />
                <NewPassword label=texts.joining.password />
                <Submit>{texts.frame.create_account}</Submit>
            </Form>
            <p>{texts.joining.here_before} " " <a href="/login">{texts.frame.sign_in}</a></p>
        </section>
    }
}

/// The field for a password that is being chosen.
#[component]
pub(super) fn NewPassword(label: &'static str) -> impl IntoView {
    view! {
        <Field
            name="password"
            label
            kind="password"
            autocomplete="new-password"
            hint=texts().joining.password_hint
        />
    }
}
