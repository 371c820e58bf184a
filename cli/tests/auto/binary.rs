//! Runs the binary in a home of its own.

use serde_json::Value;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;

/// What a run printed, and how it ended.
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ran {
    /// The envelope that `--json` prints: one line.
    pub(crate) fn json(&self) -> Value {
        assert_eq!(self.stdout.lines().count(), 1, "one line: {}", self.stdout);
        serde_json::from_str(&self.stdout).expect("JSON")
    }

    /// The data of a success.
    pub(crate) fn data(&self) -> Value {
        let envelope = self.json();
        assert_eq!(envelope["success"], true, "{}{}", self.stdout, self.stderr);
        assert_eq!(envelope["schema_version"], 1);
        envelope["data"].clone()
    }

    /// Checks that it failed with this exit code and this error code, told with a hint.
    pub(crate) fn failed(&self, exit: i32, code: &str) {
        assert_eq!(self.code, exit, "stdout {} stderr {}", self.stdout, self.stderr);
        assert!(self.stderr.contains(&format!("error[{code}]: ")), "{}", self.stderr);
        assert!(self.stderr.contains("hint: "), "{}", self.stderr);
    }
}

/// A home folder without accounts.
pub(crate) struct Home {
    pub(crate) folder: TempDir,
    node: String,
}

impl Home {
    pub(crate) fn new() -> Self {
        // Port 1 needs rights that no node has, so nobody answers there.
        Self { folder: tempfile::tempdir().expect("a folder"), node: "http://127.0.0.1:1".to_owned() }
    }

    pub(crate) fn at(node: &str) -> Self {
        Self { node: node.to_owned(), ..Self::new() }
    }

    pub(crate) fn path(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_auto"));
        command
            .args(arguments)
            .env("AUTO_HOME", self.folder.path().join("home"))
            .env("AUTO_NODE", &self.node);
        command.env_remove("AUTO_PASSWORD").env_remove("AUTO_LOG").env("NO_COLOR", "1");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        self.run_with(arguments, "")
    }

    /// Runs with something on standard input.
    pub(crate) fn run_with(&self, arguments: &[&str], input: &str) -> Ran {
        let mut child = self.command(arguments).spawn().expect("the binary runs");
        let mut stdin = child.stdin.take().expect("piped");
        // A command that reads nothing may be gone already.
        let _ = stdin.write_all(input.as_bytes());
        drop(stdin);
        let output = child.wait_with_output().expect("it ends");
        Ran {
            code: output.status.code().expect("not killed"),
            stdout: String::from_utf8(output.stdout).expect("text"),
            stderr: String::from_utf8(output.stderr).expect("text"),
        }
    }
}

/// `auto dev` in the background; it is ended when this is dropped.
pub(crate) struct DevProcess {
    child: Child,
    pub(crate) ready: Value,
}

impl DevProcess {
    pub(crate) fn start(home: &Home, arguments: &[&str]) -> Self {
        let arguments = [&["dev", "--json", "--port", "0"], arguments].concat();
        let mut child = home.command(&arguments).stderr(Stdio::inherit()).spawn().expect("the binary runs");
        let mut line = String::new();
        let stdout = child.stdout.take().expect("piped");
        BufReader::new(stdout).read_line(&mut line).expect("readable");
        let envelope: Value = serde_json::from_str(&line).expect("the ready line is JSON");
        Self { child, ready: envelope["data"].clone() }
    }

    pub(crate) fn url(&self) -> &str {
        self.ready["url"].as_str().expect("a ready line has a url")
    }

    /// Asks it to end as Ctrl-C does, and gives its exit code.
    pub(crate) fn interrupt(mut self) -> Option<i32> {
        let pid = self.child.id().to_string();
        let sent = Command::new("kill").args(["-INT", &pid]).status().expect("kill runs");
        assert!(sent.success());
        self.child.wait().expect("it ends").code()
    }
}

impl Drop for DevProcess {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Whether a file exists.
pub(crate) fn exists(path: &str) -> bool {
    Path::new(path).exists()
}
