//! Changing what is kept about me: password, e-mail address, and the end of the account.

#[cfg(feature = "ssr")]
use domain::{EmailAddress, Notice, Password};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::registration::NewPassword;
use crate::{
    cards::MayAdd,
    data::use_data,
    error::{Done, Problem},
    form::{Field, Form, Returned, Submit, use_action},
    texts::texts,
    ui::{Heading, Loaded, Refresh, Title},
};
#[cfg(feature = "ssr")]
use crate::{error::all_fine, server};

/// The other devices are signed out: whoever else knew the old password is out too.
#[server(endpoint = "change_password")]
pub async fn change_password(current_password: String, password: String) -> Result<Done, Problem> {
    let account = server::account().await?;
    let password = Password::parse(&password)?;
    server::limit_password_checks(account).await?;
    backend::accounts::change_password(&server::store(), account, &current_password, password).await?;
    server::end_other_devices_of(account).await?;
    server::renew_session().await?;
    Ok(Done::to("/account").saying(Notice::PasswordChanged))
}

#[server(endpoint = "change_email")]
pub async fn change_email(email: String, current_password: String) -> Result<Done, Problem> {
    let account = server::account().await?;
    let email = EmailAddress::parse(&email);
    all_fine(&[email.as_ref().err().copied()])?;
    server::limit_password_checks(account).await?;
    backend::accounts::change_email(&server::store(), account, &current_password, email?).await?;
    Ok(Done::to("/account").saying(Notice::ConfirmEmailSent))
}

#[server(endpoint = "confirm_email")]
pub async fn confirm_email(token: String) -> Result<Done, Problem> {
    backend::accounts::confirm_email(&server::store(), &token).await?;
    Ok(Done::to("/account").saying(Notice::EmailChanged))
}

#[server(endpoint = "delete_account")]
pub async fn delete_account(current_password: String) -> Result<Done, Problem> {
    let account = server::account().await?;
    server::limit_password_checks(account).await?;
    backend::accounts::delete(&server::store(), account, &current_password).await?;
    server::end_other_devices_of(account).await?;
    server::sign_out().await?;
    Ok(Done::to("/").saying(Notice::AccountDeleted))
}

#[component]
pub fn ChangePasswordPage() -> impl IntoView {
    let (action, texts) = (use_action::<ChangePassword>(), texts());
    view! {
        <Title text=texts.account.change_password />
        <section class="narrow">
            <Heading text=texts.account.change_your_password />
            <p class="lead">{texts.account.others_out}</p>
            <ForMembers view=move || {
                view! {
                    <Form action class="stack">
                        <CurrentPassword />
                        <NewPassword label=texts.joining.new_password />
                        <Submit>{texts.account.change_password}</Submit>
                    </Form>
                }
            } />
            <BackToAccount />
        </section>
    }
}

/// With a token from the mail: one button. Without: the new address.
#[component]
pub fn ChangeEmailPage() -> impl IntoView {
    let (change, confirm) = (use_action::<ChangeEmail>(), use_action::<ConfirmEmail>());
    let texts = texts();
    let token =
        use_query_map().read_untracked().get("token").or_else(|| Returned::value::<ConfirmEmail>("token"));
    view! {
        <Title text=texts.account.change_email />
        <section class="narrow">
            <Heading text=texts.account.change_your_email />
            {match token {
                Some(token) => view! {
                    <p class="lead">{texts.account.one_click}</p>
                    <Form action=confirm class="stack">
                        <input type="hidden" name="token" value=token />
                        <Submit>{texts.account.use_address}</Submit>
                    </Form>
                }
                .into_any(),
                None => view! {
                    <p class="lead">{texts.account.until_opened}</p>
                    <ForMembers view=move || {
                        view! {
                            <Form action=change class="stack">
                                <Field name="email" label=texts.account.new_email kind="email" autocomplete="email" />
                                <CurrentPassword />
                                <Submit>{texts.account.send_link}</Submit>
                            </Form>
                        }
                    } />
                }
                .into_any(),
            }}
            <BackToAccount />
        </section>
    }
}

#[component]
pub fn DeleteAccountPage() -> impl IntoView {
    let (action, texts) = (use_action::<DeleteAccount>(), texts());
    view! {
        <Title text=texts.account.delete_account />
        <section class="narrow">
            <Heading text=texts.account.delete_yours />
            <p class="lead">{texts.account.no_undo}</p>
            <ul class="bullets">
                <li>{texts.account.listings_end}</li>
                <li>{texts.account.balance_returns}</li>
                <li>{texts.account.name_removed}</li>
            </ul>
            <ForMembers view=move || {
                view! {
                    <Form action class="stack">
                        <CurrentPassword />
                        <Submit class="danger">{texts.account.delete_for_good}</Submit>
                    </Form>
                }
            } />
            <BackToAccount />
        </section>
    }
}

/// Shows its form to those who are signed in; strangers sign in first instead of typing in vain.
#[component]
fn ForMembers<V: IntoView + 'static>(view: impl Fn() -> V + Clone + Send + Sync + 'static) -> impl IntoView {
    let refresh = Refresh::expect();
    let data = use_data(move || refresh.count(), || MayAdd {});
    view! { <Loaded data headed=true view=move |()| view() /> }
}

#[component]
fn CurrentPassword() -> impl IntoView {
    view! {
        <Field
            name="current_password"
            label=texts().account.current_password
            kind="password"
            autocomplete="current-password"
        />
    }
}

#[component]
fn BackToAccount() -> impl IntoView {
    view! { <p><a href="/account">{texts().account.back}</a></p> }
}
