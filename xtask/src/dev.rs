//! `cargo xtask dev`: one node that is rebuilt, and reloaded in the browser, as files change.

use anyhow::Result;

use crate::arguments::FleetOptions;
use crate::fleet::data::DataFolder;
use crate::fleet::launch::Launch;
use crate::fleet::node::{Node, Settings};
use crate::fleet::output::Output;
use crate::fleet::part::Part;
use crate::fleet::parts;
use crate::fleet::supervisor::Supervisor;
use crate::http::Ready;
use crate::places::Places;
use crate::setup::{self, Need};
use crate::signals::stop_asked;
use crate::{builds, ports};

pub(crate) fn run(places: &Places, options: &FleetOptions) -> Result<()> {
    ports::ensure_free(options.port)?;
    let data = DataFolder::open(places, options)?;
    let needs: Vec<Need> = [Need::Build].into_iter().chain(parts::needs(options)).collect();
    let toolbox = setup::prepare(places, &needs)?;
    let programs = builds::parts(places, &toolbox, false, false)?;

    let mut supervisor = Supervisor::default();
    let public_url = format!("http://localhost:{}", options.port);
    let services = parts::start(options, &data, &programs, &public_url, &mut supervisor)?;
    let free = ports::free(2)?;
    let node = Node { name: "dev".to_owned(), port: options.port, admin_port: free[0] };
    let settings =
        Settings::gather(&places.root.join("target/site"), &data, &services, &public_url).of(&node);
    // cargo-leptos gives the node these itself, from Cargo.toml, and would take ours for its own settings.
    let settings = settings.into_iter().filter(|(name, _)| !name.starts_with("LEPTOS_"));
    println!("\n  When the first build is through, the store is at {public_url}");
    println!("  Mail lands in {}; Ctrl-C stops\n", data.join("mail").display());
    supervisor.start(Part {
        name: "dev".to_owned(),
        launch: Launch::of(&toolbox.program("cargo-leptos")?)
            .arguments(["leptos", "watch", "--split"])
            .with(toolbox.environment()?)
            .with(settings)
            .with([
                ("LEPTOS_SITE_ADDR".to_owned(), format!("127.0.0.1:{}", options.port)),
                ("LEPTOS_RELOAD_PORT".to_owned(), free[1].to_string()),
                // Nothing stands before this node whose word about a visitor's address could be taken.
                ("CARDSTORE_PROXIES".to_owned(), "0".to_owned()),
            ])
            .inside(&places.root),
        ready: Ready::AtOnce,
        output: Output::Terminal,
    })?;
    let outcome = supervisor.watch(|_| Ok(()));
    supervisor.stop();
    if stop_asked() { Ok(()) } else { outcome }
}
