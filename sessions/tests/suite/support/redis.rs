//! A real redis-server per test, on its own port and folder, gone when the test is, also when it panics.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use tempfile::TempDir;

/// One server or several that act as one.
pub(crate) struct Redis {
    pub(crate) url: String,
    pub(crate) ca_file: Option<PathBuf>,
    pub(crate) servers: Vec<Server>,
    /// What redis-cli needs besides the port.
    pub(crate) cli_options: Vec<String>,
}

impl Redis {
    pub(crate) fn start() -> Self {
        Self::start_with(&[])
    }

    pub(crate) fn start_with(options: &[&str]) -> Self {
        let server = Server::start(options);
        Self {
            url: format!("redis://127.0.0.1:{}", server.port),
            ca_file: None,
            servers: vec![server],
            cli_options: Vec::new(),
        }
    }

    /// What redis-cli answers; on a cluster it follows the key.
    pub(crate) fn cli(&self, arguments: &[&str]) -> String {
        self.ask(&self.servers[0], arguments)
    }

    pub(crate) fn keys(&self) -> BTreeSet<String> {
        self.servers
            .iter()
            .flat_map(|server| {
                self.ask(server, &["KEYS", "*"]).lines().map(str::to_owned).collect::<Vec<_>>()
            })
            .filter(|key| !key.is_empty())
            .collect()
    }

    /// How often each command was called so far, those of scripts included, those of this inspection not.
    pub(crate) fn calls(&self) -> BTreeMap<String, u64> {
        let mut calls = BTreeMap::new();
        for server in &self.servers {
            let statistics = self.ask(server, &["INFO", "commandstats"]);
            for line in statistics.lines().filter_map(|line| line.strip_prefix("cmdstat_")) {
                let (command, figures) = line.split_once(":calls=").unwrap();
                let count: u64 = figures.split_once(',').unwrap().0.parse().unwrap();
                *calls.entry(command.to_owned()).or_default() += count;
            }
        }
        calls.retain(|command, _| !matches!(command.as_str(), "info" | "auth"));
        calls
    }

    /// As if the session had rested for all but a minute of its half an hour.
    pub(crate) fn rest(&self, key: &str) {
        self.cli(&["HINCRBY", key, "seen", "-1740000"]);
        self.cli(&["PEXPIRE", key, "60000"]);
    }

    /// Keys of session records, which the crate's documentation names.
    pub(crate) fn session_keys(&self) -> Vec<String> {
        self.keys().into_iter().filter(|key| key.starts_with("cardstore:s:")).collect()
    }

    pub(crate) fn session_key(&self) -> String {
        let keys = self.session_keys();
        assert_eq!(keys.len(), 1, "{keys:?}");
        keys[0].clone()
    }

    pub(crate) fn listed(&self, account: &str) -> usize {
        self.cli(&["ZCARD", &format!("cardstore:a:{account}")]).parse().unwrap()
    }

    pub(crate) fn empty(&self) {
        for server in &self.servers {
            self.ask(server, &["FLUSHALL"]);
        }
    }

    pub(crate) fn ask(&self, server: &Server, arguments: &[&str]) -> String {
        let port = server.port.to_string();
        let output = Command::new("redis-cli")
            .args(["-h", "127.0.0.1", "-p", &port, "--no-auth-warning"])
            .args(&self.cli_options)
            .args(arguments)
            .output()
            .unwrap();
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }
}

pub(crate) struct Server {
    pub(crate) port: u16,
    pub(crate) folder: TempDir,
    options: Vec<String>,
    process: Option<Child>,
}

impl Server {
    pub(crate) fn start(options: &[&str]) -> Self {
        for _ in 0..10 {
            let mut server = Self::stopped(options);
            server.run();
            if server.is_up() {
                return server;
            }
        }
        panic!("redis-server does not start");
    }

    /// A free port and an empty folder, for a server that is to come up later.
    pub(crate) fn stopped(options: &[&str]) -> Self {
        Self {
            port: free_port(),
            folder: tempfile::tempdir().unwrap(),
            options: options.iter().map(|option| (*option).to_owned()).collect(),
            process: None,
        }
    }

    pub(crate) fn run(&mut self) {
        let mut command = Command::new("redis-server");
        let port = self.port.to_string();
        command.args(["--port", &port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]);
        self.spawn(command.args(&self.options));
    }

    pub(crate) fn spawn(&mut self, command: &mut Command) {
        let log = std::fs::File::create(self.folder.path().join("log")).unwrap();
        let command = command.current_dir(self.folder.path()).stdin(Stdio::null()).stdout(log);
        self.process = Some(command.spawn().unwrap());
    }

    /// Waits until the server listens; `false` when it ended instead, for instance because the port was taken.
    pub(crate) fn is_up(&mut self) -> bool {
        for _ in 0..500 {
            if self.process.as_mut().is_none_or(|process| process.try_wait().unwrap().is_some()) {
                return false;
            }
            if read(&self.folder.path().join("log")).contains("Ready to accept connections") {
                return true;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        false
    }

    pub(crate) fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            let _ = process.kill();
            let _ = process.wait();
        }
    }

    /// SIGSTOP: connections stay open and nothing is answered.
    pub(crate) fn freeze(&self) {
        self.signal("-STOP");
    }

    pub(crate) fn thaw(&self) {
        self.signal("-CONT");
    }

    fn signal(&self, signal: &str) {
        let pid = self.process.as_ref().unwrap().id().to_string();
        assert!(Command::new("kill").args([signal, &pid]).status().unwrap().success());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}

pub(crate) fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_default()
}
