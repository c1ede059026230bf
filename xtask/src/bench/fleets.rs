//! One to four nodes at once, one thread each: whether nodes stand in each other's way.

use std::fs;

use anyhow::Result;

use super::figures::FleetFigure;
use super::requests::{self, Request};
use super::sides::Side;
use super::stage::Stage;
use super::wrk::{CONNECTIONS, Wrk};
use crate::arguments::BenchOptions;
use crate::fleet::node::Node;
use crate::progress::Step;

const MOST: usize = 4;

/// The dashboard's throughput of all together.
pub(super) fn one_to_four(stage: &mut Stage, wrk: &Wrk, options: &BenchOptions) -> Result<Vec<FleetFigure>> {
    let nodes = Node::name_all(MOST)?;
    let mut targets = Vec::new();
    for node in &nodes {
        stage.start_node(node, &[("CARDSTORE_THREADS", "1")])?;
        let side = Side::admitting("node", node.port, &stage.cast)?;
        let file = stage.data.join(&format!("requests-{}", node.name));
        let dashboard = Request::get("/dashboard", Some(&side.collector));
        fs::write(&file, requests::file(&[dashboard], node.port))?;
        targets.push((node.port, file));
    }
    let mut figures: Vec<FleetFigure> =
        (1..=MOST).map(|nodes| FleetFigure { nodes, per_second: Vec::new() }).collect();
    let step = Step::begin("one to four nodes", Some(u64::from(options.rounds) * MOST as u64));
    for _ in 0..options.rounds {
        for figure in &mut figures {
            step.advance(format!("{} of them", figure.nodes));
            let told =
                wrk.drive_all(&targets[..figure.nodes], options.seconds, CONNECTIONS / figure.nodes)?;
            figure.per_second.push(told.iter().map(|told| told.requests as f64 / told.seconds).sum());
        }
    }
    step.done();
    for node in &nodes {
        stage.stop_node(&node.name)?;
    }
    Ok(figures)
}
