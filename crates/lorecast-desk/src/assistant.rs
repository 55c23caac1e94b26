//! Asks the show's assistant for prose, and shows none that the mails do not bear out.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use camino::Utf8Path;
use lorecast_drafter::{Pick, Refusal, Sources, brief, check_paragraph, judge};
use lorecast_model::{Message, MessageId, Severity, Show, Story, StoryState};

use crate::{Desk, Unit};

/// What became of a request to the assistant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assistance {
    /// The story.
    pub story: MessageId,
    /// Its title.
    pub title: String,
    /// Why its words are the draft's own; `None` when the assistant's are shown.
    pub refused: Option<String>,
}

/// What one run of the assistant may take.
#[derive(Clone, Copy, Debug)]
struct Limits {
    time: Duration,
    /// Bytes of output.
    output: u64,
}

const LIMITS: Limits = Limits { time: Duration::from_secs(60), output: 64 << 10 };

/// The paragraphs to show, by story, and what became of every request.
pub(crate) type Offers = (BTreeMap<MessageId, String>, Vec<Assistance>);

impl Desk<'_> {
    /// Asks the assistant about each story that is told. One that does not work (no such program, too
    /// slow, an error) is not asked again in this run.
    pub(crate) fn offers(
        &self,
        show: &Show,
        stories: &[Story],
        picks: &[Pick],
        sources: &dyn Sources,
    ) -> Offers {
        let told: Vec<&Story> =
            stories.iter().filter(|story| story.state != StoryState::Dropped).collect();
        let task = self.progress.begin("asking the assistant", told.len() as u64, Unit::Things);
        let (mut offers, mut done) = (BTreeMap::new(), Vec::new());
        for (at, story) in told.into_iter().enumerate() {
            let Some(messages) = thread(story, picks) else { continue };
            let answer = self.offer(show, story, messages, sources);
            task.set(at as u64 + 1);
            let failed = matches!(answer, Err(Answer::Failed(_)));
            let refused = match answer {
                Ok(words) => {
                    offers.insert(story.id.clone(), words);
                    None
                }
                Err(Answer::Failed(why) | Answer::Refused(why)) => Some(why),
                Err(Answer::None) => continue,
            };
            done.push(Assistance { story: story.id.clone(), title: story.title.clone(), refused });
            if failed {
                break;
            }
        }
        (offers, done)
    }

    fn offer(
        &self,
        show: &Show,
        story: &Story,
        messages: &[Message],
        sources: &dyn Sources,
    ) -> Result<String, Answer> {
        let brief = serde_json::to_vec(&brief(show, story, messages))
            .map_err(|error| Answer::Failed(error.to_string()))?;
        let words = ask(&show.assistant, self.root(), brief, LIMITS).map_err(Answer::Failed)?;
        let words = judge(&words, show, story, messages).map_err(|refusal| match refusal {
            Refusal::Empty => Answer::None,
            refusal => Answer::Refused(refusal.to_string()),
        })?;
        let found = check_paragraph(&words, std::slice::from_ref(&story.id), show, sources);
        match found.into_iter().find(|finding| finding.severity == Severity::Error) {
            Some(wrong) => Err(Answer::Refused(wrong.message)),
            None => Ok(words),
        }
    }
}

/// Why there is no paragraph: the program has none to offer, does not work, or says what the mails
/// do not.
enum Answer {
    None,
    Failed(String),
    Refused(String),
}

fn thread<'a>(story: &Story, picks: &'a [Pick]) -> Option<&'a [Message]> {
    let holds = |pick: &&Pick| pick.messages.iter().any(|m| m.header.id == story.id);
    picks.iter().find(holds).map(|pick| pick.messages.as_slice())
}

