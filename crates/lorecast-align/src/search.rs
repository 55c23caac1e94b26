//! One pass over the voice: the best path through the network, within a beam.
//!
//! All scores are natural logarithms, and relative to the best path of the frame before, so that they
//! stay exact over hours.

use crate::cepstra::Cepstra;
use crate::guide::Fixed;
use crate::history::{Entry, History, Kind};
use crate::model::{Model, STATES};
use crate::network::{Network, Next, Node, Place};
use crate::phone_loop::PhoneLoop;
use crate::senones::Senones;

/// Paths worse than the best by more than this are given up.
const BEAM: f32 = 260.0;
/// When more nodes than this are alive the beam is made narrower, for a frame.
const MOST_ALIVE: usize = 12_000;

/// What it costs to leave the script's order. Found on made speech, see `tests/parity/studio`; wide
/// ranges do alike.
mod cost {
    /// A pause.
    pub(super) const PAUSE: f32 = 2.0;
    /// To begin something that the script does not say, and each frame of it.
    pub(super) const OTHER: f32 = 30.0;
    pub(super) const OTHER_FRAME: f32 = 1.2;
    /// Each word that something else is said for.
    pub(super) const INSTEAD: f32 = 12.0;
    /// A word left out.
    pub(super) const OMIT: f32 = 40.0;
    /// Sentences left out, and each of them.
    pub(super) const SKIP: f32 = 50.0;
    pub(super) const SKIP_EACH: f32 = 4.0;
    /// A sentence begun again, from its middle or after its end.
    pub(super) const AGAIN: f32 = 45.0;
    /// A sentence given up for the next one.
    pub(super) const GIVE_UP: f32 = 60.0;
    /// A section read once more, or another one taken up.
    pub(super) const SECTION: f32 = 55.0;
}

/// Sentences that may be left out, or gone back, at once.
const FARTHEST_ON: u32 = 40;
const FARTHEST_BACK: u32 = 4;
/// Slates in a row that may be left out.
const MOST_SLATES: usize = 16;
/// Words that something else may be said for.
const MOST_INSTEAD: u32 = 6;

/// Frames between two words about progress.
const SECOND: usize = 100;

const DEAD: f32 = f32::NEG_INFINITY;

/// A stretch of the best path.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stretch {
    pub kind: Kind,
    pub start: u32,
    pub end: u32,
    /// How much worse it fits than a loop over all phones, for each frame.
    pub behind: f32,
}

/// The best path of a voice through a script that is where it was `fixed` to be.
///
/// Viterbi decoding by token passing, after S. J. Young, N. H. Russell and J. H. S. Thornton, "Token
/// passing: a simple conceptual model for connected speech recognition systems", Cambridge 1989.
pub(crate) fn search(
    model: &Model,
    voice: &Cepstra,
    net: &Network,
    fixed: &[Fixed],
    progress: &mut dyn FnMut(f64),
) -> Vec<Stretch> {
    let mut search = Search::new(model, net);
    let mut senones = Senones::new(model);
    let mut any = PhoneLoop::new(model);
    let mut loops = vec![0f64];
    let mut fixed = fixed.iter().peekable();
    for frame in 0..voice.len() {
        if frame % SECOND == 0 {
            progress(frame as f64 / voice.len() as f64);
        }
        while let Some(anchor) = fixed.next_if(|anchor| anchor.frame as usize <= frame) {
            search.fix(frame as u32, anchor.sentence);
        }
        let scores = senones.hear(&voice.features(frame));
        let change = any.hear(scores);
        loops.push(loops[frame] + f64::from(change));
        search.step(frame as u32, scores, change);
    }
    let path = search.finish();
    let pairs = path.windows(2).map(|pair| {
        let (from, to) = (pair[0], pair[1]);
        let frames = to.end.saturating_sub(from.end).max(1);
        let free = loops[to.end as usize] - loops[from.end as usize];
        let behind = ((free - (to.score - from.score)) / f64::from(frames)) as f32;
        Stretch { kind: to.kind, start: from.end, end: to.end, behind }
    });
    pairs.collect()
}

