//! How often the node asks for memory to make a page.

use std::fs;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

use super::figures::Allocations;
use super::sides;
use super::stage::{Cast, Stage};
use crate::fleet::node::Node;
use crate::ports;
use crate::progress::Step;
use crate::visits::client::Client;

/// What a node allocates beside its pages is the same for both.
const FEW: u32 = 200;
const MANY: u32 = 1_000;
const PATIENCE: Duration = Duration::from_secs(10);

/// What the node said at its end.
#[derive(Clone, Copy, Deserialize)]
struct Counted {
    allocations: u64,
    bytes: u64,
}

struct Page {
    name: &'static str,
    path: fn(&Cast) -> String,
    signed_in: bool,
}

const PAGES: [Page; 4] = [
    Page { name: "the dashboard", path: |_| "/dashboard".to_owned(), signed_in: true },
    Page { name: "the market signed in", path: |_| "/".to_owned(), signed_in: true },
    Page { name: "a card signed in", path: |cast| format!("/cards/{}", cast.cards[0]), signed_in: true },
    Page { name: "the market as a stranger, remembered", path: |_| "/".to_owned(), signed_in: false },
];

/// On nodes that do nothing else.
pub(super) fn for_each_page(stage: &mut Stage) -> Result<Vec<Allocations>> {
    let step = Step::begin("allocations", Some(PAGES.len() as u64));
    let mut started = 0;
    // Holds on every node.
    let (cookie, _) = at_a_node(stage, &mut started, |port, cast| sides::sign_in(port, &cast.collector))?;
    let mut figures = Vec::new();
    for Page { name, path, signed_in } in &PAGES {
        step.advance((*name).to_owned());
        let cookie = signed_in.then_some(&*cookie);
        let mut counted = |times| -> Result<Counted> {
            let visit = |port, cast: &Cast| visit(port, &path(cast), cookie, times);
            Ok(at_a_node(stage, &mut started, visit)?.1)
        };
        let (few, many) = (counted(FEW)?, counted(MANY)?);
        let for_one =
            |of: fn(Counted) -> u64| of(many).saturating_sub(of(few)) as f64 / f64::from(MANY - FEW);
        figures.push(Allocations {
            name: (*name).to_owned(),
            count: for_one(|counted| counted.allocations),
            bytes: for_one(|counted| counted.bytes),
        });
    }
    step.done();
    Ok(figures)
}

/// Answers also what the node counted from its start to its end.
fn at_a_node<T>(
    stage: &mut Stage,
    started: &mut u32,
    act: impl FnOnce(u16, &Cast) -> Result<T>,
) -> Result<(T, Counted)> {
    let free = ports::free(2)?;
    *started += 1;
    let name = format!("counted-{started}");
    stage.start_counted(&Node { name: name.clone(), port: free[0], admin_port: free[1] })?;
    let done = act(free[0], &stage.cast)?;
    stage.stop_node(&name)?;
    let said = fs::read_to_string(stage.data.log(&name))?;
    let counted = said.lines().rev().find_map(|line| serde_json::from_str(line).ok());
    Ok((done, counted.context("the node did not say what it allocated")?))
}

fn visit(port: u16, path: &str, cookie: Option<&str>, times: u32) -> Result<()> {
    let mut client = Client::keeping(port, PATIENCE);
    for _ in 0..times {
        let answer = client.get(path, cookie)?;
        ensure!(answer.status == 200, "{path} was answered with {}", answer.status);
    }
    Ok(())
}
