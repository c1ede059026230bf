//! Reads how many tests passed and failed from what the test runners print.

use serde::Deserialize;

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Counts {
    pub(super) passed: u64,
    pub(super) failed: u64,
}

/// The sum of every `test result: ok. 3 passed; 0 failed; …` of a `cargo test`.
pub(super) fn of_cargo(output: &str) -> Counts {
    output.lines().filter_map(result_line).fold(Counts::default(), |sum, next| Counts {
        passed: sum.passed + next.passed,
        failed: sum.failed + next.failed,
    })
}

fn result_line(line: &str) -> Option<Counts> {
    let (_, numbers) = line.trim().strip_prefix("test result: ")?.split_once(". ")?;
    let number = |word: &str| {
        let part = numbers.split(';').find(|part| part.trim().ends_with(word))?;
        part.split_whitespace().next()?.parse().ok()
    };
    Some(Counts { passed: number(" passed")?, failed: number(" failed")? })
}

#[derive(Deserialize)]
struct Playwright {
    stats: Stats,
    #[serde(default)]
    errors: Vec<serde_json::Value>,
}

#[derive(Deserialize)]
struct Stats {
    expected: u64,
    unexpected: u64,
    /// Passed, but not at the first try.
    flaky: u64,
}

/// From Playwright's JSON report; an error outside of any test counts as a failure.
pub(super) fn of_playwright(report: &str) -> Option<Counts> {
    let Playwright { stats, errors } = serde_json::from_str(report).ok()?;
    Some(Counts { passed: stats.expected + stats.flaky, failed: stats.unexpected + errors.len() as u64 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_test_binary_is_counted_whether_it_passed_or_not() {
        let output = "running 2 tests\n\
            test result: ok. 2 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s\n\
            test result: FAILED. 5 passed; 3 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.00s\n";
        assert_eq!(of_cargo(output), Counts { passed: 7, failed: 3 });
        assert_eq!(of_cargo("error: could not compile"), Counts::default());
    }

    #[test]
    fn a_browser_test_that_needed_a_second_try_passed() {
        let report = r#"{"config":{},"errors":[],"stats":{"duration":9.1,"expected":10,"skipped":1,"unexpected":2,"flaky":1}}"#;
        assert_eq!(of_playwright(report), Some(Counts { passed: 11, failed: 2 }));
        assert_eq!(of_playwright("not json"), None);
    }
}
