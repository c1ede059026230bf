//! When pages are painted and answer in place: in a real browser, on a phone's line and processor.

use std::process::Stdio;

use anyhow::{Context, Result, ensure};

use super::figures::Visits;
use super::sides::Side;
use super::stage::Cast;
use crate::checks::end2end;
use crate::places::Places;
use crate::progress::Step;
use crate::setup::Toolbox;

const SCRIPT: &str = "end2end/measure/interactive.mjs";

pub(super) fn visit(places: &Places, toolbox: &Toolbox, node: &Side, cast: &Cast) -> Result<Vec<Visits>> {
    end2end::install_runner(places, toolbox, &places.root.join("end2end"))?;
    let step = Step::begin("pages on a throttled phone", None);
    let card = format!("/cards/{}", cast.cards.first().context("no card is on sale")?);
    let pages = [("market", "/", ""), ("card", &card, ""), ("dashboard", "/dashboard", &node.collector)];
    let mut visiting = end2end::driver(toolbox, "node")?;
    visiting.current_dir(&places.root).arg(SCRIPT);
    visiting.args([format!("http://localhost:{}", node.port), serde_json::to_string(&pages)?]);
    let output = visiting.stdin(Stdio::null()).stderr(Stdio::inherit()).output()?;
    ensure!(output.status.success(), "the browser could not visit the node; see above");
    let visits = serde_json::from_slice(&output.stdout).context("the browser told something else")?;
    step.done();
    Ok(visits)
}
