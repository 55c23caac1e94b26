//! `lorecast serve` as a process that tests ask.
#![allow(dead_code, clippy::unwrap_used, reason = "each test file uses its part")]

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

use crate::show;

/// A server of the show in `folder/show`; it is killed when dropped.
pub struct Server {
    /// The process.
    pub child: Child,
    /// `127.0.0.1:PORT`.
    pub address: String,
    log: PathBuf,
    said: BufReader<ChildStdout>,
}

impl Server {
    /// Starts one.
    pub fn start(folder: &Path) -> Self {
        Self::start_with(folder, &[])
    }

    /// Starts one with these arguments as well.
    pub fn start_with(folder: &Path, arguments: &[&str]) -> Self {
        let mut command = show::command(folder);
        command.args(["serve", "--show", "show", "--port", "0"]).args(arguments);
        // Two servers may have one folder.
        let log = tempfile::Builder::new().prefix("log").tempfile_in(folder).unwrap();
        Self::run(&mut command, &log.into_temp_path().keep().unwrap())
    }

    /// Runs a command that becomes a server. What it logs goes to a file.
    pub fn run(command: &mut Command, log: &Path) -> Self {
        command.stdout(Stdio::piped()).stderr(File::create(log).unwrap());
        let mut child = command.spawn().unwrap();
        let said = BufReader::new(child.stdout.take().unwrap());
        let mut server = Self { child, address: String::new(), log: log.to_owned(), said };
        server.address = server.says_address();
        server
    }

    /// The host and port of the next address that it prints.
    pub fn says_address(&mut self) -> String {
        let mut line = String::new();
        self.said.read_line(&mut line).unwrap();
        let address = line.split("://").nth(1).unwrap_or_else(|| panic!("{line}{}", self.log()));
        address.split('/').next().unwrap().to_owned()
    }

    /// What it prints from now on until it ends.
    pub fn says_nothing_more(&mut self) -> String {
        let mut rest = String::new();
        self.said.read_to_string(&mut rest).unwrap();
        rest
    }

    /// What it has logged.
    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap()
    }

    /// The most memory that it has had, in MiB.
    pub fn memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let most = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        most.trim().trim_end_matches(" kB").parse::<u64>().unwrap() / 1024
    }

    /// As [`ask_at`], of this server.
    pub fn ask(&self, method: &str, path: &str, cookie: &str, body: &str) -> Option<String> {
        ask_at(&self.address, method, path, cookie, body)
    }

    /// The whole answer to a request for a page.
    pub fn get(&self, path: &str, cookie: &str) -> String {
        self.ask("GET", path, cookie, "").unwrap()
    }

    /// The same server, asked for a page by another name.
    pub fn named(&self, host: &str, path: &str, cookie: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: {host}\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    /// What is sent while `/events` is listened to, line by line.
    pub fn listen(&self) -> impl Iterator<Item = String> + use<> {
        let mut listener = TcpStream::connect(&self.address).unwrap();
        listener.write_all(b"GET /events HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
        BufReader::new(listener).lines().map(Result::unwrap)
    }

    /// Sends it a signal, such as `-TERM`.
    pub fn signal(&self, signal: &str) {
        let id = self.child.id().to_string();
        let sent = Command::new("kill").args([signal, &id]).status();
        assert!(sent.unwrap().success());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The whole answer to a request; `None` when the server is gone before there is one.
pub fn ask_at(address: &str, method: &str, path: &str, cookie: &str, body: &str) -> Option<String> {
    let mut stream = TcpStream::connect(address).ok()?;
    let length = body.len();
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: {address}\r\nSec-Fetch-Site: same-origin\r\nCookie: {cookie}\r\nConnection: close\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n\r\n{body}"
    );
    stream.write_all(request.as_bytes()).ok()?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).ok()?;
    let answer = String::from_utf8_lossy(&answer).into_owned();
    Some(answer).filter(|answer| answer.contains("\r\n\r\n"))
}

/// Signs in as the owner: the cookie, and the token of forms.
pub fn sign_in(folder: &Path, server: &Server) -> (String, String) {
    enter(server, &show::done(folder, &["serve", "--sign-in", "--show", "show"]))
}

/// Uses a link, which another process made a moment ago: the cookie, and the token of forms.
pub fn enter(server: &Server, link: &str) -> (String, String) {
    let path = format!("/enter/{}", link.trim().rsplit('/').next().unwrap());
    let door = server.get(&path, "");
    assert!(door.starts_with("HTTP/1.1 200"), "{door}");
    let entered = server.ask("POST", &path, "", "name=Olga").unwrap();
    let cookie =
        entered.split("set-cookie: ").nth(1).unwrap().split(';').next().unwrap().to_owned();
    let me = server.get("/me/", &cookie);
    let token = me.split("name=\"token\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    (cookie, token.to_owned())
}
