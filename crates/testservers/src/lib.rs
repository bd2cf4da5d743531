//! Real database servers for tests: each on a folder and a port of its own, gone when the test ends.
//!
//! PostgreSQL and MariaDB come from Debian's packages; where they are missing and may be installed, they are. Where that
//! is not so either, a test is skipped with a word about it, except under CI.

mod proxy;

use std::{
    fs,
    io::Read,
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::Mutex,
    time::{Duration, Instant},
};

use tempfile::TempDir;

pub use self::proxy::Proxy;

/// The user that owns everything on the server.
pub const OWNER: &str = "owner";
/// The password of [`OWNER`].
pub const PASSWORD: &str = "rahasia-7";
/// The one database.
pub const DATABASE: &str = "erp";

/// How long a server may take to answer.
const PATIENCE: Duration = Duration::from_secs(60);

/// Which server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// PostgreSQL.
    Postgres,
    /// MariaDB.
    Mariadb,
}

/// A running server.
pub struct Server {
    kind: Kind,
    folder: TempDir,
    port: u16,
    process: Child,
}

impl Server {
    /// Starts one; `None` where there is none on this machine.
    ///
    /// # Panics
    /// Where it is there and does not start, and under CI where it is not there.
    pub fn start(kind: Kind) -> Option<Self> {
        let Some(programs) = kind.programs() else {
            assert!(std::env::var_os("CI").is_none(), "{kind:?} is not installed");
            eprintln!("skipped: {kind:?} is not installed");
            return None;
        };
        let folder = tempfile::Builder::new().prefix("takar-server-").tempdir_in("/tmp").expect("a folder");
        let port = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a free port").port();
        let own = |path: &Path| {
            if is_root() {
                run(Command::new("chown").arg("-R").arg(kind.user()).arg(path));
            }
        };
        own(folder.path());
        let process = match kind {
            Kind::Postgres => start_postgres(&programs, folder.path(), port, &own),
            Kind::Mariadb => start_mariadb(&programs, folder.path(), port, &own),
        };
        let server = Self { kind, folder, port, process };
        server.wait();
        Some(server)
    }

    /// The address for a user, without a password.
    pub fn address(&self, user: &str) -> String {
        match self.kind {
            Kind::Postgres => format!("postgres://{user}@127.0.0.1:{}/{DATABASE}", self.port),
            Kind::Mariadb => format!("mysql://{user}@127.0.0.1:{}/{DATABASE}", self.port),
        }
    }