/// Runs a program without a shell: `input` on its standard input, its standard output back. It and
/// what it started are killed at a limit.
fn ask(
    program: &[String],
    folder: &Utf8Path,
    input: Vec<u8>,
    limits: Limits,
) -> Result<String, String> {
    let Some((name, arguments)) = program.split_first() else {
        return Err("`assistant:` in `show.yaml` names no program".to_owned());
    };
    let mut command = Command::new(name);
    command.args(arguments).current_dir(folder).stdin(Stdio::piped()).stdout(Stdio::piped());
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    let mut child =
        command.spawn().map_err(|error| format!("cannot run the assistant `{name}`: {error}"))?;
    let (Some(mut stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else {
        end(&mut child);
        return Err(format!("the assistant `{name}` has no standard input or output"));
    };
    // An assistant need not read what it is told: a closed pipe is no error.
    std::thread::spawn(move || drop(stdin.write_all(&input)));
    let (tell, told) = mpsc::channel();
    std::thread::spawn(move || {
        let mut output = Vec::new();
        let read = stdout.take(limits.output + 1).read_to_end(&mut output);
        drop(tell.send(read.map(|_| output)));
    });
    let output = told.recv_timeout(limits.time);
    let whole = matches!(&output, Ok(Ok(output)) if output.len() as u64 <= limits.output);
    if !whole {
        end(&mut child);
    }
    match output {
        Err(_) => Err(format!(
            "the assistant `{name}` took longer than {} seconds",
            limits.time.as_secs_f64()
        )),
        Ok(Err(error)) => Err(format!("cannot read from the assistant `{name}`: {error}")),
        Ok(Ok(_)) if !whole => {
            Err(format!("the assistant `{name}` wrote more than {} bytes", limits.output))
        }
        Ok(Ok(output)) => finish(&mut child, name, output, limits),
    }
}

/// It has closed its output: it gets the same time again to end.
fn finish(
    child: &mut Child,
    name: &str,
    output: Vec<u8>,
    limits: Limits,
) -> Result<String, String> {
    let pause = Duration::from_millis(5);
    let mut waited = Duration::ZERO;
    let status = loop {
        match child.try_wait() {
            Ok(Some(status)) => break status,
            Ok(None) if waited < limits.time => {
                std::thread::sleep(pause);
                waited += pause;
            }
            _ => {
                end(child);
                return Err(format!("the assistant `{name}` does not end"));
            }
        }
    };
    if !status.success() {
        return Err(format!("the assistant `{name}` failed: {status}"));
    }
    String::from_utf8(output).map_err(|_| format!("the assistant `{name}` writes no UTF-8"))
}

/// Kills a program and what it started: what it started holds its output open.
fn end(child: &mut Child) {
    #[cfg(unix)]
    drop(
        Command::new("kill")
            .args(["-KILL", "--", &format!("-{}", child.id())])
            .stderr(Stdio::null())
            .status(),
    );
    drop(child.kill());
    drop(child.wait());
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    /// What comes of a shell script as the assistant.
    fn check(script: &str, input: &str) -> Result<String, String> {
        let program = ["sh", "-c", script].map(str::to_owned);
        let limits = Limits { time: Duration::from_millis(1500), output: 64 << 10 };
        ask(&program, Utf8Path::new("."), input.as_bytes().to_vec(), limits)
    }

    #[test]
    fn what_it_reads_and_writes_is_text() {
        assert_eq!(check("cat", "{}").unwrap(), "{}");
        assert_eq!(check("echo done", &"x".repeat(1 << 20)).unwrap(), "done\n");
    }

    #[test]
    fn one_that_does_not_work_is_named() {
        insta::assert_snapshot!(check("exit 3", "").unwrap_err(), @"the assistant `sh` failed: exit status: 3");
        insta::assert_snapshot!(check("printf '\\377'", "").unwrap_err(), @"the assistant `sh` writes no UTF-8");
        let missing = ask(&["./no-such-program".to_owned()], Utf8Path::new("."), vec![], LIMITS);
        insta::assert_snapshot!(missing.unwrap_err(), @"cannot run the assistant `./no-such-program`: No such file or directory (os error 2)");
    }

    #[test]
    fn one_that_hangs_or_babbles_is_stopped() {
        insta::assert_snapshot!(check("sleep 1000 & wait", "").unwrap_err(), @"the assistant `sh` took longer than 1.5 seconds");
        insta::assert_snapshot!(check("exec >&-; sleep 1000", "").unwrap_err(), @"the assistant `sh` does not end");
        insta::assert_snapshot!(check("head -c 10000000 /dev/zero; sleep 1000", "").unwrap_err(), @"the assistant `sh` wrote more than 65536 bytes");
    }
}
