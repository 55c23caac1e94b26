//! Recurrence rules (RFC 5545 section 3.3.10).

use crate::text::shortened;

/// What is wrong with a rule. A rule that counts needs to know from when.
pub(super) fn check(rule: &str, start: Option<&str>) -> Result<(), String> {
    let mut keys = Vec::new();
    for part in rule.split(';').filter(|part| !part.is_empty()) {
        let (key, value) = part.split_once('=').unwrap_or((part, ""));
        if !is_part(key, value) {
            return Err(format!("`{}` is no part of a rule", shortened(part, 60)));
        }
        if keys.contains(&key) {
            return Err(format!("`{key}` stands twice"));
        }
        keys.push(key);
    }
    if !keys.contains(&"FREQ") {
        return Err("the rule has no `FREQ`".to_owned());
    }
    if keys.contains(&"COUNT") && keys.contains(&"UNTIL") {
        return Err("the rule has both `COUNT` and `UNTIL`".to_owned());
    }
    if keys.contains(&"COUNT") && start.is_none_or(str::is_empty) {
        return Err("the rule counts, and `dtstart` is missing".to_owned());
    }
    Ok(())
}

fn is_part(key: &str, value: &str) -> bool {
    let all = |one: &dyn Fn(&str) -> bool| !value.is_empty() && value.split(',').all(one);
    let within = |low: i64, high: i64| {
        all(&|n| {
            n.trim_start_matches('+')
                .parse::<i64>()
                .is_ok_and(|n| n >= low && n <= high && (n != 0 || low == 0))
        })
    };
    match key {
        "FREQ" => matches!(
            value,
            "SECONDLY" | "MINUTELY" | "HOURLY" | "DAILY" | "WEEKLY" | "MONTHLY" | "YEARLY"
        ),
        "COUNT" | "INTERVAL" => value.parse::<u32>().is_ok_and(|n| n > 0),
        "UNTIL" => value.len() >= 8 && value.bytes().take(8).all(|b| b.is_ascii_digit()),
        "BYSECOND" => within(0, 60),
        "BYMINUTE" => within(0, 59),
        "BYHOUR" => within(0, 23),
        "BYDAY" => all(&|day| {
            let at = day.len().saturating_sub(2);
            let (nth, day) = day.split_at_checked(at).unwrap_or_default();
            matches!(day, "MO" | "TU" | "WE" | "TH" | "FR" | "SA" | "SU")
                && (nth.is_empty() || nth.parse::<i64>().is_ok_and(|n| n != 0 && n.abs() <= 53))
        }),
        "BYMONTHDAY" => within(-31, 31),
        "BYYEARDAY" | "BYSETPOS" => within(-366, 366),
        "BYWEEKNO" => within(-53, 53),
        "BYMONTH" => within(1, 12),
        "WKST" => matches!(value, "MO" | "TU" | "WE" | "TH" | "FR" | "SA" | "SU"),
        _ => false,
    }
}
