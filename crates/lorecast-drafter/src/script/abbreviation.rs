//! Short forms that nobody says.

/// What one says for a short form, which may have lost its last full stop.
pub(super) fn spelled_out(word: &str) -> Option<&'static str> {
    let small = word.to_ascii_lowercase();
    Some(match small.as_str() {
        "e.g" | "eg" => "for example",
        "i.e" | "ie" => "that is",
        "etc" => "et cetera",
        "vs" => "versus",
        "w/" => "with",
        "w/o" => "without",
        "b/c" => "because",
        "aka" | "a.k.a" => "also known as",
        "cf" => "compare",
        "approx" => "approximately",
        "incl" => "including",
        "esp" => "especially",
        "resp" => "respectively",
        "wrt" | "w.r.t" => "with respect to",
        "tl;dr" => "in short",
        "btw" => "by the way",
        "fwiw" => "for what it's worth",
        "iirc" => "if I remember correctly",
        "afaik" => "as far as I know",
        "afaict" | "afaics" => "as far as I can tell",
        "imo" | "imho" => "in my opinion",
        "iow" => "in other words",
        "otoh" => "on the other hand",
        "tbh" => "to be honest",
        "lgtm" => "looks good to me",
        "thx" => "thanks",
        "pls" => "please",
        "24/7" => "twenty-four seven",
        "802.11" => "eight oh two dot eleven",
        _ => return None,
    })
}
