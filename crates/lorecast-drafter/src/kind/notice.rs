//! Notices: calls for papers, meetings, changes of maintainers.

use std::sync::LazyLock;

use lorecast_model::SubjectTags;
use regex::Regex;

use crate::pattern::constant;
use crate::profile::Rules;

static CALL: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)\bcall for (?:\w+ )?(?:papers?|participation|proposals?|presentations?|talks?|speakers?|submissions?|sessions?|topics|abstracts?|posters?|tutorials?|attendees|mentors|microconferences?)\b|\bC[Ff]P\b|\bC4P\b",
    )
});
static MEETING: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)\b(?:micro-?conference|conference|summit|hackfest|workshop|dev ?room|meet-?up|hackathon|developer meeting|unconference|bake-?a?-?thon|plugfest)\b",
    )
});
/// What makes a meeting news: that it will be.
static AHEAD: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)\b20\d\d\b|\b0x\w+\b|\b(?:registration|deadline|schedule|dates?|announc\w+|invitation|invited|reminder|save the date|agenda|upcoming|tickets|co-?located)\b",
    )
});
/// What was, or is only talked of.
static BEHIND: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)\b(?:notes|minutes|summary|slides|videos?|recordings?|report|recap|follow-?up|topic|outcome|from)\b",
    )
});

/// A call for papers or participation, or a meeting that is announced.
pub(super) fn is_call(subject: &str, tags: &SubjectTags, rules: &dyn Rules) -> bool {
    if tags.patch || tags.pull {
        return false;
    }
    let (meeting, ours) = (MEETING.is_match(subject), rules.meeting(subject));
    let ahead = meeting && ours || tags.announce || AHEAD.is_match(subject);
    CALL.is_match(subject) || !tags.reply && (meeting || ours) && ahead && !BEHIND.is_match(subject)
}

static PEOPLE: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)\bstep(?:s|ping|ped)? (?:down|back|aside)\b|\b(?:as|to be|becomes?) (?:an? |the |new |another |second )*(?:co-?)?(?:maintainer|committer|reviewer|release manager)s?\b|\b(?:new|additional) (?:co-?)?(?:maintainer|committer|PMC member|release manager)s?\b|\bmaintainers?(?:hip)? (?:change|transition|wanted|needed|handover|hand-?over|for)\b|\bmaintainership\b|\b(?:need|needs|seek|seeks|seeking|looking for|wanted:?)\b.*\b(?:co-?)?maintainers?\b|\b(?:relinquish|resign|resigning|orphan)\w*\b.*\bmaintain|\b(?:add|adding|promote|welcome)\b.*\b(?:maintainer|committer)s?$",
    )
});

/// Whether a title tells who maintains something from now on.
pub(super) fn is_of_maintainers(title: &str) -> bool {
    PEOPLE.is_match(title)
}
