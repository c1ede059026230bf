//! The figures as a drawing: for each case three bars, of which the longest is the whole width.

use std::fmt::Write as _;

use super::figures::{CaseFigures, Figures};
use super::sides::{EXPRESS, LIMIT, NODE};
use super::table::thousands;

const WIDTH: u32 = 760;
const LEFT: u32 = 300;
const FULL: f64 = 380.0;
const BAR: u32 = 11;
const CASE: u32 = 3 * (BAR + 2) + 14;
const TOP: u32 = 40;
const SIDES: [(&str, &str); 3] = [(NODE, "CardStore"), (LIMIT, "the limit"), (EXPRESS, "Express")];

/// Readable on light and on dark.
const STYLE: &str = "text{font:12px system-ui,sans-serif;fill:#334}.node{fill:#3b6fd4}.limit{fill:#b9c2d0}\
    .express{fill:#d4883b}@media(prefers-color-scheme:dark){text{fill:#cdd6e4}.limit{fill:#566072}}";

pub(super) fn of(figures: &Figures) -> String {
    let height = TOP + figures.cases.len() as u32 * CASE;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" \
         aria-label=\"Requests a second beside the limit of the machine and beside Express\"><style>{STYLE}</style>\n"
    );
    for (place, (class, name)) in SIDES.iter().enumerate() {
        let x = LEFT + place as u32 * 120;
        // Writing to a String cannot fail.
        let _ = writeln!(
            svg,
            "<rect class=\"{class}\" x=\"{x}\" y=\"12\" width=\"12\" height=\"12\"/><text x=\"{}\" y=\"22\">{name}</text>",
            x + 18
        );
    }
    for (place, case) in figures.cases.iter().enumerate() {
        draw(&mut svg, case, TOP + place as u32 * CASE);
    }
    svg + "</svg>\n"
}

fn draw(svg: &mut String, case: &CaseFigures, top: u32) {
    let per_second = |side: &str| case.median(side, |round| round.per_second).unwrap_or_default();
    let whole = SIDES.iter().map(|(side, _)| per_second(side)).fold(1.0, f64::max);
    let about = case.about.replace('`', "").replace('&', "&amp;").replace('<', "&lt;");
    let _ = writeln!(svg, "<text x=\"{}\" y=\"{}\" text-anchor=\"end\">{about}</text>", LEFT - 10, top + 23);
    for (place, (side, _)) in SIDES.iter().enumerate() {
        let (figure, y) = (per_second(side), top + place as u32 * (BAR + 2));
        let width = (figure / whole * FULL).max(1.0);
        let _ = writeln!(
            svg,
            "<rect class=\"{side}\" x=\"{LEFT}\" y=\"{y}\" width=\"{width:.0}\" height=\"{BAR}\" rx=\"2\"/>\
             <text x=\"{:.0}\" y=\"{}\">{}</text>",
            f64::from(LEFT) + width + 6.0,
            y + 10,
            thousands(figure)
        );
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::bench::figures::Round;

    #[test]
    fn every_side_of_a_case_has_a_bar() {
        let round = |per_second| {
            vec![Round { per_second, p50_us: 1, p99_us: 1, core_us: 1.0, redis_commands: Default::default() }]
        };
        let sides = [(NODE, 50.0), (LIMIT, 100.0), (EXPRESS, 10.0)];
        let sides: BTreeMap<_, _> = sides.map(|(name, figure)| (name.to_owned(), round(figure))).into();
        let mut svg = String::new();
        draw(&mut svg, &CaseFigures { name: "a".into(), about: "`/a` & b".into(), sides }, 0);
        assert!(svg.contains("/a &amp; b") && svg.matches("<rect").count() == 3, "{svg}");
        assert!(svg.contains("class=\"node\" x=\"300\" y=\"0\" width=\"190\""), "{svg}");
    }

    #[test]
    fn the_chart_shows_what_was_measured() {
        let figures = serde_json::from_str(include_str!("../../../docs/bench.json")).unwrap();
        assert_eq!(of(&figures), include_str!("../../../docs/bench.svg"));
    }
}
