//! A real PostgreSQL server for tests: on a socket in a folder of its own, without a network.
//!
//! It ends with its test, however that ends: a shell beside it waits for the test's end of a pipe to
//! close, stops the server and deletes its folder.
#![allow(clippy::print_stderr, reason = "what is skipped is said")]

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

/// When it is set, a test without PostgreSQL fails.
const NEEDED: &str = "LORECAST_TEST_POSTGRES";

/// Starts a server, says so, waits for its end of the pipe, and cleans up. `AS` is how a command runs as
/// somebody who is not root, whom PostgreSQL refuses to serve. With `TLS` it is given a certificate for
/// `localhost` by an authority of its own.
const KEEPER: &str = r#"
trap 'cd /; $AS "$BIN/pg_ctl" -D "$DIR/data" -m immediate -w stop >"$DIR/log"; rm -rf "$DIR"' EXIT
cd "$DIR" || exit
certify() {
    $AS openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -subj "/CN=test authority" &&
        $AS openssl req -newkey rsa:2048 -nodes -keyout server.key -out server.csr -subj "/CN=localhost" &&
        printf 'subjectAltName=DNS:localhost\nbasicConstraints=CA:FALSE\n' >names &&
        $AS openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -extfile names -out server.pem
}
[ -z "$TLS" ] || certify >"$DIR/log" 2>&1 || { cat "$DIR/log"; exit 1; }
$AS "$BIN/initdb" -D "$DIR/data" -U lorecast --auth=trust -E UTF8 --locale=C --no-sync >"$DIR/log" 2>&1 &&
    $AS "$BIN/pg_ctl" -D "$DIR/data" -l "$DIR/said" -w -o "$OPTIONS" start >>"$DIR/log" 2>&1 ||
    { cat "$DIR/log" "$DIR/said"; exit 1; }
echo ready
read -r end
"#;

/// A running server; it ends when it is dropped, or when the process ends.
pub struct Postgres {
    dir: PathBuf,
    bin: PathBuf,
    /// Where it listens: on loopback, or only the number in the name of its socket.
    port: u16,
    encrypted: bool,
    keeper: Child,
    stores: AtomicU32,
}

impl Postgres {
    /// Starts one; none, with a word about it, where PostgreSQL is not installed.
    ///
    /// # Panics
    /// When it does not start, or is not installed and `LORECAST_TEST_POSTGRES` is set.
    pub fn start() -> Option<Self> {
        Self::launch(5432, false)
    }

