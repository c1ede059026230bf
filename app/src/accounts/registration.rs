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
    let action = use_action::<Register>();
    view! {
        <Title text="Create account" />
        <section class="narrow">
            <Heading text="Create your account" />
            <p class="lead">
                "You start with " <strong>{Money::WELCOME_GRANT.to_string()}</strong>
                " to buy your first cards. We send a mail to make sure that the address is yours."
            </p>
            <Form action class="stack">
                <Field name="username" label="Username" autocomplete="username" hint="Other people see it beside your cards." />
                <Field name="email" label="E-mail address" kind="email" autocomplete="email" />
                <NewPassword />
                <Submit>"Create account"</Submit>
            </Form>
            <p>"Already here before? " <a href="/login">"Sign in"</a></p>
        </section>
    }
}

/// The field for a password that is being chosen.
#[component]
pub(super) fn NewPassword(#[prop(default = "Password")] label: &'static str) -> impl IntoView {
    view! {
        <Field
            name="password"
            label
            kind="password"
            autocomplete="new-password"
            hint="8 characters or more. Anything goes."
        />
    }
}
