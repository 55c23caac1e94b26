//! One file per command: its arguments are its help, its `run` calls the desk once.

pub(crate) mod check;
pub(crate) mod completions;
pub(crate) mod config;
pub(crate) mod demo;
pub(crate) mod draft;
pub(crate) mod export;
pub(crate) mod ingest;
pub(crate) mod init;
pub(crate) mod lint;
pub(crate) mod man;
pub(crate) mod master;
pub(crate) mod messages;
pub(crate) mod people;
pub(crate) mod planet;
pub(crate) mod play;
pub(crate) mod publish;
pub(crate) mod rank;
pub(crate) mod script;
pub(crate) mod search;
pub(crate) mod series;
pub(crate) mod serve;
pub(crate) mod stats;
pub(crate) mod store;
pub(crate) mod sync;
pub(crate) mod thread;
pub(crate) mod track;
