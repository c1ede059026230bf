//! A page's data: shown when it is there, explained when it is not.

use domain::Refusal;
use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate},
    params::ParamsMap,
};

use super::{Heading, Title, complaint::Complaint};
use crate::{data::Data, error::Problem, state::ClientState, texts::texts};

/// What is shown depends on it, so that one call fetches everything anew after an action.
#[derive(Clone, Copy)]
pub struct Refresh {
    count: ClientState<u32>,
    forms_under_way: ClientState<u32>,
    owed: ClientState<bool>,
}

impl Refresh {
    pub(crate) fn provide() {
        provide_context(Self {
            count: ClientState::begin(),
            forms_under_way: ClientState::begin(),
            owed: ClientState::begin(),
        });
    }

    #[must_use]
    pub fn expect() -> Self {
        expect_context()
    }

    /// How often everything was fetched anew: part of the source of each resource that is to be.
    #[must_use]
    pub fn count(self) -> u32 {
        self.count.get()
    }

    pub fn everything(self) {
        self.owed.set(false);
        self.count.update(|count| *count = count.wrapping_add(1));
    }

    /// Fetches everything anew once no form is on its way: what a form did may be told before its answer is there, and
    /// the page that the answer belongs to must not be gone by then.
    pub fn everything_after_forms(self) {
        if self.forms_under_way.get_untracked() == 0 {
            self.everything();
        } else {
            self.owed.set(true);
        }
    }

    pub fn form_sent(self) {
        self.forms_under_way.update(|forms| *forms += 1);
    }

    pub fn form_answered(self) {
        self.forms_under_way.update(|forms| *forms = forms.saturating_sub(1));
        if self.owed.get_untracked() {
            self.everything_after_forms();
        }
    }
}

/// Shows `view` with the data once it has arrived, and the problem in its place otherwise.
#[component]
pub fn Loaded<T, V>(
    data: Data<T>,
    view: impl Fn(T) -> V + Send + Sync + 'static,
    /// For a part of a page: nothing is shown in place of what cannot be had.
    #[prop(optional)]
    quiet: bool,
    /// For a page whose heading stands above: what stands in place of the data is no page of its own.
    #[prop(optional)]
    headed: bool,
) -> impl IntoView
where
    T: Clone + Send + Sync + 'static,
    V: IntoView + 'static,
{
    // One type for all: each kind of view that can stand here would be code of its own in the wasm.
    move || match data.get() {
        Some(Ok(data)) => view(data).into_any(),
        None | Some(Err(_)) if quiet => ().into_any(),
        lacking => in_its_place(lacking.and_then(Result::err), headed),
    }
}

fn in_its_place(problem: Option<Problem>, headed: bool) -> AnyView {
    match problem {
        None => view! { <p class="loading" role="status">{texts().frame.loading}</p> }.into_any(),
        Some(problem) if problem.is(Refusal::SignedOut) => view! { <SignInFirst /> }.into_any(),
        Some(problem) => view! { <ProblemPage problem headed /> }.into_any(),
    }
}

/// Sends a stranger to the sign-in page and remembers where they wanted to go.
#[component]
fn SignInFirst() -> impl IntoView {
    let location = use_location();
    let (path, search) = (location.pathname.get_untracked(), location.search.get_untracked());
    let here = if search.is_empty() { path } else { format!("{path}?{}", search.trim_start_matches('?')) };
    let query: ParamsMap = [("next", here)].into_iter().collect();
    let target = format!("/login{}", query.to_query_string());
    #[cfg(feature = "ssr")]
    crate::server::redirect(&target);
    let navigate = use_navigate();
    let link = target.clone();
    Effect::new(move |_| navigate(&target, NavigateOptions { replace: true, ..NavigateOptions::default() }));
    let problems = &texts().problems;
    let link = view! { <a href=link>{problems.sign_in_link}</a> }.into_any();
    view! { <p>{problems.sign_in_first.woven([link])}</p> }
}

/// Explains why a page cannot be shown and what can be done instead.
#[component]
fn ProblemPage(problem: Problem, headed: bool) -> impl IntoView {
    #[cfg(feature = "ssr")]
    crate::server::answer_with_status_of(&problem);
    let texts = texts();
    let said = &texts.problems;
    let heading = move |text: &'static str| match headed {
        true => view! { <h2>{text}</h2> }.into_any(),
        false => view! { <Heading text /> }.into_any(),
    };
    match problem {
        problem if problem.is(Refusal::NotFound) => view! { <NotFoundPage /> }.into_any(),
        Problem::Unavailable => view! {
            <Title text=said.back_soon />
            <section class="empty">
                {heading(said.back_soon)}
                <p>{said.accounts_away}</p>
                <p class="actions">
                    <a class="button primary" href="" rel="external">{said.try_again}</a>
                    <a class="button" href="/">{texts.frame.go_to_market}</a>
                </p>
                <Complaint />
            </section>
        }
        .into_any(),
        problem => view! {
            <Title text=said.did_not_work />
            <section class="empty">
                {heading(said.did_not_work)}
                <p>{texts.problem(&problem)}</p>
                <p class="actions"><a class="button primary" href="/">{texts.frame.go_to_market}</a></p>
            </section>
        }
        .into_any(),
    }
}

/// A page that does not exist, with a way on.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    #[cfg(feature = "ssr")]
    crate::server::answer_with_status_of(&Refusal::NotFound.into());
    let (problems, market) = (&texts().problems, &texts().market);
    view! {
        <Title text=problems.not_found />
        <section class="empty">
            <Heading text=problems.could_not_find />
            <p>{problems.may_be_gone}</p>
            <form class="search" role="search" method="get" action="/">
                <label class="sr-only" for="lost-search">{market.search_market}</label>
                <input id="lost-search" type="search" name="q" placeholder=market.search_cards />
                <button class="primary">{market.search}</button>
            </form>
        </section>
    }
}
