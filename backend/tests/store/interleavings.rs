//! Random interleavings of everything that happens on a market, on two nodes: one after the other against a model in
//! memory, and all at once against what must hold whatever happened.

mod acts;
mod dice;
mod model;
mod rivals;
mod stage;

use acts::Act;
use dice::Dice;
use stage::Stage;

const KNOWN_SEEDS: std::ops::Range<u64> = 0..6;
const ACTS: usize = 250;
const ACTS_BETWEEN_CHECKS: usize = 50;

#[tokio::test]
async fn whatever_people_do_the_store_answers_as_the_model_does() {
    let seeds: Vec<u64> = KNOWN_SEEDS.chain([fresh_seed()]).collect();
    let mut happened = 0;
    for &seed in &seeds {
        let mut dice = Dice::new(seed);
        let mut stage = Stage::set().await;
        for number in 1..=ACTS {
            let act = Act::random(&mut dice, &stage.model);
            let expected = stage.model.expect(&act);
            let answered = stage.perform(&act, &expected, number).await;
            assert_eq!(answered, expected.map(|_| ()), "seed {seed}, act {number}: {act:?}");
            happened += usize::from(answered.is_ok());
            if number % ACTS_BETWEEN_CHECKS == 0 {
                stage.agrees(&format!("seed {seed}, act {number}")).await;
            }
        }
    }
    assert!(happened * 3 > seeds.len() * ACTS, "too much is refused to tell anything: {happened}");
}

/// Another one on each run; a failure names it.
fn fresh_seed() -> u64 {
    let since = std::time::UNIX_EPOCH.elapsed().unwrap();
    since.as_secs() ^ u64::from(since.subsec_nanos())
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_people_do_at_once_no_card_is_owned_twice_and_no_money_is_made() {
    rivals::act_at_once().await;
}
