//! The real public-inbox, where it is installed (Debian: `apt install public-inbox`).

use std::io::{self, Write};
use std::net::TcpListener;
use std::os::fd::OwnedFd;
use std::process::{Child, Command, Stdio};

use camino::{Utf8Path, Utf8PathBuf};

use crate::git;

/// public-inbox with a configuration of its own.
pub struct PublicInbox {
    home: Utf8PathBuf,
}

/// A running public-inbox-httpd(1); it ends when it is dropped.
pub struct Serving {
    /// `http://127.0.0.1:PORT/`.
    pub url: String,
    child: Child,
}

impl PublicInbox {
    /// None, with a message, when it is not installed.
    pub fn find(home: &Utf8Path) -> Option<Self> {
        let here = Self { home: home.to_owned() };
        if here.command("public-inbox-httpd").arg("--help").output().is_ok() {
            return Some(here);
        }
        let text = "SKIPPED: public-inbox is not installed (Debian: `apt install public-inbox`)";
        // Past the test harness, which hides what passing tests print.
        let _ = writeln!(io::stderr(), "{text}");
        None
    }

    /// Creates an inbox, of format `-V1` or `-V2`, and returns its folder.
    ///
    /// # Panics
    /// When public-inbox fails, as all of these do.
    pub fn init(&self, format: &str, name: &str) -> Utf8PathBuf {
        let folder = self.home.join(name);
        let url = format!("http://127.0.0.1/{name}");
        let arguments = [format, name, folder.as_str(), &url, &address(name)];
        self.run("public-inbox-init", &arguments, b"");
        let config = self.home.join("config");
        let set = ["config", "-f", config.as_str(), "publicinboxmda.spamcheck", "none"];
        git::run(&self.home, &set, b"");
        folder
    }

    /// Delivers a mail; its To has to be `NAME@vger.example`.
    ///
    /// # Panics
    /// When public-inbox refuses it.
    pub fn deliver(&self, name: &str, mail: &[u8]) {
        let mut command = self.command("public-inbox-mda");
        feed(command.env("ORIGINAL_RECIPIENT", address(name)), mail);
    }

    /// Says that a mail is gone (public-inbox-learn(1)).
    ///
    /// # Panics
    /// When public-inbox does not find it.
    pub fn remove(&self, mail: &[u8]) {
        self.run("public-inbox-learn", &["rm"], mail);
    }

    /// Rewrites history without a mail (public-inbox-purge(1)).
    ///
    /// # Panics
    /// When public-inbox does not find it.
    pub fn purge(&self, inbox: &Utf8Path, mail: &[u8]) {
        self.run("public-inbox-purge", &[inbox.as_str()], mail);
    }

    /// Serves all inboxes.
    ///
    /// # Panics
    /// When loopback is missing.
    pub fn serve(&self) -> Serving {
        let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
        let url = format!("http://{}/", listener.local_addr().expect("it is bound"));
        // It takes a socket that listens already, as systemd hands them over (sd_listen_fds(3)):
        // nobody has to wait until it is ready.
        let script = "exec 3<&0 </dev/null; export LISTEN_PID=$$ LISTEN_FDS=1
                      exec public-inbox-httpd -W0";
        let child = self
            .command("sh")
            .args(["-c", script])
            .stdin(Stdio::from(OwnedFd::from(listener)))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("there is a shell");
        Serving { url, child }
    }

    fn run(&self, program: &str, arguments: &[&str], input: &[u8]) {
        feed(self.command(program).args(arguments), input);
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.env("HOME", &self.home).env("PI_DIR", &self.home).envs(git::HERMETIC);
        command.env("PI_CONFIG", self.home.join("config")).current_dir(&self.home);
        command
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn address(name: &str) -> String {
    format!("{name}@vger.example")
}

fn feed(command: &mut Command, input: &[u8]) {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("public-inbox is installed");
    let stdin = child.stdin.take();
    stdin.expect("stdin is a pipe").write_all(input).expect("public-inbox reads its input");
    let output = child.wait_with_output().expect("public-inbox ends");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {said}");
}
