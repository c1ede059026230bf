//! The figures as a table, and its place in the README.

use std::collections::{BTreeMap, BTreeSet};

use super::cases::PURCHASE;
use super::figures::{Allocations, CaseFigures, Curve, Download, Figures, Ratio, Round, Visits, median};
use super::sides::{CONSTANT, EXPRESS, EXPRESS_ALONE, LIMIT, NODE};

const BEGIN: &str = "<!-- Written by `cargo xtask bench`: -->\n";
const END: &str = "<!-- until here -->\n";

pub(super) fn of(figures: &Figures) -> String {
    let mut text = String::from(
        "| | requests/s | of the limit | times Express | core µs: node, limit, Express | p99 | Redis commands |\n\
         | --- | ---: | ---: | ---: | ---: | ---: | ---: |\n",
    );
    for case in &figures.cases {
        text += &row(case);
    }
    text += "\n";
    text += &beside(figures);
    if let Some(curve) = &figures.curve {
        text += "\n";
        text += &growing(curve);
    }
    text
}

/// Replaces what stands between the marks; `None` without them.
pub(super) fn put_into(readme: &str, table: &str) -> Option<String> {
    let (before, rest) = readme.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{BEGIN}\n{table}\n{END}{after}"))
}

fn row(case: &CaseFigures) -> String {
    let figure = |of: fn(&Round) -> f64| case.median(NODE, of).unwrap_or_default();
    let core_us = |side: &str| thousands(case.median(side, |round| round.core_us).unwrap_or_default());
    let ratios = |side: &str, more: &str, of_more: &str| match case.ratio(NODE, more) {
        Some(of) => format!("{}; {} {of_more}", ratio(case.ratio(NODE, side)), ratio(Some(of))),
        None => ratio(case.ratio(NODE, side)),
    };
    format!(
        "| {} | {} | {} | {} | {} | {:.1} ms | {:.1} |\n",
        case.about,
        thousands(figure(|round| round.per_second)),
        ratios(LIMIT, CONSTANT, "of a constant page"),
        ratios(EXPRESS, EXPRESS_ALONE, "times one process"),
        [NODE, LIMIT, EXPRESS].map(core_us).join(", "),
        figure(|round| round.p99_us as f64) / 1e3,
        figure(Round::all_redis_commands),
    )
}

fn ratio(ratio: Option<Ratio>) -> String {
    let Some(Ratio { median, lowest, highest }) = ratio else { return "–".to_owned() };
    let digits = if highest < 10.0 { 2 } else { 0 };
    format!("**{median:.digits$}** ({lowest:.digits$}–{highest:.digits$})")
}

/// What is not a ratio.
fn beside(figures: &Figures) -> String {
    let Figures {
        machine,
        method,
        cases,
        start_to_ready_ms,
        streams,
        visits,
        memory_mib,
        allocations,
        fleet,
        downloads,
        ..
    } = figures;
    let memory = |side: &str| {
        let mib = |of: &BTreeMap<String, f64>| of.get(side).copied().unwrap_or_default();
        format!("{:.0} MiB idle, {:.0} loaded", mib(&memory_mib.idle), mib(&memory_mib.loaded))
    };
    let download = |kind: &str| {
        let found = downloads.iter().find(|download| download.kind == kind);
        let kb = |of: fn(&Download) -> u64| found.map_or(0.0, |download| of(download) as f64 / 1e3);
        format!("{:.0} kB, {:.0} as brotli", kb(|it| it.bytes), kb(|it| it.brotli_bytes))
    };
    let allocations: Vec<String> = allocations.iter().map(allocated).collect();
    let visits: Vec<String> = visits.iter().map(on_a_phone).collect();
    let fleet: Vec<String> = fleet.iter().map(|figure| thousands(median(&figure.per_second))).collect();
    let rows = [
        ("start to ready", format!("{:.0} ms", median(start_to_ready_ms))),
        ("memory", format!("node {}; Express {}", memory(NODE), memory(EXPRESS))),
        ("allocations for each page", allocations.join("; ")),
        ("what a purchase asks of Redis, inside scripts too", asked_by_a_purchase(cases)),
        (
            "an open page",
            format!(
                "{:.0} KiB, {:.1} µs for each event it is told, {:.2} for each of another card",
                streams.kib, streams.event_us, streams.spared_us
            ),
        ),
        (
            "the browser fetches for the market or a card",
            format!(
                "wasm {}; script {}; style {}",
                download("cardstore.wasm"),
                download("cardstore.js"),
                download("cardstore.css")
            ),
        ),
        (
            "more for another page",
            format!(
                "wasm {}; to add or edit a card {} instead; in German {} more; its loader, once, {}",
                download("split_members.wasm"),
                download("split_pictures.wasm"),
                download("split_german.wasm"),
                download("__wasm_split.js")
            ),
        ),
        ("on a phone's processor and a slow 4G line", visits.join("; ")),
        (
            "one, two, three, four nodes of one thread each",
            format!(
                "{} dashboards a second; load and Redis take their part of the same cores",
                fleet.join(", ")
            ),
        ),
    ];
    let rows: String = rows.iter().map(|(what, figures)| format!("| {what} | {figures} |\n")).collect();
    format!(
        "Medians of {} rounds of {} s in turns, lowest and highest in brackets; {} with {} connections on the same \
         {} cores ({}, {:.0} GiB), {} accounts, {} cards. Load average at the end: {:.0}; the more of it came from \
         others, the more core µs tell than requests/s.\n\n\
         | besides | |\n| --- | --- |\n{rows}",
        method.rounds,
        method.seconds,
        method.load_generator,
        method.connections,
        machine.cores,
        machine.processor,
        machine.memory_gib,
        thousands(method.accounts as f64),
        thousands(method.cards as f64),
        machine.load,
    )
}

