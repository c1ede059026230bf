//! The sides of the comparison: the node, the limit and Express, all on one stage, and everybody signed in to each.

use std::collections::BTreeMap;
use std::fs;
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use super::processes;
use super::stage::{Cast, PASSWORD, Stage};
use crate::fleet::launch::Launch;
use crate::fleet::node::Node;
use crate::fleet::output::Output;
use crate::fleet::part::Part;
use crate::http::Ready;
use crate::visits::client::{Client, Sent, form};
use crate::visits::person::FORM;
use crate::{places, ports};

pub(super) const NODE: &str = "node";
pub(super) const LIMIT: &str = "limit";
/// The limit where it asks neither Redis nor SQLite.
pub(super) const CONSTANT: &str = "constant";
pub(super) const EXPRESS: &str = "express";
/// Express as it starts by itself: one process, which uses one core.
pub(super) const EXPRESS_ALONE: &str = "express-alone";

const PATIENCE: Duration = Duration::from_secs(10);

pub(super) struct Side {
    pub(super) name: &'static str,
    pub(super) port: u16,
    /// Cookies.
    pub(super) collector: String,
    pub(super) buyers: Vec<String>,
}

/// Of the node's pages, which the others answer as long.
struct Sizes {
    dashboard: usize,
    market: usize,
    card: usize,
}

pub(super) fn start(stage: &mut Stage) -> Result<Vec<Side>> {
    start_with(stage, &[EXPRESS, EXPRESS_ALONE])
}

/// Without Express.
pub(super) fn start_ours(stage: &mut Stage) -> Result<Vec<Side>> {
    start_with(stage, &[])
}