/// A path that has come to a node.
#[derive(Debug, Clone, Copy)]
struct Token {
    scores: [f32; STATES],
    places: [u32; STATES],
    /// What enters the first state with the next frame.
    enters: f32,
    from: u32,
    alive: bool,
}

const NONE: Token =
    Token { scores: [DEAD; STATES], places: [0; STATES], enters: DEAD, from: 0, alive: false };

struct Search<'m> {
    model: &'m Model,
    net: &'m Network,
    tokens: Vec<Token>,
    alive: Vec<u32>,
    /// The best path into each junction in this frame: its score, kind and place, and the ones touched.
    junctions: Vec<(f32, Kind, u32)>,
    touched: Vec<Place>,
    history: History,
    /// The score of the best path, which all others are relative to.
    base: f64,
    /// The best end of the script in the last frame.
    ends: (f32, u32),
}

impl<'m> Search<'m> {
    fn new(model: &'m Model, net: &'m Network) -> Self {
        let mut search = Self {
            model,
            net,
            tokens: vec![NONE; net.nodes.len()],
            alive: Vec::new(),
            junctions: vec![(DEAD, Kind::Start, 0); net.words.len() + 1],
            touched: Vec::new(),
            history: History::new(),
            base: 0.0,
            ends: (DEAD, 0),
        };
        search.leave(0, 0.0, 0, Kind::Start, -BEAM);
        search
    }

    /// Hears a frame.
    fn step(&mut self, frame: u32, senones: &[f32], any: f32) {
        let best = self.emit(senones, any);
        if best == DEAD {
            return;
        }
        self.base += f64::from(best);
        let beam = self.beam(best);
        self.go_on(best, beam);
        self.ends = (DEAD, 0);
        for junction in std::mem::take(&mut self.touched) {
            let (score, kind, before) = self.junctions[junction as usize];
            self.junctions[junction as usize].0 = DEAD;
            let entry = Entry { kind, end: frame + 1, before, score: self.base + f64::from(score) };
            let place = self.history.push(entry);
            self.leave(junction, score, place, kind, -beam);
            let unread = score - self.unread(junction);
            if unread > self.ends.0 {
                self.ends = (unread, place);
            }
        }
        if self.history.is_full() {
            self.tidy();
        }
    }

    /// Ends all paths but the best, and begins `sentence` of the script with this frame.
    fn fix(&mut self, frame: u32, sentence: usize) {
        let net = self.net;
        let Some(sentence) = net.said_from(sentence) else { return };
        let alive = std::mem::take(&mut self.alive);
        let ends = alive.iter().flat_map(|node| {
            let place = net.place(*node);
            let cost = self.detour(place, sentence);
            let other = matches!(net.nodes[*node as usize].next, Next::Other(_));
            let kind = if other { Kind::Other } else { Kind::Silence };
            self.tokens[*node as usize].ways().map(move |(score, from)| (score - cost, kind, from))
        });
        let best = ends.max_by(|a, b| a.0.total_cmp(&b.0)).filter(|best| best.0 > DEAD);
        let (score, kind, before) = best.unwrap_or((0.0, Kind::Silence, 0));
        alive.iter().for_each(|node| self.tokens[*node as usize] = NONE);
        self.base += f64::from(score);
        let place = self.history.push(Entry { kind, end: frame, before, score: self.base });
        self.jump(sentence, 0.0, place, DEAD);
    }

    /// What it costs to break off at a place for a sentence.
    fn detour(&self, place: Place, sentence: u32) -> f32 {
        let here = self.net.inside[place as usize];
        if self.net.sentences[sentence as usize] == place {
            return 0.0;
        }
        let leave = if here < sentence { cost::GIVE_UP } else { cost::AGAIN };
        leave + here.abs_diff(sentence) as f32 * cost::SKIP_EACH
    }

