//! Becoming somebody: register, activate by mail, sign in, sign out.

#[cfg(feature = "ssr")]
use domain::{EmailAddress, Notice, Password, Username};
use domain::{Money, Profile, Refusal};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use serde::{Deserialize, Serialize};
use server_fn::codec::GetUrl;

#[cfg(feature = "ssr")]
use crate::{error::all_fine, server};
use crate::{
    error::{Done, Problem},
    form::{Field, Form, Submit, new_action, problem_of},
    ui::Heading,
};

/// Who is looking, as the header shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Visitor {
    Stranger,
    SignedIn(Profile),
    /// The session store is out of reach; nobody is shown as signed out because of that.
    Unknown,
}

#[server(endpoint = "visitor", input = GetUrl)]
pub async fn load_visitor() -> Result<Visitor, Problem> {
    server::visitor().await
}

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

#[server(endpoint = "resend_activation")]
pub async fn resend_activation(email: String) -> Result<Done, Problem> {
    let email = EmailAddress::parse(&email)?;
    server::limit_by_address("resend").await?;
    backend::accounts::resend_activation(&server::store(), email).await?;
    Ok(Done::to("/activate?sent=1").saying(Notice::MailSent))
}

#[server(endpoint = "activate")]
pub async fn activate(token: String) -> Result<Done, Problem> {
    backend::accounts::activate(&server::store(), &token).await?;
    Ok(Done::to("/login").saying(Notice::Activated))
}

#[server(endpoint = "sign_in")]
pub async fn sign_in(
    username: String,
    password: String,
    #[server(default)] remember: bool,
    #[server(default)] next: String,
) -> Result<Done, Problem> {
    server::limit_sign_in(&username).await?;
    let account = backend::accounts::sign_in(&server::store(), &username, &password).await?;
    server::sign_in(account, remember).await?;
    Ok(Done::to(local_path(&next).unwrap_or("/dashboard")).saying(Notice::SignedIn))
}

#[server(endpoint = "sign_out")]
pub async fn sign_out() -> Result<Done, Problem> {
    server::sign_out().await?;
    Ok(Done::to("/").saying(Notice::SignedOut))
}

/// Accepts a path on this site and nothing that a browser could read as another one.
#[cfg(feature = "ssr")]
fn local_path(path: &str) -> Option<&str> {
    let well_formed = path.starts_with('/')
        && !path.starts_with("//")
        && path.bytes().all(|b| b.is_ascii_graphic() && b != b'\\');
    well_formed.then_some(path)
}

#[component]
pub fn RegisterPage() -> impl IntoView {
    let action = new_action::<Register>();
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
                <Field
                    name="password"
                    label="Password"
                    kind="password"
                    autocomplete="new-password"
                    hint="8 characters or more. Anything goes."
                />
                <Submit>"Create account"</Submit>
            </Form>
            <p>"Already here before? " <a href="/login">"Sign in"</a></p>
        </section>
    }
}

#[component]
pub fn LoginPage() -> impl IntoView {
    let action = new_action::<SignIn>();
    let next = use_query_map()
        .read_untracked()
        .get("next")
        .or_else(|| crate::form::Returned::value::<SignIn>("next"));
    let problem = problem_of(action);
    let not_activated = move || problem.get().is_some_and(|problem| problem.is(Refusal::NotActivated));
    view! {
        <Title text="Sign in" />
        <section class="narrow">
            <Heading text="Sign in" />
            <Form action class="stack">
                <Field name="username" label="Username or e-mail address" autocomplete="username" />
                <Field name="password" label="Password" kind="password" autocomplete="current-password" />
                <label class="check">
                    <input type="checkbox" name="remember" value="true" />
                    "Keep me signed in for 30 days"
                </label>
                <input type="hidden" name="next" value=next.unwrap_or_default() />
                <Submit>"Sign in"</Submit>
            </Form>
            <Show when=not_activated>
                <p><a href="/activate">"Send the activation mail again"</a></p>
            </Show>
            <p>"New here? " <a href="/register">"Create an account"</a></p>
        </section>
    }
}

/// With a token: one button, because mail scanners follow links. Without: where to look, and another mail.
#[component]
pub fn ActivatePage() -> impl IntoView {
    let query = use_query_map();
    let action = new_action::<Activate>();
    let token =
        query.read_untracked().get("token").or_else(|| crate::form::Returned::value::<Activate>("token"));
    let problem = problem_of(action);
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
    let action = new_action::<ResendActivation>();
    view! {
        <h2>"Nothing arrived?"</h2>
        <Form action class="stack">
            <Field name="email" label="E-mail address" kind="email" autocomplete="email" />
            <Submit class="secondary">"Send the mail again"</Submit>
        </Form>
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn signing_in_leads_to_this_site_only() {
        assert_eq!(local_path("/cards/1/buy"), Some("/cards/1/buy"));
        for path in
            ["", "https://example.com", "//example.com", "/\\example.com", "/a b", "dashboard", "/a\r\nb"]
        {
            assert_eq!(local_path(path), None, "{path:?}");
        }
    }
}
