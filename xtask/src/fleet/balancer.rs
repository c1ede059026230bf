//! The load balancer: HAProxy in front of the nodes, with no stickiness at all.

use std::fmt::Write;
use std::fs;
use std::net::{Ipv6Addr, TcpListener};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::data::DataFolder;
use super::launch::Launch;
use super::node::Node;
use super::output::Output;
use super::part::Part;
use super::supervisor::Supervisor;
use crate::http::Ready;
use crate::places;

/// The system's limit for the path of a socket, with room for HAProxy's temporary suffix.
const LONGEST_SOCKET: usize = 90;

/// `%` begins what HAProxy fills in.
const AWAY: &str = "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport \
    content='width=device-width,initial-scale=1'><title>Back soon</title><h1>Back soon</h1><p>CardStore cannot be reached \
    right now. Please try again in a few seconds.</p><p>If it stays so, name this to us: <code>%[unique-id]</code></p>";
/// As a node says it.
const BUSY: &str = "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport \
    content='width=device-width,initial-scale=1'><title>Very busy right now</title><h1>Very busy right now</h1><p>More \
    people are here than the store can serve at once. Nothing was changed. Please try again in a few seconds; what you \
    typed is still there when you go back.</p>";

/// So many requests for each of its threads a node never turns away: what would be more waits here, or is turned away
/// here, where it costs the node nothing.
const SLOTS_FOR_EACH_THREAD: usize = 48;

pub(crate) struct Balancer {
    /// HAProxy's admin socket: drains and readies nodes.
    pub(crate) socket: PathBuf,
}

pub(crate) fn start(
    port: u16,
    nodes: &[Node],
    data: &DataFolder,
    supervisor: &mut Supervisor,
) -> Result<Balancer> {
    let mut socket = data.join("haproxy.sock");
    if socket.as_os_str().len() > LONGEST_SOCKET {
        socket = std::env::temp_dir().join(format!("cardstore-haproxy-{port}.sock"));
    }
    // `localhost` may mean either; a machine without IPv6 has only the first.
    let both = TcpListener::bind((Ipv6Addr::LOCALHOST, port)).is_ok();
    fs::write(data.join("haproxy.cfg"), config(port, both, nodes, slots(), &socket))?;
    supervisor.start(part("haproxy", port, data, &[])?)?;
    Ok(Balancer { socket })
}

/// Starts a second HAProxy that takes the first one's listeners over, which finishes what it has in hand and ends: so
/// a new configuration is taken without closing the door.
pub(crate) fn reload(
    balancer: &Balancer,
    port: u16,
    data: &DataFolder,
    supervisor: &mut Supervisor,
) -> Result<()> {
    let old = supervisor.pid("haproxy").context("no balancer runs")?.to_string();
    let socket = balancer.socket.display().to_string();
    supervisor.start(part("haproxy-reloaded", port, data, &["-x", &socket, "-sf", &old])?)
}

fn part(name: &str, port: u16, data: &DataFolder, takes_over: &[&str]) -> Result<Part> {
    let haproxy = places::program("haproxy", &[]).context("haproxy is not installed")?;
    let launch = Launch::of(&haproxy).arguments(["-db", "-f"]).arguments([data.join("haproxy.cfg")]);
    Ok(Part {
        name: name.to_owned(),
        launch: launch.arguments(takes_over.iter().copied()),
        ready: Ready::Answers(port, "/healthz"),
        output: Output::File(data.log("haproxy")),
    })
}

/// Of each node, as it counts its threads.
fn slots() -> usize {
    let told = std::env::var("CARDSTORE_THREADS").ok().and_then(|threads| threads.parse().ok());
    let threads = told.or_else(|| std::thread::available_parallelism().ok().map(usize::from));
    SLOTS_FOR_EACH_THREAD * threads.unwrap_or(1)
}