    /// Moves every path into its next state; the best score.
    fn emit(&mut self, senones: &[f32], any: f32) -> f32 {
        let mut best = DEAD;
        for node in &self.alive {
            let token = &mut self.tokens[*node as usize];
            let Node { phone, next } = self.net.nodes[*node as usize];
            if matches!(next, Next::Other(_)) {
                if token.enters > token.scores[0] {
                    (token.scores[0], token.places[0]) = (token.enters, token.from);
                }
                token.scores[0] += any - cost::OTHER_FRAME;
                token.enters = DEAD;
                best = best.max(token.scores[0]);
                continue;
            }
            let moves = &self.model.transitions[usize::from(phone)];
            let senones = &senones[usize::from(phone) * STATES..][..STATES];
            for state in (0..STATES).rev() {
                let stay = token.scores[state] + moves.stay[state];
                let (come, from) = match state {
                    0 => (token.enters, token.from),
                    _ => (token.scores[state - 1] + moves.go[state - 1], token.places[state - 1]),
                };
                if come > stay {
                    token.places[state] = from;
                }
                token.scores[state] = stay.max(come) + senones[state];
                best = best.max(token.scores[state]);
            }
            token.enters = DEAD;
        }
        best
    }

    /// How far a path may fall behind in this frame.
    fn beam(&self, best: f32) -> f32 {
        if self.alive.len() <= MOST_ALIVE {
            return BEAM;
        }
        let worth = |node: &u32| self.tokens[*node as usize].best();
        let mut scores: Vec<f32> = self.alive.iter().map(worth).collect();
        let (_, least, _) = scores.select_nth_unstable_by(MOST_ALIVE, |a, b| b.total_cmp(a));
        (best - *least).clamp(1.0, BEAM)
    }

    /// Gives up what is too far behind, and lets the rest out of its nodes.
    fn go_on(&mut self, best: f32, beam: f32) {
        let alive = std::mem::take(&mut self.alive);
        for node in &alive {
            let token = &mut self.tokens[*node as usize];
            token.scores.iter_mut().for_each(|score| *score -= best);
            let keep = token.best() > -beam;
            let enters = token.enters > DEAD;
            if !keep && !enters {
                *token = NONE;
                continue;
            }
            self.alive.push(*node);
            if keep {
                self.exit(*node, beam);
            } else {
                token.scores = [DEAD; STATES];
            }
        }
    }

    fn exit(&mut self, node: u32, beam: f32) {
        let token = self.tokens[node as usize];
        let Node { phone, next } = self.net.nodes[node as usize];
        let last = STATES - 1;
        let out = token.scores[last] + self.model.transitions[usize::from(phone)].go[last];
        match next {
            Next::Node => self.enter(node + 1, out, token.places[last], -beam),
            Next::EndOf(word) => {
                self.touch(word + 1, out, Kind::Word(word), token.places[last], beam)
            }
            Next::Silence(junction) => {
                self.touch(junction, out, Kind::Silence, token.places[last], beam)
            }
            Next::Other(junction) => {
                let (score, place) = (token.scores[0], token.places[0]);
                for more in 0..=MOST_INSTEAD.min(self.net.end() - junction) {
                    self.touch(
                        junction + more,
                        score - more as f32 * cost::INSTEAD,
                        Kind::Other,
                        place,
                        beam,
                    );
                }
            }
        }
    }

    /// Brings a path into a node with the next frame.
    fn enter(&mut self, node: u32, score: f32, place: u32, least: f32) {
        let token = &mut self.tokens[node as usize];
        if score <= least || score <= token.enters {
            return;
        }
        (token.enters, token.from) = (score, place);
        if !token.alive {
            token.alive = true;
            self.alive.push(node);
        }
    }

