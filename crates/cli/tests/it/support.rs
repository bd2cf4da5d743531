//! A home of its own for each test, and the binary run in it.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use serde_json::Value;
use tempfile::TempDir;

/// A home that is removed at the end of its test.
pub struct Home {
    folder: TempDir,
}

impl Home {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a folder") }
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file beside the data and gives its path.
    pub fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::write(&path, content).expect("the file is written");
        path
    }

    /// The command, ready to be run in this home.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_takar"));
        self.with_env(command.args(arguments));
        command
    }

    /// Any other command, run in this home.
    pub fn with_env<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command.env("TAKAR_HOME", self.folder.path().join("home")).env("TAKAR_LANG", "en")
    }

    pub fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().expect("the binary runs")
    }

    /// Runs it, and fails the test with what it said where it failed.
    #[track_caller]
    pub fn ok(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "takar {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("text")
    }

    /// Runs it with `text` on its standard input, and gives what it said.
    #[track_caller]
    pub fn typing(&self, arguments: &[&str], text: &str) -> String {
        use std::{io::Write, process::Stdio};
        let mut command = self.command(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the binary runs");
        child.stdin.take().expect("an input").write_all(text.as_bytes()).expect("text is taken");
        let output = child.wait_with_output().expect("it ends");
        assert!(output.status.success(), "takar {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("text")
    }

    #[track_caller]
    pub fn json(&self, arguments: &[&str]) -> Value {
        serde_json::from_str(&self.ok(arguments)).expect("JSON")
    }

    /// What it says on failing; fails the test where it succeeds.
    #[track_caller]
    pub fn refused(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(
            !output.status.success(),
            "takar {arguments:?} should fail: {}",
            String::from_utf8_lossy(&output.stdout)
        );
        String::from_utf8(output.stderr).expect("text")
    }

    /// Imports and gives the report.
    #[track_caller]
    pub fn import(&self, kind: &str, file: &Path, options: &[&str]) -> Value {
        let file = file.to_str().expect("a path of text");
        self.json(&[&["import", kind, file, "--format", "json"], options].concat())
    }

    /// The net sales of all data, as the exact text of the answer.
    #[track_caller]
    pub fn net(&self) -> String {
        self.figure("net_sales")
    }

    /// One figure over all data, as text.
    #[track_caller]
    pub fn figure(&self, kpi: &str) -> String {
        let table = self.json(&["metrics", "--kpi", kpi, "--format", "json"]);
        table["rows"][0][kpi].to_string()
    }
}

/// A file of the shared data; `None` (said on standard error) where there is none, a failure under CI.
pub fn shared(path: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("TAKAR_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from);
    let file = folder.join("data").join(path);
    if file.exists() {
        return Some(file);
    }
    assert!(std::env::var_os("CI").is_none(), "{} is missing: set TAKAR_SHARED", file.display());
    eprintln!("skipped: {} is missing; set TAKAR_SHARED to the folder of the shared data", file.display());
    None
}
