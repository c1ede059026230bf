//! Small parts: the heading that takes the focus, a card's picture, a point in time.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// The path whose heading had the focus last, so that only a new page moves it.
#[derive(Clone, Copy)]
pub struct Focused(StoredValue<Option<String>>);

impl Focused {
    pub(crate) fn provide() {
        provide_context(Self(StoredValue::new(None)));
    }

    /// True when a heading on `path` should take the focus: it is a new page, or nothing else has the focus.
    fn should_move_to(self, path: String) -> bool {
        match self.0.with_value(Clone::clone) {
            None => {
                self.0.set_value(Some(path));
                false
            }
            Some(last) if last == path => {
                document().active_element().is_none_or(|it| it.tag_name() == "BODY")
            }
            Some(_) => {
                self.0.set_value(Some(path));
                true
            }
        }
    }
}

/// A page's heading. After a navigation in place it takes the focus, as a freshly loaded page would.
#[component]
pub fn Heading(#[prop(into)] text: String) -> impl IntoView {
    let node = NodeRef::<leptos::html::H1>::new();
    let focused = expect_context::<Focused>();
    let path = use_location().pathname;
    Effect::new(move |_| {
        if let Some(node) = node.get()
            && focused.should_move_to(path.get_untracked())
        {
            _ = node.focus();
        }
    });
    view! { <h1 tabindex="-1" node_ref=node>{text}</h1> }
}

/// A card's picture in its 3:4 frame. The first row is `eager`, the rest waits until it is near.
#[component]
pub fn Picture(
    #[prop(into)] url: String,
    #[prop(into)] alt: String,
    #[prop(optional)] eager: bool,
) -> impl IntoView {
    view! {
        <span class="picture">
            <img
                src=url
                alt=alt
                width="360"
                height="480"
                loading=if eager { "eager" } else { "lazy" }
                decoding="async"
            />
        </span>
    }
}

/// A point in time, in UTC so that both sides render the same.
#[component]
pub fn When(at_ms: i64) -> impl IntoView {
    view! { <time datetime=utc_date(at_ms)>{utc_text(at_ms)}</time> }
}

/// `2026-11-22T13:37Z`
#[must_use]
pub fn utc_date(at_ms: i64) -> String {
    let (year, month, day, hour, minute) = civil(at_ms);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}Z")
}

/// `22 November 2026, 13:37 UTC`
#[must_use]
pub fn utc_text(at_ms: i64) -> String {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let (year, month, day, hour, minute) = civil(at_ms);
    let month = MONTHS[usize::try_from(month - 1).unwrap_or_default()];
    format!("{day} {month} {year}, {hour:02}:{minute:02} UTC")
}

/// Year, month, day, hour and minute of a UTC time. Days to a date by Howard Hinnant's `civil_from_days`
/// (<https://howardhinnant.github.io/date_algorithms.html>); a calendar crate would weigh more than the page.
fn civil(at_ms: i64) -> (i64, i64, i64, i64, i64) {
    let minutes = at_ms.div_euclid(60_000);
    let (days, minute_of_day) = (minutes.div_euclid(1_440), minutes.rem_euclid(1_440));
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_index = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_index + 2) / 5 + 1;
    let month = if month_index < 10 { month_index + 3 } else { month_index - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day, minute_of_day / 60, minute_of_day % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_shown_in_utc() {
        assert_eq!(utc_text(0), "1 January 1970, 00:00 UTC");
        assert_eq!(utc_date(951_782_400_000), "2000-02-29T00:00Z");
        assert_eq!(utc_text(1_795_354_620_000), "22 November 2026, 13:37 UTC");
    }
}