    fn touch(&mut self, junction: Place, score: f32, kind: Kind, place: u32, beam: f32) {
        let best = &mut self.junctions[junction as usize];
        if score <= -beam || score <= best.0 {
            return;
        }
        if best.0 == DEAD {
            self.touched.push(junction);
        }
        *best = (score, kind, place);
    }

    /// Lets a path out of a junction, along every arc.
    fn leave(&mut self, junction: Place, score: f32, place: u32, kind: Kind, least: f32) {
        let net = self.net;
        for node in net.starts(junction) {
            self.enter(*node, score, place, least);
        }
        if kind != Kind::Silence {
            net.pauses(junction)
                .for_each(|node| self.enter(node, score - cost::PAUSE, place, least));
        }
        if kind != Kind::Other {
            self.enter(net.other(junction), score - cost::OTHER, place, least);
        }
        for node in net.starts((junction + 1).min(net.end())) {
            self.enter(*node, score - cost::OMIT, place, least);
        }
        let here = net.inside[junction as usize];
        let last = net.sentences.len() as u32 - 1;
        let border = net.is_border(junction);
        if border {
            self.pass_slates(here, score, place, least);
        }
        let (on, back) = if border { (cost::SKIP, 1) } else { (cost::GIVE_UP, 0) };
        for ahead in 1..=FARTHEST_ON {
            let worth = score - on - ahead as f32 * cost::SKIP_EACH;
            if here + ahead >= last || worth <= least {
                break;
            }
            self.jump(here + ahead, worth, place, least);
        }
        for behind in back..=FARTHEST_BACK.min(here) {
            self.jump(
                here - behind,
                score - cost::AGAIN - behind as f32 * cost::SKIP_EACH,
                place,
                least,
            );
        }
        let section = score - cost::SECTION - if border { 0.0 } else { cost::GIVE_UP - cost::SKIP };
        for first in &net.sections {
            self.jump(*first, section, place, least);
            self.pass_slates(*first, section, place, least);
        }
    }

    /// Lets a path pass the slates that may be said here, and take up the sentence behind them.
    fn pass_slates(&mut self, here: u32, score: f32, place: u32, least: f32) {
        let slates = self.net.slates[here as usize..].iter().take_while(|slate| **slate).count();
        for behind in 1..=slates.min(MOST_SLATES) as u32 {
            self.jump(here + behind, score, place, least);
        }
    }

    fn jump(&mut self, sentence: u32, score: f32, place: u32, least: f32) {
        let net = self.net;
        for node in net.starts(net.sentences[sentence as usize]) {
            self.enter(*node, score, place, least);
        }
    }

    /// What it costs to end at a junction: the sentences that were not read.
    fn unread(&self, junction: Place) -> f32 {
        let last = self.net.sentences.len() as u32 - 1;
        let left = (last - self.net.inside[junction as usize]).min(FARTHEST_ON);
        if left == 0 { 0.0 } else { cost::SKIP + left as f32 * cost::SKIP_EACH }
    }

    fn tidy(&mut self) {
        let mut living = vec![&mut self.ends.1];
        let alive: std::collections::BTreeSet<u32> = self.alive.iter().copied().collect();
        for (node, token) in self.tokens.iter_mut().enumerate() {
            if alive.contains(&(node as u32)) {
                living.extend(token.places.iter_mut());
                living.push(&mut token.from);
            }
        }
        self.history.tidy(living.into_iter());
    }

    fn finish(self) -> Vec<Entry> {
        self.history.path(self.ends.1)
    }
}

impl Token {
    /// Every way into the node that is still worth something, and where it came from.
    fn ways(&self) -> impl Iterator<Item = (f32, u32)> + use<> {
        let Self { scores: [a, b, c], places: [x, y, z], enters, from, .. } = *self;
        [(a, x), (b, y), (c, z), (enters, from)].into_iter()
    }

    fn best(&self) -> f32 {
        self.scores.iter().copied().fold(DEAD, f32::max)
    }
}