fn config(port: u16, ipv6: bool, nodes: &[Node], slots: usize, socket: &Path) -> String {
    let together = slots * nodes.len().max(1);
    let mut text = format!(
        "\
# Written by `cargo xtask fleet` at every start.
global
    maxconn 4096
    hard-stop-after 5s
    stats socket {socket} mode 600 level admin expose-fd listeners

defaults
    mode http
    timeout connect 2s
    timeout client 60s
    timeout server 60s
    timeout queue 1s
    timeout http-request 10s
    timeout http-keep-alive 30s

frontend store
    bind 127.0.0.1:{port}
{ipv6}    # One id follows a request through every log, and stands on the page that says that no node answered.
    unique-id-format %[uuid()]
    http-request set-header X-Request-Id %[unique-id]
{away}    option forwardfor
    # A node that died mid-way may have done what a POST asked for: those are never sent twice.
    http-request disable-l7-retry unless METH_GET
    # Streams are counted apart: they last, and would upset the turns and the slots of short requests. Files cost a node
    # next to nothing, and a page that was served needs them.
    use_backend streams if {{ path /events }}
    use_backend files if {{ path_beg /pkg/ }}
    default_backend nodes

backend nodes
{away}    # Whoever would wait long hears so at once: first strangers, then those with a cookie, last who sends a form.
    acl known req.hdr(cookie) -m found
    http-request return {busy} if {{ queue(nodes) ge {together} }} !known !METH_POST
    http-request return {busy} if {{ queue(nodes) ge {twice} }} !METH_POST
    http-request return {busy} if {{ queue(nodes) ge {thrice} }}
    http-request set-priority-class int(1) if !known !METH_POST
    http-request set-priority-class int(-1) if METH_POST
    balance roundrobin
    http-reuse safe
    retries 2
    option redispatch 1
    retry-on conn-failure empty-response
    option httpchk GET /healthz
    http-check expect status 200
    # Quicker than in production (5 s, twice): a person who kills a node is watching.
    timeout check 2s
    default-server check inter 1s fastinter 200ms downinter 500ms fall 2 rise 1 maxconn {slots}
",
        socket = socket.display(),
        away = away(),
        busy = busy(),
        twice = 2 * together,
        thrice = 3 * together,
        ipv6 = if ipv6 { format!("    bind [::1]:{port}\n") } else { String::new() },
    );
    for node in nodes {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "    server {} 127.0.0.1:{}", node.name, node.port);
    }
    for (backend, rules) in [
        ("files", "    balance roundrobin\n    http-reuse safe\n    retry-on conn-failure empty-response\n"),
        ("streams", "    balance leastconn\n"),
    ] {
        let _ =
            write!(text, "\nbackend {backend}\n{}{rules}    retries 2\n    option redispatch 1\n", away());
        for Node { name, port, .. } in nodes {
            let _ = writeln!(text, "    server {name} 127.0.0.1:{port} track nodes/{name}");
        }
    }
    text
}

/// What people see for whom there is no place in the queue.
fn busy() -> String {
    format!(
        "status 503 content-type \"text/html; charset=utf-8\" hdr cache-control no-store hdr retry-after 2 \
         hdr x-request-id %[unique-id] string \"{BUSY}\""
    )
}

/// What people see when no node answers, with the id under which the balancer's log has their request.
fn away() -> String {
    let rule = |status| {
        format!(
            "    http-error status {status} content-type \"text/html; charset=utf-8\" hdr cache-control no-store \
             hdr retry-after 2 hdr x-request-id %[unique-id] lf-string \"{AWAY}\"\n"
        )
    };
    [502, 503, 504].map(rule).concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(name: &str, port: u16) -> Node {
        Node { name: name.to_owned(), port, admin_port: port + 1 }
    }

    #[test]
    fn requests_go_round_robin_to_every_node_without_a_cookie() {
        let text = config(8080, true, &[node("a", 4001), node("b", 4003)], 96, Path::new("/tmp/admin.sock"));
        for line in [
            "balance roundrobin",
            "server a 127.0.0.1:4001",
            "server b 127.0.0.1:4003",
            "track nodes/b",
            "maxconn 96",
            "queue(nodes) ge 192",
            "bind [::1]:8080",
        ] {
            assert!(text.contains(line), "{line}");
        }
        // It may look at one, and keeps nobody on a node by one.
        assert!(
            text.lines().all(|line| !line.trim_start().starts_with("cookie") && !line.contains(" cookie "))
        );
        assert!(!config(8080, false, &[], 1, Path::new("/s")).contains("::1"));
    }

    #[test]
    fn haproxy_accepts_the_config() {
        // Where HAProxy is not installed, the fleet itself says so.
        let Some(haproxy) = places::program("haproxy", &[]) else { return };
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("haproxy.cfg");
        fs::write(&file, config(18080, false, &[node("a", 4001)], 48, &folder.path().join("admin.sock")))
            .unwrap();
        let output = std::process::Command::new(haproxy).args(["-c", "-f"]).arg(&file).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    #[test]
    fn when_no_node_answers_people_read_a_page_that_names_their_request() {
        let Some(haproxy) = places::program("haproxy", &[]) else { return };
        let folder = tempfile::tempdir().unwrap();
        let (file, port) = (folder.path().join("haproxy.cfg"), crate::ports::free(1).unwrap()[0]);
        fs::write(&file, config(port, false, &[], 48, &folder.path().join("admin.sock"))).unwrap();
        let mut running = std::process::Command::new(haproxy).args(["-db", "-f"]).arg(&file).spawn().unwrap();
        // The port may still be another test's for a moment.
        let ask = |path| {
            let ask_once = || {
                std::thread::yield_now();
                crate::visits::client::Client::once(port, std::time::Duration::from_secs(30)).get(path, None)
            };
            std::iter::repeat_with(ask_once).take(100_000).find_map(Result::ok)
        };
        let answers = ["/", "/events", "/pkg/x.css"].map(ask);
        running.kill().unwrap();
        running.wait().unwrap();
        for answer in answers.map(Option::unwrap) {
            let id = answer.header("x-request-id").unwrap();
            assert_eq!((answer.status, id.len()), (503, 36));
            assert!(answer.body.contains("Back soon") && answer.body.contains(id), "{}", answer.body);
        }
    }
}
