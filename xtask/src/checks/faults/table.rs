//! What people saw, a line for each fault, as the operators' guide shows it.

use std::time::{Duration, Instant};

use anyhow::Result;

use super::watch::{Answers, Visit, at_most};

#[derive(Default)]
pub(super) struct Table(Vec<Row>);

pub(super) struct Row {
    name: String,
    seen: [String; 3],
    well_after: Duration,
    remark: String,
    /// What must not happen in any fault.
    wrong: Option<String>,
}

impl Row {
    /// What was seen from the break until all was well again.
    pub(super) fn of(answers: &Answers, broken: Instant, repaired: Instant, well: Instant) -> Row {
        let seen = Visit::ALL.map(|visit| answers.seen(visit, broken, well));
        let wrong = Visit::ALL.iter().zip(&seen).find_map(|(visit, seen)| {
            // A page that is not theirs any more, or a fault that nobody thought of.
            let bad = seen.bad.keys().find(|status| !matches!(status, 0 | 502..=504))?;
            Some(format!("{visit:?}: {} were answered with {bad}", seen.bad[bad]))
        });
        Row {
            name: String::new(),
            seen: seen.map(|seen| seen.in_words()),
            well_after: well.saturating_duration_since(repaired),
            remark: String::new(),
            wrong,
        }
    }

    pub(super) fn remarked(self, remark: String) -> Row {
        Row { remark, ..self }
    }
}

impl Table {
    pub(super) fn add(&mut self, name: &str, row: Result<Row>) -> Result<(), String> {
        let row = row.map_err(|trouble| format!("{trouble:#}"))?;
        let wrong = row.wrong.clone();
        self.0.push(Row { name: name.to_owned(), ..row });
        wrong.map_or(Ok(()), Err)
    }

    pub(super) fn print(&self) {
        println!("\n| fault | market | dashboard | purchase | well again after | besides |");
        println!("| --- | --- | --- | --- | --- | --- |");
        for Row { name, seen: [market, dashboard, purchase], well_after, remark, .. } in &self.0 {
            let well_after = at_most(*well_after);
            println!("| {name} | {market} | {dashboard} | {purchase} | {well_after} | {remark} |");
        }
    }
}