    /// Starts one that also listens on loopback and speaks TLS; see [`Postgres::address_by`].
    ///
    /// # Panics
    /// As [`Postgres::start`], and when openssl(1) or a free port is missing.
    pub fn start_encrypted() -> Option<Self> {
        let port = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr());
        Self::launch(port.expect("loopback has a free port").port(), true)
    }

    fn launch(port: u16, encrypted: bool) -> Option<Self> {
        let Some(bin) = programs() else {
            assert!(std::env::var_os(NEEDED).is_none(), "PostgreSQL 15 or later is not installed");
            eprintln!("skipped: PostgreSQL 15 or later is not installed");
            return None;
        };
        let dir = tempfile::Builder::new().prefix("lorecast-pg-").tempdir().expect("a folder");
        let dir = dir.keep();
        // The server's user has to get in, and owns it.
        fs::set_permissions(&dir, fs::Permissions::from_mode(0o777)).expect("it is ours");
        let mut keeper = Command::new("sh")
            .args(["-c", KEEPER])
            .env("DIR", &dir)
            .env("BIN", &bin)
            .env("AS", unprivileged(&dir))
            .env("OPTIONS", options(&dir, port, encrypted))
            .env("TLS", if encrypted { "yes" } else { "" })
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("a shell");
        let mut said = BufReader::new(keeper.stdout.take().expect("it is piped")).lines();
        let first = said.next().and_then(Result::ok).unwrap_or_default();
        if first != "ready" {
            let rest: Vec<String> = said.map_while(Result::ok).collect();
            panic!("PostgreSQL does not start: {first}\n{}", rest.join("\n"));
        }
        Some(Self { dir, bin, port, encrypted, keeper, stores: AtomicU32::new(0) })
    }

    /// The one of this process.
    ///
    /// # Panics
    /// As [`Postgres::start`].
    pub fn shared() -> Option<&'static Self> {
        static SHARED: OnceLock<Option<Postgres>> = OnceLock::new();
        SHARED.get_or_init(Self::start).as_ref()
    }

    /// The address of a store that does not exist yet: each has a schema of its own.
    pub fn fresh(&self) -> String {
        self.address(&format!("test_{}", self.stores.fetch_add(1, Ordering::Relaxed)))
    }

    /// The address of the store in a schema.
    pub fn address(&self, schema: &str) -> String {
        let host = self.dir.to_str().expect("a plain name").replace('/', "%2F");
        self.address_by(&host, schema)
    }

    /// The address of the store in a schema, by the name of a host.
    pub fn address_by(&self, host: &str, schema: &str) -> String {
        format!("postgres://lorecast@{host}:{}/postgres?schema={schema}", self.port)
    }

    /// The certificate of the authority that vouches for `localhost`, as a file.
    pub fn authority(&self) -> PathBuf {
        self.dir.join("ca.pem")
    }

    /// Runs statements, and returns the rows as lines.
    ///
    /// # Panics
    /// When PostgreSQL refuses them.
    pub fn run(&self, sql: &str) -> String {
        let output = Command::new(self.bin.join("psql"))
            .args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-U", "lorecast", "-h"])
            .arg(&self.dir)
            .args(["-p", &self.port.to_string(), "-d", "postgres", "-c", sql])
            .output()
            .expect("psql is beside the server");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// Stops the server at once, as a crash would.
    ///
    /// # Panics
    /// When it does not stop.
    pub fn stop(&self) {
        self.control(&["-m", "immediate", "stop"]);
    }

    /// Starts the server again after [`Postgres::stop`].
    ///
    /// # Panics
    /// When it does not start.
    pub fn start_again(&self) {
        let log = self.dir.join("said");
        self.control(&[
            "-l",
            log.to_str().expect("a plain name"),
            "-o",
            &options(&self.dir, self.port, self.encrypted),
            "start",
        ]);
    }

    fn control(&self, arguments: &[&str]) {
        let prefix = unprivileged(&self.dir);
        let mut words = prefix.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        words.push(self.bin.join("pg_ctl").to_str().expect("a plain name").to_owned());
        let done = Command::new(&words[0])
            .args(&words[1..])
            .arg("-D")
            .arg(self.dir.join("data"))
            .arg("-w")
            .args(arguments)
            .current_dir(&self.dir)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        assert!(done.expect("pg_ctl is beside the server").success(), "pg_ctl {arguments:?}");
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // The keeper reads the end of its input, and cleans up.
        drop(self.keeper.stdin.take());
        drop(self.keeper.wait());
    }
}

/// Nothing has to survive a power cut, and nobody calls from outside.
fn options(dir: &Path, port: u16, encrypted: bool) -> String {
    let dir = dir.display();
    let tls = match encrypted {
        true => format!(
            "-c listen_addresses=127.0.0.1 -c ssl=on -c ssl_cert_file={dir}/server.pem -c ssl_key_file={dir}/server.key"
        ),
        false => "-c listen_addresses=".to_owned(),
    };
    format!("-k {dir} -p {port} {tls} -c fsync=off -c full_page_writes=off -c autovacuum=off")
}

/// What a command is prefixed with to run as somebody else than root, who is given the folder.
fn unprivileged(dir: &Path) -> String {
    // Who makes a folder owns it: that is who we are.
    let probe = tempfile::tempdir().expect("a folder");
    let me = fs::metadata(probe.path()).expect("it is there").uid();
    if me != 0 {
        return "env".to_owned();
    }
    const NOBODY: u32 = 65_534;
    std::os::unix::fs::chown(dir, Some(NOBODY), Some(NOBODY)).expect("root may give it away");
    format!("setpriv --reuid={NOBODY} --regid={NOBODY} --clear-groups")
}

/// The folder of the newest server's programs that is new enough: Debian keeps each release apart.
fn programs() -> Option<PathBuf> {
    let releases = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut found: Vec<(u32, PathBuf)> = releases
        .filter_map(|entry| {
            let release = entry.file_name().to_str()?.parse().ok()?;
            Some((release, entry.path().join("bin")))
        })
        .filter(|(release, bin)| *release >= 15 && bin.join("initdb").is_file())
        .collect();
    found.sort();
    let newest = found.pop().map(|(_, bin)| bin);
    newest.or_else(|| {
        let path = std::env::var_os("PATH")?;
        std::env::split_paths(&path)
            .find(|folder| folder.join("initdb").is_file() && folder.join("pg_ctl").is_file())
    })
}
