//! Points in time: dates in UTC and how long ago, so that both sides render the same.

#[cfg(feature = "hydrate")]
use std::time::Duration;

use leptos::prelude::*;

use crate::texts::{Texts, texts};

/// The time by which a page says how long ago something was: the node's when it rendered, which then goes on with the
/// browser's clock, however wrong that is.
#[derive(Clone, Copy)]
pub struct Now(RwSignal<i64>);

impl Now {
    pub(crate) fn provide() {
        #[cfg(feature = "ssr")]
        let rendered_at_ms = crate::server::PageData::expect().keep("now", Some(clock_ms()));
        #[cfg(not(feature = "ssr"))]
        let rendered_at_ms = crate::data::browser::take::<i64>("now");
        let now = RwSignal::new(rendered_at_ms.unwrap_or_default());
        #[cfg(feature = "hydrate")]
        {
            let ahead = now.get_untracked() - clock_ms();
            set_interval(move || now.set(clock_ms() + ahead), Duration::from_secs(60));
        }
        provide_context(Self(now));
    }
}

/// By this side's clock.
#[cfg(feature = "ssr")]
fn clock_ms() -> i64 {
    let since_1970 = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since_1970.as_millis()).unwrap_or(i64::MAX)
}

/// By this side's clock.
#[cfg(feature = "hydrate")]
fn clock_ms() -> i64 {
    js_sys::Date::now() as i64
}

/// How long ago something was, and exactly when where the pointer rests.
#[component]
pub fn Ago(at_ms: i64) -> impl IntoView {
    let (now, texts) = (expect_context::<Now>().0, texts());
    let exactly = utc_text(at_ms, texts);
    view! { <time datetime=utc_date(at_ms) title=exactly>{move || ago(at_ms, now.get(), texts)}</time> }
}

/// In the largest unit that is full; after a month the day itself says more.
fn ago(at_ms: i64, now_ms: i64, texts: &Texts) -> String {
    match now_ms.saturating_sub(at_ms) / 60_000 {
        ..=0 => texts.times.just_now.into(),
        minutes @ 1..60 => texts.times.minutes_ago.of(minutes),
        minutes @ 60..1_440 => texts.times.hours_ago.of(minutes / 60),
        minutes @ 1_440..43_200 => texts.times.days_ago.of(minutes / 1_440),
        _ => Day::of(at_ms).text(texts),
    }
}

/// A point in time.
#[component]
pub fn When(at_ms: i64) -> impl IntoView {
    view! { <time datetime=utc_date(at_ms)>{utc_text(at_ms, texts())}</time> }
}

/// The time of a day, where the day stands above it.
#[component]
pub fn Time(at_ms: i64) -> impl IntoView {
    let (_, _, _, hour, minute) = civil(at_ms);
    view! { <time datetime=utc_date(at_ms)>{format!("{hour:02}:{minute:02} UTC")}</time> }
}

/// A day in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Day {
    year: i64,
    month: i64,
    day: i64,
}

impl Day {
    #[must_use]
    pub fn of(at_ms: i64) -> Self {
        let (year, month, day, ..) = civil(at_ms);
        Self { year, month, day }
    }

    /// In English `22 November 2026`.
    #[must_use]
    pub fn text(self, texts: &Texts) -> String {
        let month = texts.times.months[usize::try_from(self.month - 1).unwrap_or_default()];
        texts.times.day.with([&self.day.to_string(), month, &self.year.to_string()])
    }
}

/// `2026-11-22T13:37Z`
#[must_use]
pub fn utc_date(at_ms: i64) -> String {
    let (year, month, day, hour, minute) = civil(at_ms);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}Z")
}

/// In English `22 November 2026, 13:37 UTC`.
#[must_use]
pub fn utc_text(at_ms: i64, texts: &Texts) -> String {
    let (_, _, _, hour, minute) = civil(at_ms);
    format!("{}, {hour:02}:{minute:02} UTC", Day::of(at_ms).text(texts))
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
    use domain::Language;

    use super::*;

    #[test]
    fn times_are_shown_in_utc() {
        let (english, german) = (Texts::of(Language::English), Texts::of(Language::German));
        assert_eq!(utc_text(0, english), "1 January 1970, 00:00 UTC");
        assert_eq!(utc_text(0, german), "1. Januar 1970, 00:00 UTC");
        assert_eq!(utc_date(951_782_400_000), "2000-02-29T00:00Z");
        assert_eq!(utc_text(1_795_354_620_000, english), "22 November 2026, 13:37 UTC");
    }

    #[test]
    fn how_long_ago_is_said_in_the_largest_unit_that_is_full() {
        let now = 1_795_354_620_000;
        let in_language = |minutes: i64, language| ago(now - minutes * 60_000, now, Texts::of(language));
        let minutes_ago = |minutes: i64| in_language(minutes, Language::English);
        assert_eq!(minutes_ago(0), "just now");
        assert_eq!(minutes_ago(1), "1 minute ago");
        assert_eq!(minutes_ago(59), "59 minutes ago");
        assert_eq!(minutes_ago(60), "1 hour ago");
        assert_eq!(minutes_ago(47 * 60), "1 day ago");
        assert_eq!(minutes_ago(29 * 24 * 60), "29 days ago");
        assert_eq!(minutes_ago(30 * 24 * 60), "23 October 2026");
        // Clocks differ: what a node writes down may lie ahead of what another one takes for now.
        assert_eq!(minutes_ago(-5), "just now");
        assert_eq!(in_language(1, Language::German), "vor 1 Minute");
        assert_eq!(in_language(50 * 60, Language::German), "vor 2 Tagen");
    }
}
