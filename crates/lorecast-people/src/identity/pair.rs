//! Two guises with equal names, and what their addresses say to that.

use jiff::{SignedDuration, Timestamp};

use super::guises::Guise;
use crate::addresses::{Likeness, Place};
use crate::names::FullName;

/// Whoever moves still answers from the old address for so long.
const HANDOVER: SignedDuration = SignedDuration::from_hours(31 * 24);

/// Spammers who borrow a name seldom send so many mails from one address.
pub(super) const ESTABLISHED: u64 = 3;

/// Two guises with equal names, neither an office's, and both of people or both of programs.
pub(super) struct Pair<'a> {
    pub(super) one: &'a Guise,
    pub(super) other: &'a Guise,
    pub(super) name: &'a FullName,
    pub(super) likeness: Likeness,
}

impl<'a> Pair<'a> {
    pub(super) fn of(one: &'a Guise, other: &'a Guise) -> Option<Self> {
        let equal = |name: &&FullName| {
            let keys = name.keys();
            other.names.iter().any(|n| n.keys().iter().any(|key| keys.contains(key)))
        };
        let name = one.names.iter().find(equal)?;
        let initials =
            matches!((&one.name, &other.name), (Some(a), Some(b)) if a.other_initials(b));
        let roles = one.place == Place::Role || other.place == Place::Role;
        if initials || roles || one.used.is_robot() != other.used.is_robot() {
            return None;
        }
        let likeness = match (&one.address, &other.address) {
            (Some(a), Some(b)) => a.likeness(b, name),
            _ => Likeness::None,
        };
        Some(Self { one, other, name, likeness })
    }

    /// Whether both local parts are made of the name.
    pub(super) fn speaks(&self) -> bool {
        self.is_made_of_name(self.one) && self.is_made_of_name(self.other)
    }

    fn is_made_of_name(&self, guise: &Guise) -> bool {
        guise.address.as_ref().is_some_and(|address| address.speaks(self.name))
    }

    /// Whether nobody borrowed the name for either address: each is made of it, or several mails come
    /// from there, or it is a community's, or an entry of `people.yaml`.
    pub(super) fn is_meant(&self) -> bool {
        self.means(self.one) && self.means(self.other)
    }

    /// Whether both addresses borrowed the name, as far as we see.
    pub(super) fn is_borrowed(&self) -> bool {
        !self.means(self.one) && !self.means(self.other)
    }

    fn means(&self, guise: &Guise) -> bool {
        !guise.is_borrowed() || self.is_made_of_name(guise)
    }

    pub(super) fn is_one_domain(&self) -> bool {
        let domain = |guise: &'a Guise| guise.address.as_ref().map(|address| address.domain());
        domain(self.one) == domain(self.other)
    }

    /// Whether both are in use at the same time, for longer than a move takes.
    pub(super) fn at_once(&self) -> bool {
        let (Some(a), Some(b)) = (self.one.used.active, self.other.used.active) else {
            return false;
        };
        let within = |inner: (Timestamp, Timestamp), outer: (Timestamp, Timestamp)| {
            outer.0 <= inner.0 && inner.1 <= outer.1
        };
        let overlap = a.1.min(b.1).duration_since(a.0.max(b.0));
        within(a, b) || within(b, a) || overlap > HANDOVER
    }
}
