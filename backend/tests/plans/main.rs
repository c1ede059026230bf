//! The query plans: every statement behind a page finds its rows by an index, on SQLite and PostgreSQL alike.
//!
//! A program of its own, because it listens to its whole process.
#![expect(clippy::inconsistent_digit_grouping, reason = "cents are set apart: 100_00 is 100.00")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod acts;
mod explaining;
mod listening;
#[expect(dead_code, unused_imports, reason = "the other tests of the store use the rest")]
#[path = "../store/support/mod.rs"]
mod support;

use explaining::Explainer;
use listening::Listener;
use support::World;

#[tokio::test]
async fn every_statement_behind_a_page_reads_an_index() {
    let listener = Listener::start();
    let world = World::new().await;
    acts::everything(&world).await;
    let statements = listener.heard();
    let pages = statements.iter().filter(|statement| statement.contains("as matches")).count();
    assert_eq!(pages, 36, "three orders with four sets of filters and three ways to search");

    let mut explainer = Explainer::connect(&world.database.url()).await;
    let mut complaints = Vec::new();
    for statement in &statements {
        let plan = explainer.explain(statement).await;
        print_plan(statement, &plan);
        if let Some(step) = explainer.complaint(&plan) {
            complaints.push(format!("{step}\n  in {statement}\n  {}", plan.join("\n  ")));
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n\n"));
}

#[tokio::test]
async fn a_statement_without_an_index_is_complained_about() {
    let world = World::new().await;
    let mut explainer = Explainer::connect(&world.database.url()).await;
    for unindexed in [
        "select id from cards where alt = $1",
        "select id from cards order by alt limit $1",
        "select count(*) from purchases where price_cents > $1",
        "update accounts set entries = 1 where created_at_ms = $1",
        "select a.id from accounts a join uploads u on u.owner_id = a.id where a.id = $1",
    ] {
        let plan = explainer.explain(unindexed).await;
        assert!(explainer.complaint(&plan).is_some(), "{unindexed}: {plan:?}");
    }
}

/// For `cargo test -- --nocapture`.
#[expect(clippy::print_stdout, reason = "shown on request only")]
fn print_plan(statement: &str, plan: &[String]) {
    println!("{statement}\n    {}\n", plan.join("\n    "));
}