/// By command; what is rarer than one time in a hundred is left out.
fn asked_by_a_purchase(cases: &[CaseFigures]) -> String {
    let Some(case) = cases.iter().find(|case| case.name == PURCHASE) else { return String::new() };
    let rounds = case.sides.get(NODE).map(Vec::as_slice).unwrap_or_default();
    let commands: BTreeSet<&String> = rounds.iter().flat_map(|round| round.redis_commands.keys()).collect();
    let mut calls: Vec<(f64, &String)> = commands
        .into_iter()
        .map(|command| {
            let each = |round: &Round| round.redis_commands.get(command).copied().unwrap_or_default();
            (case.median(NODE, each).unwrap_or_default(), command)
        })
        .filter(|(calls, _)| *calls >= 0.01)
        .collect();
    calls.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    calls.iter().map(|(calls, command)| format!("{calls:.2} {command}")).collect::<Vec<_>>().join(", ")
}

fn allocated(page: &Allocations) -> String {
    format!("{} {}, {} kB in all", page.name, thousands(page.count), thousands(page.bytes / 1e3))
}

fn on_a_phone(visits: &Visits) -> String {
    let seconds = |ms: &[f64]| median(ms) / 1e3;
    format!(
        "{} painted after {:.1} s, answers in place after {:.1}",
        visits.name,
        seconds(&visits.painted_ms),
        seconds(&visits.ready_ms)
    )
}

/// How it changes with the size of the store and with the sessions in Redis.
fn growing(curve: &Curve) -> String {
    let mut text = by_cards(curve).unwrap_or_default();
    let sessions: Vec<String> = curve
        .sessions
        .iter()
        .map(|(sessions, figures)| {
            format!("{} with {}", thousands(median(figures)), thousands(*sessions as f64))
        })
        .collect();
    text += &format!(
        "Dashboards a second by sessions in Redis: {}; {:.0} bytes a session.\n",
        sessions.join(", "),
        curve.bytes_per_session
    );
    text
}

/// Each size beside the smallest.
fn by_cards(curve: &Curve) -> Option<String> {
    let (fewest, smallest) = curve.cards.first_key_value()?;
    let sizes: Vec<usize> = curve.cards.keys().copied().skip(1).collect();
    let head: String = sizes.iter().map(|cards| format!(" {} |", thousands(*cards as f64))).collect();
    let mut text = format!("| beside {} cards |{head}\n", thousands(*fewest as f64));
    text += &format!("| --- |{}\n", " ---: |".repeat(sizes.len()));
    for (case, figures) in smallest {
        let cells = sizes.iter().map(|cards| {
            let there = curve.cards.get(cards).and_then(|cases| cases.get(case)).map_or(0.0, |it| median(it));
            format!(" {:.2} |", there / median(figures))
        });
        text += &format!("| {case} |{}\n", cells.collect::<String>());
    }
    Some(text + "\n")
}

/// `12,345`
pub(super) fn thousands(figure: f64) -> String {
    let digits = format!("{figure:.0}");
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_takes_the_place_of_the_one_before() {
        let readme = format!("above\n{BEGIN}old{END}below\n");
        let once = put_into(&readme, "new\n").unwrap();
        assert_eq!(once, format!("above\n{BEGIN}\nnew\n\n{END}below\n"));
        assert_eq!(put_into(&once, "new\n").unwrap(), once);
        assert!(put_into("nothing", "new").is_none());
    }

    #[test]
    fn the_readme_says_what_was_measured() {
        let figures = serde_json::from_str(include_str!("../../../docs/bench.json")).unwrap();
        let readme = include_str!("../../../README.md");
        assert_eq!(put_into(readme, &of(&figures)).unwrap(), readme);
    }

    #[test]
    fn thousands_are_told_apart() {
        assert_eq!([thousands(5.0), thousands(999.6), thousands(1_234_567.0)], ["5", "1,000", "1,234,567"]);
    }
}
