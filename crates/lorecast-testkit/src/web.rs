//! A web server on loopback that answers as a test says.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};

/// What was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// `GET`.
    pub method: String,
    /// `/feed.xml?x=1`.
    pub path: String,
    /// Names in small letters.
    pub fields: Vec<(String, String)>,
    /// What was sent, as long as `Content-Length` says.
    pub body: Vec<u8>,
}

impl Asked {
    /// A header; empty when there is none.
    pub fn field(&self, name: &str) -> &str {
        self.fields.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value)
    }
}

/// A running server; it ends when it is dropped.
pub struct Web {
    /// `http://127.0.0.1:PORT/`.
    pub url: String,
    asked: Arc<Mutex<Vec<Asked>>>,
    address: SocketAddr,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Web {
    /// Starts a server whose answers, heads and all, are written by `answer`.
    ///
    /// # Panics
    /// When loopback is missing.
    pub fn start(
        answer: impl Fn(&Asked, &mut dyn Write) -> io::Result<()> + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
        let address = listener.local_addr().expect("it is bound");
        let (stop, asked) = (Arc::new(AtomicBool::new(false)), Arc::<Mutex<Vec<_>>>::default());
        let (stopped, heard, answer) = (stop.clone(), asked.clone(), Arc::new(answer));
        let thread = thread::spawn(move || {
            for connection in listener.incoming().flatten() {
                if stopped.load(Ordering::SeqCst) {
                    return;
                }
                let (answer, heard) = (answer.clone(), heard.clone());
                // Whoever hangs up early is not served, which the test sees.
                thread::spawn(move || serve(connection, &heard, &*answer).ok());
            }
        });
        Self { url: format!("http://{address}/"), asked, address, stop, thread: Some(thread) }
    }

    /// What was asked so far.
    ///
    /// # Panics
    /// When an answer panicked.
    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().expect("nobody panics with it").clone()
    }
}

impl Drop for Web {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        drop(TcpStream::connect(self.address));
        self.thread.take().map(JoinHandle::join);
    }
}

/// A whole answer: `200 OK`, `Content-Type: text/plain` and so on, and a body.
///
/// # Errors
/// When nobody listens any more.
pub fn answer(out: &mut dyn Write, status: &str, fields: &[&str], body: &[u8]) -> io::Result<()> {
    let fields: String = fields.iter().map(|field| format!("{field}\r\n")).collect();
    let length = body.len();
    write!(
        out,
        "HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {length}\r\n{fields}\r\n"
    )?;
    out.write_all(body)
}

fn serve(
    mut connection: TcpStream,
    heard: &Mutex<Vec<Asked>>,
    answer: &(dyn Fn(&Asked, &mut dyn Write) -> io::Result<()> + Send + Sync),
) -> io::Result<()> {
    let mut input = BufReader::new(connection.try_clone()?);
    let mut line = String::new();
    input.read_line(&mut line)?;
    let mut words = line.split_whitespace().map(str::to_owned);
    let (method, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let mut asked = Asked { method, path, fields: Vec::new(), body: Vec::new() };
    loop {
        let mut line = String::new();
        input.read_line(&mut line)?;
        let Some((name, value)) = line.split_once(':') else { break };
        asked.fields.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let length = asked.field("content-length").parse().unwrap_or(0);
    input.take(length).read_to_end(&mut asked.body)?;
    heard.lock().expect("nobody panics with it").push(asked.clone());
    answer(&asked, &mut connection)
}
