//! How one program is started, so that it can be started again and never outlives this process.

use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail};
use rustix::process::Signal;

use crate::commands;
use crate::places;

#[derive(Clone, Debug)]
pub(crate) struct Launch {
    pub(crate) program: PathBuf,
    arguments: Vec<OsString>,
    environment: Vec<(String, String)>,
    not_inherited: Vec<String>,
    folder: Option<PathBuf>,
    /// Run as this user instead of root.
    user: Option<String>,
    /// The signal that makes the program finish soon and in order.
    pub(crate) stop_signal: Signal,
}

impl Launch {
    pub(crate) fn of(program: &Path) -> Launch {
        Launch {
            program: program.to_owned(),
            arguments: vec![],
            environment: vec![],
            not_inherited: vec![],
            folder: None,
            user: None,
            stop_signal: Signal::TERM,
        }
    }

    pub(crate) fn arguments<A: Into<OsString>>(mut self, arguments: impl IntoIterator<Item = A>) -> Launch {
        self.arguments.extend(arguments.into_iter().map(Into::into));
        self
    }

    pub(crate) fn with(mut self, environment: impl IntoIterator<Item = (String, String)>) -> Launch {
        self.environment.extend(environment);
        self
    }

    /// What this process knows of these stays here.
    pub(crate) fn without(mut self, names: &[&str]) -> Launch {
        self.not_inherited.extend(names.iter().map(|name| (*name).to_owned()));
        self
    }

    pub(crate) fn inside(mut self, folder: &Path) -> Launch {
        self.folder = Some(folder.to_owned());
        self
    }

    pub(crate) fn under(mut self, user: Option<&str>) -> Launch {
        self.user = user.map(str::to_owned);
        self
    }

    pub(crate) fn stopped_by(mut self, signal: Signal) -> Launch {
        self.stop_signal = signal;
        self
    }

    pub(crate) fn command(&self) -> Result<Command> {
        let mut command = match places::program("setpriv", &[]) {
            // `setpriv` becomes the program itself, and the kernel ends that when this process dies,
            // even by SIGKILL. The signal follows the starting thread, so only the main one starts parts.
            Some(setpriv) => {
                let mut command = Command::new(setpriv);
                if let Some(user) = &self.user {
                    command.args(["--reuid", user, "--regid", user, "--init-groups"]);
                }
                let signal = if self.stop_signal == Signal::INT { "INT" } else { "TERM" };
                command.args(["--pdeathsig", signal, "--"]).arg(&self.program);
                command
            }
            None if self.user.is_some() => bail!("`setpriv` of util-linux is needed to start this as root"),
            None => Command::new(&self.program),
        };
        command.args(&self.arguments);
        // A group of its own: Ctrl-C in the terminal reaches this process, which stops the parts in order.
        command.process_group(0);
        if let Some(folder) = &self.folder {
            command.current_dir(folder);
        }
        let mut command = commands::without_cargo(command);
        for name in &self.not_inherited {
            command.env_remove(name);
        }
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        Ok(command)
    }
}
