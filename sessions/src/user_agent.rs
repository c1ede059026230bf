//! Says which browser and system a `User-Agent` names, if it names one of the common ones. Never fails, whatever it is
//! given.

/// The first match counts: most browsers also name the ones they descend from.
const BROWSERS: [(&str, &str); 12] = [
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Vivaldi/", "Vivaldi"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("DuckDuckGo/", "DuckDuckGo"),
    ("FxiOS/", "Firefox"),
    ("Firefox/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chromium/", "Chromium"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
    ("curl/", "curl"),
];

const SYSTEMS: [(&str, &str); 9] = [
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "macOS"),
    ("Macintosh", "macOS"),
    ("FreeBSD", "FreeBSD"),
    ("Linux", "Linux"),
];

pub(crate) fn browser(agent: &str) -> Option<&'static str> {
    first_named(agent, &BROWSERS)
}

pub(crate) fn system(agent: &str) -> Option<&'static str> {
    first_named(agent, &SYSTEMS)
}

fn first_named(agent: &str, names: &[(&str, &'static str)]) -> Option<&'static str> {
    names.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn real_browsers_are_named() {
        const KHTML: &str = "AppleWebKit/537.36 (KHTML, like Gecko)";
        let agents = [
            ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox", "Linux"),
            (
                &format!("Mozilla/5.0 (Windows NT 10.0; Win64; x64) {KHTML} Chrome/140.0 Safari/537.36"),
                "Chrome",
                "Windows",
            ),
            (
                &format!("Mozilla/5.0 (Windows NT 10.0) {KHTML} Chrome/140.0 Safari/537.36 Edg/140.0"),
                "Edge",
                "Windows",
            ),
            (
                &format!("Mozilla/5.0 (Linux; Android 10; K) {KHTML} Chrome/140.0 Mobile Safari/537.36"),
                "Chrome",
                "Android",
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/18.5 Safari/605.1.15",
                "Safari",
                "macOS",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) CriOS/140.0 Safari/604.1",
                "Chrome",
                "iPhone",
            ),
        ];
        for (agent, name, on) in agents {
            assert_eq!((browser(agent), system(agent)), (Some(name), Some(on)), "{agent}");
        }
        assert_eq!((browser(""), system("rubbish")), (None, None));
    }
}
