//! Signing in and out, and why a session that this browser still remembers is no more.

#[cfg(feature = "ssr")]
use domain::Notice;
use domain::Refusal;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use serde::{Deserialize, Serialize};
use server_fn::codec::GetUrl;

#[cfg(feature = "ssr")]
use crate::server;
use crate::{
    data::use_data,
    error::{Done, Problem},
    form::{Field, Form, Returned, Submit, use_action},
    texts::{Texts, texts},
    ui::{Heading, Loaded, Refresh, Title},
};

/// Why this browser is signed out although it was signed in a while ago.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ended {
    Idle,
    Absolute,
    Elsewhere,
    Limit,
}

impl Ended {
    const ALL: [(Self, &str); 4] = [
        (Self::Idle, "idle"),
        (Self::Absolute, "absolute"),
        (Self::Elsewhere, "elsewhere"),
        (Self::Limit, "limit"),
    ];

    /// The word that stands for it in a URL.
    #[must_use]
    pub fn code(self) -> &'static str {
        Self::ALL.iter().find(|(ended, _)| *ended == self).map_or("", |(_, code)| code)
    }

    fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == code).map(|(ended, _)| *ended)
    }

    fn sentence(self, texts: &Texts) -> &'static str {
        match self {
            Self::Idle => texts.signing_in.ended_idle,
            Self::Absolute => texts.signing_in.ended_absolute,
            Self::Elsewhere => texts.signing_in.ended_elsewhere,
            Self::Limit => texts.signing_in.ended_limit,
        }
    }
}

#[server(endpoint = "ended", input = GetUrl)]
pub async fn load_ended() -> Result<Option<Ended>, Problem> {
    server::ended_because().await
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
    let done = Done::to(local_path(&next).unwrap_or("/dashboard")).saying(Notice::SignedIn);
    // What was typed before the session ended waits on the node, which alone can fill it in again.
    Ok(if done.to.contains(server::RESUME) { done.as_a_whole_page() } else { done })
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
pub fn LoginPage() -> impl IntoView {
    let action = use_action::<SignIn>();
    let (refresh, texts) = (Refresh::expect(), texts());
    let ended = use_data(move || refresh.count(), || LoadEnded {});
    let next = use_query_map().read_untracked().get("next").or_else(|| Returned::value::<SignIn>("next"));
    // Where a form waits for its sender, the session that it waits in has taken the place of the one that ended.
    let said = use_query_map().read_untracked().get("ended").and_then(|code| Ended::from_code(&code));
    let problem = action.problem();
    let not_activated = move || problem.get().is_some_and(|problem| problem.is(Refusal::NotActivated));
    view! {
        <Title text=texts.frame.sign_in />
        <section class="narrow">
            <Heading text=texts.frame.sign_in />
            <Loaded
                data=ended
                quiet=true
                view=move |ended| {
                    said.or(ended)
                        .map(|ended| view! { <p class="note" data-testid="ended">{ended.sentence(texts)}</p> })
                }
            />
            <Form action class="stack">
                <Field name="username" label=texts.signing_in.username_or_email autocomplete="username" />
                <Field name="password" label=texts.joining.password kind="password" autocomplete="current-password" />
                <label class="check">
                    <input type="checkbox" name="remember" value="true" />
                    {texts.signing_in.remember}
                </label>
                <input type="hidden" name="next" value=next.unwrap_or_default() />
                <Submit>{texts.frame.sign_in}</Submit>
            </Form>
            <Show when=not_activated>
                <p><a href="/activate">{texts.signing_in.activation_again}</a></p>
            </Show>
            <p><a href="/forgot">{texts.signing_in.forgotten}</a></p>
            <p>{texts.signing_in.new_here} " " <a href="/register">{texts.signing_in.create}</a></p>
        </section>
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn signing_in_leads_to_this_site_only() {
        assert_eq!(local_path("/cards/1/buy"), Some("/cards/1/buy"));
        assert_eq!(local_path("/activity?show=sold"), Some("/activity?show=sold"));
        for path in
            ["", "https://example.com", "//example.com", "/\\example.com", "/a b", "dashboard", "/a\r\nb"]
        {
            assert_eq!(local_path(path), None, "{path:?}");
        }
    }
}
