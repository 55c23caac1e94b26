//! Threads that lost a message: they may be several now.

use std::collections::HashMap;

use lorecast_model::{Loner, Message};
use lorecast_store::Store;
use lorecast_tracker::{kin, loner_keys, threads};

use crate::Result;

/// So many threads are placed between two questions.
const AT_ONCE: u32 = 256;

/// Places every broken thread anew. Interrupted, the next run goes on with what is left.
pub(super) fn all(store: &mut dyn Store) -> Result<()> {
    loop {
        let broken = store.broken_threads(AT_ONCE)?;
        if broken.is_empty() {
            return Ok(());
        }
        for key in broken {
            let messages = store.thread_messages(key)?;
            let loners: Vec<Loner> = messages.iter().filter_map(loner).collect();
            let kin = kin(&loners);
            let headers = messages.iter().map(|message| &message.header);
            let placement = threads::place(headers, &kin, &HashMap::new());
            store.regroup(key, &placement)?;
        }
    }
}

fn loner(message: &Message) -> Option<Loner> {
    (!loner_keys(&message.header).is_empty()).then(|| Loner::of(message))
}