fn start_with(stage: &mut Stage, of_express: &[&'static str]) -> Result<Vec<Side>> {
    let free = ports::free(5)?;
    stage.start_node(&Node { name: NODE.to_owned(), port: free[0], admin_port: free[1] }, &[])?;
    let node = Side::admitting(NODE, free[0], &stage.cast)?;
    let sizes = node.sizes(&stage.cast)?;
    stage.supervisor.start(limit(stage, &sizes, free[2]))?;
    let limit = Side::admitting(LIMIT, free[2], &stage.cast)?;
    let constant = Side { name: CONSTANT, port: free[2], collector: String::new(), buyers: Vec::new() };
    let mut sides = vec![node, limit, constant];
    for (name, port) in of_express.iter().zip(&free[3..]) {
        let (name, port) = (*name, *port);
        stage.supervisor.start(express(stage, &sizes, name, port)?)?;
        sides.push(Side::admitting(name, port, &stage.cast)?);
    }
    for side in &sides {
        side.check(&stage.cast, &sizes)?;
    }
    Ok(sides)
}

pub(super) fn stop(stage: &mut Stage, sides: &[Side]) -> Result<()> {
    for side in sides.iter().filter(|side| side.name != CONSTANT) {
        stage.supervisor.signal(&part_of(side.name), rustix::process::Signal::TERM)?;
        stage.supervisor.wait_for_the_end(&part_of(side.name))?;
    }
    Ok(())
}

pub(super) fn memory_mib(stage: &Stage, sides: &[Side]) -> Result<BTreeMap<String, f64>> {
    let of = |side: &Side| Ok((side.name.to_owned(), processes::memory_mib(side.pid(stage)?)?));
    sides.iter().filter(|side| side.name != CONSTANT).map(of).collect()
}

fn part_of(name: &str) -> String {
    if name == NODE { format!("node-{NODE}") } else { name.to_owned() }
}

impl Side {
    pub(super) fn admitting(name: &'static str, port: u16, cast: &Cast) -> Result<Side> {
        let collector = sign_in(port, &cast.collector)?;
        let buyers = cast.buyers.iter().map(|buyer| sign_in(port, buyer)).collect::<Result<_>>()?;
        Ok(Side { name, port, collector, buyers })
    }

    pub(super) fn pid(&self, stage: &Stage) -> Result<u32> {
        let name = if self.name == CONSTANT { LIMIT } else { self.name };
        stage.supervisor.pid(&part_of(name)).with_context(|| format!("{name} does not run"))
    }

    fn sizes(&self, cast: &Cast) -> Result<Sizes> {
        let signed_in = Some(&*self.collector);
        let card = cast.cards.first().context("no card is on sale")?;
        Ok(Sizes {
            dashboard: self.page("/dashboard", signed_in)?,
            market: self.page("/", None)?,
            card: self.page(&format!("/cards/{card}"), signed_in)?,
        })
    }

    /// A page that is not there is answered quickly.
    fn check(&self, cast: &Cast, sizes: &Sizes) -> Result<()> {
        if self.name == CONSTANT {
            ensure!(self.page("/constant", None)? == sizes.market, "the constant page has another size");
            return Ok(());
        }
        let signed_in = Some(&*self.collector);
        let near = |bytes: usize, wanted: usize| bytes.abs_diff(wanted) * 20 < wanted;
        ensure!(
            near(self.page("/dashboard", signed_in)?, sizes.dashboard),
            "another dashboard: {}",
            self.name
        );
        ensure!(near(self.page("/", None)?, sizes.market), "another market: {}", self.name);
        for card in cast.cards.iter().step_by(100) {
            self.page(&format!("/cards/{card}"), signed_in)?;
        }
        Ok(())
    }

    /// How many bytes it has.
    fn page(&self, path: &str, cookie: Option<&str>) -> Result<usize> {
        let answer = Client::once(self.port, PATIENCE).get(path, cookie)?;
        ensure!(answer.status == 200, "{} answers {path} with {}", self.name, answer.status);
        Ok(answer.body.len())
    }
}

/// Answers the cookie.
pub(super) fn sign_in(port: u16, username: &str) -> Result<String> {
    let body = form(&[("username", username), ("password", PASSWORD)]);
    let sent = Sent { kind: FORM, body: &body, ..Sent::default() };
    let answer = Client::once(port, PATIENCE).ask("POST", "/login?/sign_in", &sent)?;
    ensure!(answer.status == 303, "signing in as {username} was answered with {}", answer.status);
    let cookie = answer.header("set-cookie").and_then(|set| set.split(';').next());
    Ok(cookie.context("signing in gave no cookie")?.to_owned())
}

fn limit(stage: &Stage, sizes: &Sizes, port: u16) -> Part {
    let launch = Launch::of(&stage.bench())
        .arguments([
            "limit",
            "--addr",
            &format!("127.0.0.1:{port}"),
            "--redis-url",
            &stage.services.redis_url,
        ])
        .arguments(["--database".into(), stage.database()])
        .arguments(["--dashboard-bytes", &sizes.dashboard.to_string()])
        .arguments(["--market-bytes", &sizes.market.to_string()])
        .arguments(["--card-bytes", &sizes.card.to_string()]);
    let output = Output::File(stage.data.log(LIMIT));
    Part { name: LIMIT.to_owned(), launch, ready: Ready::Answers(port, "/healthz"), output }
}

fn express(stage: &Stage, sizes: &Sizes, name: &str, port: u16) -> Result<Part> {
    let environment = [
        ("NODE_ENV", "production".to_owned()),
        ("PORT", port.to_string()),
        ("REDIS_URL", stage.services.redis_url.clone()),
        ("DATABASE", stage.database().display().to_string()),
        ("DASHBOARD_BYTES", sizes.dashboard.to_string()),
        ("MARKET_BYTES", sizes.market.to_string()),
        ("CARD_BYTES", sizes.card.to_string()),
    ];
    let workers = (name == EXPRESS_ALONE).then(|| ("WORKERS".to_owned(), "1".to_owned()));
    // A copy of its own: processes of one program share their memory, and each would seem to need less.
    let program = stage.data.join(name);
    fs::copy(places::program("node", &[]).context("`node` is missing")?, &program)?;
    let launch = Launch::of(&program)
        .arguments([stage.express.join("server.js")])
        .with(environment.map(|(name, value)| (name.to_owned(), value)))
        .with(workers);
    let output = Output::File(stage.data.log(name));
    Ok(Part { name: name.to_owned(), launch, ready: Ready::Answers(port, "/healthz"), output })
}
