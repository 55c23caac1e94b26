//! What the command line understands.

use camino::Utf8PathBuf;
use clap::{Parser, Subcommand};
use jiff::Timestamp;

use crate::Exit;
use crate::commands::{
    check, completions, config, demo, draft, export, ingest, init, lint, man, master, messages,
    people, ping, planet, play, publish, rank, script, search, series, serve, stats, store, sync,
    tell, thread, track,
};
use crate::terminal::Log;

/// Turns kernel mailing-list threads into podcast episodes.
#[derive(Debug, Parser)]
#[command(version, propagate_version = true, max_term_width = 100, after_help = EXAMPLE)]
pub(crate) struct Cli {
    /// The show's folder.
    #[arg(long, global = true, default_value = ".", value_name = "DIR")]
    pub show: Utf8PathBuf,
    /// Say more on stderr (-vv for everything).
    #[arg(long, short, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
    /// How to say it: in words, or as JSON with a line for each request that `serve` answers. Neither says who asked.
    #[arg(long, global = true, value_enum, default_value_t, value_name = "FORM")]
    pub log_as: Log,
    #[command(subcommand)]
    command: Command,
}

const EXAMPLE: &str = "\
Examples:
  lorecast demo --out my-show             a complete show in ten seconds
  lorecast init my-show                   a show of your own
  lorecast ingest --show my-show linux-pci.vger.kernel.org.git
  lorecast draft --show my-show --week 2023-04-16

Exit codes: 0 done, 1 a check or a merge found something to look at, 2 failed.";

#[derive(Debug, Subcommand)]
enum Command {
    Init(init::Init),
    Demo(demo::Demo),
    Sync(sync::Sync),
    Ingest(ingest::Ingest),
    Search(search::Search),
    Thread(thread::Thread),
    Messages(messages::Messages),
    Series(series::Series),
    Track(track::Track),
    Rank(rank::Rank),
    Draft(draft::Draft),
    Check(check::Check),
    Script(script::Script),
    People(people::People),
    Master(master::Master),
    Play(play::Play),
    Planet(planet::Planet),
    Publish(publish::Publish),
    Lint(lint::Lint),
    Ping(ping::Ping),
    Tell(tell::Tell),
    Serve(serve::Serve),
    Stats(stats::Stats),
    Store(store::Store),
    Export(export::Export),
    Config(config::Config),
    Completions(completions::Completions),
    Man(man::Man),
}

impl Cli {
    /// Runs the command.
    pub fn run(&self) -> anyhow::Result<Exit> {
        let show = self.show.as_path();
        match &self.command {
            Command::Init(command) => command.run(),
            Command::Demo(command) => command.run(),
            Command::Sync(command) => command.run(show),
            Command::Ingest(command) => command.run(show),
            Command::Search(command) => command.run(show),
            Command::Thread(command) => command.run(show),
            Command::Messages(command) => command.run(show),
            Command::Series(command) => command.run(show),
            Command::Track(command) => command.run(show),
            Command::Rank(command) => command.run(show),
            Command::Draft(command) => command.run(show),
            Command::Check(command) => command.run(show),
            Command::Script(command) => command.run(show),
            Command::People(command) => command.run(show, Timestamp::now()),
            Command::Master(command) => command.run(show),
            Command::Play(command) => command.run(show),
            Command::Planet(command) => command.run(show, Timestamp::now()),
            Command::Publish(command) => command.run(show),
            Command::Lint(command) => command.run(show),
            Command::Ping(command) => command.run(show),
            Command::Tell(command) => command.run(show),
            Command::Serve(command) => command.run(show),
            Command::Stats(command) => command.run(show),
            Command::Store(command) => command.run(show),
            Command::Export(command) => command.run(show),
            Command::Config(command) => command.run(show),
            Command::Completions(command) => command.run(),
            Command::Man(command) => command.run(),
        }
    }
}
