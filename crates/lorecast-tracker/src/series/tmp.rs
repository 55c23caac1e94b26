use lorecast_model::{MessageId, Version};
use regex::Regex;
use std::sync::LazyLock;
pub fn change_id(text: &str) -> Option<String> {
    text.lines()
        .find_map(|l| l.strip_prefix("change-id: ").or(l.strip_prefix("Change-ID: ")))
        .map(|s| s.trim().to_owned())
}
static URL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"https?://(?:lore\.kernel\.org|lkml\.kernel\.org|patch\.msgid\.link|msgid\.link)/(?:[^/\s<>]+/)*?([^/\s<>@]+(?:@|%40)[^/\s<>]+)").unwrap()
});
static V: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"(?i)\bv(\d+)\b").unwrap());
pub fn named_revisions(text: &str) -> Vec<(Option<Version>, MessageId)> {
    let mut out = vec![];
    let mut prev = "";
    for line in text.lines() {
        if line.starts_with('>') {
            continue;
        }
        for c in URL.captures_iter(line) {
            let before = &line[..c.get(0).unwrap().start()];
            let v = V.captures_iter(before).last().or_else(|| {
                if before.trim().is_empty() { V.captures_iter(prev).last() } else { None }
            });
            let v = v.and_then(|v| v[1].parse().ok()).map(|major| Version { major, minor: 0 });
            if let Ok(id) =
                MessageId::new(&c[1].replace("%40", "@").trim_end_matches(['.', ',', ')', '>']))
            {
                out.push((v, id));
            }
        }
        prev = line;
    }
    out
}