    /// Runs statements as the owner.
    ///
    /// # Panics
    /// Where one fails.
    pub fn run(&self, sql: &str) {
        let file = self.folder.path().join("statements.sql");
        fs::write(&file, sql).expect("a file");
        let mut command = match self.kind {
            Kind::Postgres => {
                let mut command = Command::new("psql");
                command.args(["-q", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-U", OWNER, "-d", DATABASE]);
                command.args(["-p", &self.port.to_string()]).arg("-f").arg(&file).env("PGPASSWORD", PASSWORD);
                command
            }
            Kind::Mariadb => {
                let mut command = Command::new("mariadb");
                command.args(["-h", "127.0.0.1", "-u", OWNER, "--local-infile=1", DATABASE]);
                command.args(["-P", &self.port.to_string()]).env("MYSQL_PWD", PASSWORD);
                command.stdin(fs::File::open(&file).expect("a file"));
                command
            }
        };
        run(&mut command);
    }

    /// The one value that a question of the owner gives.
    ///
    /// # Panics
    /// Where it fails.
    pub fn ask(&self, sql: &str) -> String {
        let mut command = match self.kind {
            Kind::Postgres => {
                let mut command = Command::new("psql");
                command.args(["-q", "-A", "-t", "-h", "127.0.0.1", "-U", OWNER, "-d", DATABASE, "-c", sql]);
                command.args(["-p", &self.port.to_string()]).env("PGPASSWORD", PASSWORD);
                command
            }
            Kind::Mariadb => {
                let mut command = Command::new("mariadb");
                command.args(["-N", "-B", "-h", "127.0.0.1", "-u", OWNER, DATABASE, "-e", sql]);
                command.args(["-P", &self.port.to_string()]).env("MYSQL_PWD", PASSWORD);
                command
            }
        };
        let output = command.output().expect("the program starts");
        assert!(output.status.success(), "{sql}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    /// Ends it at once, as a power cut would.
    pub fn kill(&mut self) {
        // The server is a child of `runuser` where the tests run as root, and PostgreSQL's own children leave its group: one of
        // them could still answer for a moment.
        let group = format!("-{}", self.process.id());
        let all = descendants(self.process.id()).into_iter().map(|process| process.to_string());
        let targets: Vec<String> = std::iter::once(group).chain(all).collect();
        let _ = Command::new("kill").args(["-9", "--"]).args(&targets).stderr(Stdio::null()).status();
        let _ = self.process.wait();
    }

    fn wait(&self) {
        let begun = Instant::now();
        loop {
            if self.kind == Kind::Postgres {
                self.make_database();
            }
            let answers = TcpStream::connect(("127.0.0.1", self.port)).is_ok() && self.answers();
            if answers {
                return;
            }
            assert!(begun.elapsed() < PATIENCE, "{:?} does not answer: {}", self.kind, self.log());
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Fails until the server answers, and once the database is there.
    fn make_database(&self) {
        let _ = Command::new("psql")
            .args(["-h", "127.0.0.1", "-U", OWNER, "-d", "postgres", "-p", &self.port.to_string()])
            .args(["-c", &format!("CREATE DATABASE {DATABASE}")])
            .env("PGPASSWORD", PASSWORD)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
    }

    fn answers(&self) -> bool {
        let mut command = match self.kind {
            Kind::Postgres => {
                let mut command = Command::new("psql");
                command.args(["-h", "127.0.0.1", "-U", OWNER, "-d", DATABASE, "-c", "SELECT 1"]);
                command.args(["-p", &self.port.to_string()]).env("PGPASSWORD", PASSWORD);
                command
            }
            Kind::Mariadb => {
                let mut command = Command::new("mariadb");
                command.args(["-h", "127.0.0.1", "-u", OWNER, DATABASE, "-e", "SELECT 1"]);
                command.args(["-P", &self.port.to_string()]).env("MYSQL_PWD", PASSWORD);
                command
            }
        };
        command.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
    }

    fn log(&self) -> String {
        let mut text = String::new();
        let _ = fs::File::open(self.folder.path().join("log")).and_then(|mut file| file.read_to_string(&mut text));
        text
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}

impl Kind {
    const fn user(self) -> &'static str {
        match self {
            Self::Postgres => "postgres",
            Self::Mariadb => "mysql",
        }
    }

    /// The folders of its programs, after installing them where that is possible.
    fn programs(self) -> Option<PathBuf> {
        /// One installation at a time.
        static INSTALLING: Mutex<()> = Mutex::new(());
        let _one = INSTALLING.lock();
        self.installed().or_else(|| {
            let package = match self {
                Self::Postgres => "postgresql",
                Self::Mariadb => "mariadb-server",
            };
            if is_root() {
                let install = ["install", "-y", "--no-install-recommends", package];
                for arguments in [&["update"][..], &install[..]] {
                    let _ = Command::new("apt-get")
                        .args(arguments)
                        .env("DEBIAN_FRONTEND", "noninteractive")
                        .stdout(Stdio::null())
                        .status();
                }
            }
            self.installed()
        })
    }

    fn installed(self) -> Option<PathBuf> {
        match self {
            Self::Postgres => {
                let versions = fs::read_dir("/usr/lib/postgresql").ok()?;
                let mut folders: Vec<PathBuf> = versions.flatten().map(|version| version.path().join("bin")).collect();
                folders.sort();
                folders.into_iter().rev().find(|folder| folder.join("initdb").is_file())
            }
            Self::Mariadb => ["/usr/sbin", "/usr/bin", "/usr/libexec"]
                .into_iter()
                .map(PathBuf::from)
                .find(|folder| folder.join("mariadbd").is_file()),
        }
    }
}

fn start_postgres(programs: &Path, folder: &Path, port: u16, own: &dyn Fn(&Path)) -> Child {
    let (data, password) = (folder.join("data"), folder.join("password"));
    fs::write(&password, PASSWORD).expect("a file");
    own(&password);
    run(as_user(Kind::Postgres, &programs.join("initdb"))
        .args(["-U", OWNER, "--auth=scram-sha-256", "-E", "UTF8", "--no-sync", "-D"])
        .arg(&data)
        .arg(format!("--pwfile={}", password.display()))
        .stdout(Stdio::null()));
    let mut server = as_user(Kind::Postgres, &programs.join("postgres"));
    server.arg("-D").arg(&data).arg("-k").arg(folder).args(["-h", "127.0.0.1", "-p", &port.to_string()]);
    server.args(["-c", "fsync=off", "-c", "max_wal_size=4GB"]);
    spawn(server, folder)
}

fn start_mariadb(programs: &Path, folder: &Path, port: u16, own: &dyn Fn(&Path)) -> Child {
    let data = folder.join("data");
    run(as_user(Kind::Mariadb, Path::new("mariadb-install-db"))
        .args(["--no-defaults", "--auth-root-authentication-method=normal", "--skip-test-db"])
        .arg(format!("--datadir={}", data.display()))
        .stdout(Stdio::null()));
    let first = folder.join("first.sql");
    fs::write(
        &first,
        format!(
            "CREATE DATABASE {DATABASE} CHARACTER SET utf8mb4;\n\
             CREATE USER '{OWNER}'@'127.0.0.1' IDENTIFIED BY '{PASSWORD}';\n\
             GRANT ALL ON *.* TO '{OWNER}'@'127.0.0.1' WITH GRANT OPTION;\n"
        ),
    )
    .expect("a file");
    own(&first);
    let mut server = as_user(Kind::Mariadb, &programs.join("mariadbd"));
    server
        .arg("--no-defaults")
        .arg(format!("--datadir={}", data.display()))
        .arg(format!("--socket={}", folder.join("socket").display()))
        .arg(format!("--pid-file={}", folder.join("pid").display()))
        .arg(format!("--init-file={}", first.display()))
        .args(["--bind-address=127.0.0.1", "--skip-name-resolve", "--local-infile=1"])
        .arg(format!("--port={port}"));
    spawn(server, folder)
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

/// Servers refuse to run as root.
fn as_user(kind: Kind, program: &Path) -> Command {
    if !is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("runuser");
    command.args(["-u", kind.user(), "--"]).arg(program);
    command
}

fn spawn(mut command: Command, folder: &Path) -> Child {
    use std::os::unix::process::CommandExt;
    let log = fs::File::create(folder.join("log")).expect("a log");
    command.current_dir(folder).stdin(Stdio::null()).stdout(Stdio::null()).stderr(log).process_group(0);
    command.spawn().expect("the server starts")
}

fn run(command: &mut Command) {
    let output = command.stderr(Stdio::piped()).output().expect("the program starts");
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// The processes that a process began, and those that they began.
fn descendants(process: u32) -> Vec<u32> {
    // `pid (name) state parent …`; a name may hold anything, so what is behind its last bracket counts.
    let parent_of = |process: u32| -> Option<u32> {
        let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
        stat.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse().ok()
    };
    let Ok(entries) = fs::read_dir("/proc") else { return Vec::new() };
    let running: Vec<(u32, u32)> = entries
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .filter_map(|process| Some((process, parent_of(process)?)))
        .collect();
    let mut found = vec![process];
    let mut place = 0;
    while let Some(parent) = found.get(place).copied() {
        found.extend(running.iter().filter(|(_, own)| *own == parent).map(|(process, _)| *process));
        place += 1;
    }
    found.split_off(1)
}
