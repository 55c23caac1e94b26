//! What an interruption does while somebody's program runs for us.

use std::io;

/// From now on Ctrl-C, and signals that ask us to end, kill the assistant with everything that it
/// started before they end the command. It has a process group of its own, and would live on.
#[cfg(unix)]
pub(crate) fn stops_assistants() -> io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};

    /// What a shell shows for a command that a signal ended.
    const BY_SIGNAL: i32 = 128;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let inside = runtime.enter();
    let [int, term, hup] = [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::hangup()];
    let (mut on_int, mut on_term, mut on_hup) = (signal(int)?, signal(term)?, signal(hup)?);
    drop(inside);
    std::thread::spawn(move || {
        let kind = runtime.block_on(async {
            tokio::select! {
                _ = on_int.recv() => int,
                _ = on_term.recv() => term,
                _ = on_hup.recv() => hup,
            }
        });
        lorecast_desk::stop_assistants();
        std::process::exit(BY_SIGNAL + kind.as_raw_value());
    });
    Ok(())
}

/// No assistant runs here.
#[cfg(not(unix))]
pub(crate) fn stops_assistants() -> io::Result<()> {
    Ok(())
}
