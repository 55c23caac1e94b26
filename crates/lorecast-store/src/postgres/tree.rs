//! Upstream trees, their commits, and the patches that became them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use lorecast_model::{ClueKey, CommitId, Landing, MessageId, Released};
use postgres::Row;

use super::fault::Fault;
use super::nodes::{Nodes, message_id};
use super::read::{bounds, text};
use super::session::{Session, Value};
use crate::columns::{how, role};
use crate::pack::{micros, moment};
use crate::{FoundLanding, Holding, KeptCommit, Landed, Matter, Span, TreeState, TreeStep};

/// The columns that [`holding`] reads, in its order.
const HOLDING: &str =
    "t.name, t.role, c.name, coalesce(h.entered, c.date), c.title, h.gone, h.tag, h.release";

/// Where [`HOLDING`] comes from, behind `tree_commit c`.
const HOLDINGS: &str = "JOIN holding h ON h.commit = c.id JOIN tree t ON t.id = h.tree";

/// Keeps a step of reading a tree.
pub(super) fn step(session: &Session, step: &TreeStep) -> Result<(), Fault> {
    let tree = tree_row(session, step)?;
    let held = keep_commits(session, &step.commits)?;
    let sql = "INSERT INTO holding (commit, tree) SELECT unnest($1::bigint[]), $2
               ON CONFLICT (commit, tree) DO UPDATE SET gone = false";
    session.execute(sql, &[&held, &tree])?;
    if !step.gone.is_empty() {
        let names: Vec<&str> = step.gone.iter().map(CommitId::as_str).collect();
        let sql = "UPDATE holding SET gone = true WHERE tree = $1 AND commit IN (
                       SELECT id FROM tree_commit WHERE name = ANY($2))";
        session.execute(sql, &[&tree, &names])?;
    }
    keep_entered(session, tree, step)?;
    keep_released(session, tree, step)?;
    keep_merges(session, step)?;
    if let Some(tips) = &step.tips {
        session.execute("UPDATE tree SET tips = $2 WHERE id = $1", &[&tree, tips])?;
    }
    Ok(())
}

fn tree_row(session: &Session, step: &TreeStep) -> Result<i64, Fault> {
    let sql = "INSERT INTO tree (id, name, role)
               SELECT coalesce(max(id), 0) + 1, $1, $2 FROM tree
               ON CONFLICT (name) DO UPDATE SET role = excluded.role RETURNING id";
    session.number(sql, &[&step.tree, &step.role.name()])
}

/// Keeps commits, and returns their rows, each once.
fn keep_commits(session: &Session, commits: &[KeptCommit]) -> Result<Vec<i64>, Fault> {
    let names: Vec<&str> = commits.iter().map(|commit| commit.id.as_str()).collect();
    let sql = "SELECT name, id, matter, hearsay FROM tree_commit WHERE name = ANY($1)";
    let mut known: HashMap<String, (i64, Vec<u8>, bool)> = HashMap::new();
    for row in session.query(sql, &[&names])? {
        known.insert(row.get(0), (row.get(1), row.get(2), row.get(3)));
    }
    let mut last = session.number("SELECT coalesce(max(id), 0) FROM tree_commit", &[])?;
    let mut changed: BTreeMap<i64, &KeptCommit> = BTreeMap::new();
    let mut held = BTreeSet::new();
    for commit in commits {
        let matter = &commit.matter.bytes;
        let id = match known.get(commit.id.as_str()) {
            Some((id, old, hearsay))
                if *old == *matter && *hearsay == commit.hearsay || commit.hearsay && !hearsay =>
            {
                held.insert(*id);
                continue;
            }
            Some((id, _, _)) => *id,
            None => {
                last += 1;
                last
            }
        };
        known.insert(commit.id.as_str().to_owned(), (id, matter.clone(), commit.hearsay));
        changed.insert(id, commit);
        held.insert(id);
    }
    write_commits(session, &changed)?;
    Ok(held.into_iter().collect())
}

fn write_commits(session: &Session, commits: &BTreeMap<i64, &KeptCommit>) -> Result<(), Fault> {
    if commits.is_empty() {
        return Ok(());
    }
    let ids: Vec<i64> = commits.keys().copied().collect();
    let all = || commits.values();
    let names: Vec<&str> = all().map(|commit| commit.id.as_str()).collect();
    let dates: Vec<i64> = all().map(|commit| micros(commit.date)).collect();
    let titles: Vec<&[u8]> = all().map(|commit| commit.title.as_bytes()).collect();
    let matters: Vec<&[u8]> = all().map(|commit| commit.matter.bytes.as_slice()).collect();
    let reverts: Vec<Option<&str>> = all().map(|commit| commit.reverts.as_deref()).collect();
    let origins: Vec<Option<&str>> = all().map(|commit| commit.origin.as_deref()).collect();
    let hearsay: Vec<bool> = all().map(|commit| commit.hearsay).collect();
    let sql = "INSERT INTO tree_commit (id, name, date, title, matter, reverts, origin, hearsay)
               SELECT * FROM unnest($1::bigint[], $2::text[], $3::bigint[], $4::bytea[], $5::bytea[],
                   $6::text[], $7::text[], $8::boolean[])
               ON CONFLICT (name) DO UPDATE SET date = excluded.date, title = excluded.title,
                   matter = excluded.matter, reverts = excluded.reverts,
                   origin = excluded.origin, hearsay = excluded.hearsay, stale = true";
    let values: [Value<'_>; 8] =
        [&ids, &names, &dates, &titles, &matters, &reverts, &origins, &hearsay];
    session.execute(sql, &values)?;
    session.execute("DELETE FROM commit_key WHERE commit = ANY($1)", &[&ids])?;
    let keys =
        commits.iter().flat_map(|(id, commit)| commit.matter.keys.iter().map(|key| (key.0, *id)));
    let keys: BTreeSet<(i64, i64)> = keys.collect();
    let (keys, of): (Vec<i64>, Vec<i64>) = keys.into_iter().unzip();
    let sql =
        "INSERT INTO commit_key (key, commit) SELECT * FROM unnest($1::bigint[], $2::bigint[])";
    session.execute(sql, &[&keys, &of])?;
    Ok(())
}

fn keep_entered(session: &Session, tree: i64, step: &TreeStep) -> Result<(), Fault> {
    let mut entered: BTreeMap<&CommitId, i64> = BTreeMap::new();
    for (commit, at) in &step.entered {
        let at = micros(*at);
        entered.entry(commit).and_modify(|first| *first = at.min(*first)).or_insert(at);
    }
    if entered.is_empty() {
        return Ok(());
    }
    let names: Vec<&str> = entered.keys().map(|commit| commit.as_str()).collect();
    let dates: Vec<i64> = entered.into_values().collect();
    let sql = "UPDATE holding SET entered = least(holding.entered, u.entered)
               FROM unnest($2::text[], $3::bigint[]) AS u (name, entered)
                   JOIN tree_commit c ON c.name = u.name
               WHERE holding.tree = $1 AND holding.commit = c.id";
    session.execute(sql, &[&tree, &names, &dates])?;
    Ok(())
}

fn keep_released(session: &Session, tree: i64, step: &TreeStep) -> Result<(), Fault> {
    let mut released: BTreeMap<&CommitId, Released> = BTreeMap::new();
    for (commit, Released { tag, release }) in &step.released {
        let first = released.entry(commit).or_default();
        first.tag = first.tag.take().or_else(|| tag.clone());
        first.release = first.release.take().or_else(|| release.clone());
    }
    if released.is_empty() {
        return Ok(());
    }
    let names: Vec<&str> = released.keys().map(|commit| commit.as_str()).collect();
    let tags: Vec<Option<&str>> = released.values().map(|found| found.tag.as_deref()).collect();
    let releases: Vec<Option<&str>> =
        released.values().map(|found| found.release.as_deref()).collect();
    let sql = "UPDATE holding SET tag = coalesce(holding.tag, u.tag),
                   release = coalesce(holding.release, u.release)
               FROM unnest($2::text[], $3::text[], $4::text[]) AS u (name, tag, release)
                   JOIN tree_commit c ON c.name = u.name
               WHERE holding.tree = $1 AND holding.commit = c.id";
    session.execute(sql, &[&tree, &names, &tags, &releases])?;
    Ok(())
}

fn keep_merges(session: &Session, step: &TreeStep) -> Result<(), Fault> {
    let mut merges: BTreeMap<(&str, &str), String> = BTreeMap::new();
    for merge in &step.merges {
        let brought: Vec<&str> = merge.brought.iter().map(CommitId::as_str).collect();
        merges.insert((merge.tip.as_str(), merge.id.as_str()), brought.join(" "));
    }
    if merges.is_empty() {
        return Ok(());
    }
    let (keys, brought): (Vec<(&str, &str)>, Vec<String>) = merges.into_iter().unzip();
    let (tips, names): (Vec<&str>, Vec<&str>) = keys.into_iter().unzip();
    let sql = "INSERT INTO merge (tip, commit, brought)
               SELECT u.tip, c.id, u.brought
               FROM unnest($1::text[], $2::text[], $3::text[]) AS u (tip, name, brought)
                   JOIN tree_commit c ON c.name = u.name
               ON CONFLICT (tip, commit) DO UPDATE SET brought = excluded.brought";
    session.execute(sql, &[&tips, &names, &brought])?;
    Ok(())
}

/// All trees, by name.
pub(super) fn trees(session: &Session) -> Result<Vec<TreeState>, Fault> {
    let sql =
        "SELECT t.name, t.role, t.tips, count(h.commit), count(h.commit) FILTER (WHERE h.gone)
               FROM tree t LEFT JOIN holding h ON h.tree = t.id GROUP BY t.id ORDER BY t.name";
    let state = |row: &Row| {
        Ok(TreeState {
            name: row.get(0),
            role: role(row.get(1)).map_err(Fault::content)?,
            tips: row.get(2),
            commits: row.get::<_, i64>(3).cast_unsigned(),
            gone: row.get::<_, i64>(4).cast_unsigned(),
        })
    };
    session.query(sql, &[])?.iter().map(state).collect()
}

/// The commits that a tree holds, by name.
pub(super) fn held(session: &Session, tree: &str) -> Result<Vec<CommitId>, Fault> {
    let sql = "SELECT c.name FROM holding h JOIN tree t ON t.id = h.tree
               JOIN tree_commit c ON c.id = h.commit
               WHERE t.name = $1 AND NOT h.gone ORDER BY c.name";
    session.query(sql, &[&tree])?.iter().map(|row| commit_id(row.get(0))).collect()
}

/// Removes a tree; commits that no other tree holds go with it.
pub(super) fn remove(session: &Session, tree: &str) -> Result<(), Fault> {
    for sql in [
        "DELETE FROM holding WHERE tree = (SELECT id FROM tree WHERE name = $1)",
        "DELETE FROM tree WHERE name = $1",
    ] {
        session.execute(sql, &[&tree])?;
    }
    for (table, key) in [
        ("landing", "commit"),
        ("merge", "commit"),
        ("commit_key", "commit"),
        ("tree_commit", "id"),
    ] {
        let sql = format!(
            "DELETE FROM {table} AS it
             WHERE NOT EXISTS (SELECT 1 FROM holding h WHERE h.commit = it.{key})"
        );
        session.execute(&sql, &[])?;
    }
    Ok(())
}

/// How many commits are stale.
pub(super) fn stale_count(session: &Session) -> Result<u64, Fault> {
    Ok(session.number("SELECT count(*) FROM tree_commit WHERE stale", &[])?.cast_unsigned())
}

/// Stale commits: name, what the tracker compares, and its keys.
pub(super) fn stale(session: &Session, limit: u32) -> Result<Vec<(CommitId, Matter)>, Fault> {
    let sql = "SELECT c.name, c.matter,
                   ARRAY(SELECT k.key FROM commit_key k WHERE k.commit = c.id ORDER BY k.key)
               FROM tree_commit c WHERE c.stale ORDER BY c.id LIMIT $1";
    let found = |row: &Row| {
        let keys: Vec<i64> = row.get(2);
        let keys = keys.into_iter().map(ClueKey).collect();
        Ok((commit_id(row.get(0))?, Matter { keys, bytes: row.get(1) }))
    };
    session.query(sql, &[&i64::from(limit)])?.iter().map(found).collect()
}

/// Replaces what was found for commits, which are no longer stale.
pub(super) fn put_landings(
    session: &Session,
    landings: &[(CommitId, Option<FoundLanding>)],
) -> Result<(), Fault> {
    let by_name: HashMap<&str, &Option<FoundLanding>> =
        landings.iter().map(|(commit, found)| (commit.as_str(), found)).collect();
    let names: Vec<&str> = by_name.keys().copied().collect();
    let sql = "UPDATE tree_commit SET stale = false WHERE name = ANY($1) RETURNING id, name";
    let changed = session.query(sql, &[&names])?;
    let ids: Vec<i64> = changed.iter().map(|row| row.get(0)).collect();
    session.execute("DELETE FROM landing WHERE commit = ANY($1)", &[&ids])?;
    let found: Vec<(i64, &FoundLanding)> = changed
        .iter()
        .filter_map(|row| Some((row.get(0), by_name.get(row.get::<_, &str>(1))?.as_ref()?)))
        .collect();
    let nodes = Nodes::load(session, found.iter().map(|(_, landing)| &landing.message))?;
    let (mut commits, mut messages, mut hows, mut scores) = (vec![], vec![], vec![], vec![]);
    for (commit, landing) in found {
        let Some((node, _)) = nodes.find(&landing.message) else { continue };
        commits.push(commit);
        messages.push(node);
        hows.push(landing.how.name());
        scores.push(landing.score);
    }
    let sql = "INSERT INTO landing (commit, message, how, score) SELECT * FROM unnest(
                   $1::bigint[], $2::bigint[], $3::text[], $4::double precision[])";
    session.execute(sql, &[&commits, &messages, &hows, &scores])?;
    Ok(())
}

/// Calls `visit` with every landing of every tree, by message, tree and commit.
pub(super) fn each_landing(
    session: &Session,
    span: Span,
    visit: &mut dyn FnMut(Landing) -> crate::Result<()>,
) -> Result<(), Fault> {
    let sql = "SELECT n.message_id, t.name, c.name, l.how, l.score FROM landing l
               JOIN node n ON n.id = l.message
               JOIN tree_commit c ON c.id = l.commit
               JOIN holding h ON h.commit = c.id
               JOIN tree t ON t.id = h.tree
               WHERE NOT h.gone AND (SELECT min(m.date) FROM message m WHERE m.node = l.message)
                   BETWEEN $1 AND $2::bigint - 1
               ORDER BY n.message_id, t.name, c.name";
    let [from, to] = bounds(span);
    session.each(sql, &[&from, &to], &mut |rows| {
        for row in rows {
            visit(Landing {
                message: message_id(row.get(0))?,
                tree: row.get(1),
                commit: commit_id(row.get(2))?,
                how: how(row.get(3)).map_err(Fault::content)?,
                score: row.get(4),
            })?;
        }
        Ok(())
    })
}

/// Where a patch landed, the earliest commit first.
pub(super) fn landed(session: &Session, message: &MessageId) -> Result<Vec<Landed>, Fault> {
    let sql = format!(
        "SELECT {HOLDING}, l.how, l.score FROM landing l
         JOIN node n ON n.id = l.message JOIN tree_commit c ON c.id = l.commit {HOLDINGS}
         WHERE n.message_id = $1 ORDER BY 4, c.name, t.name"
    );
    let rows = session.query(&sql, &[&message.as_str()])?;
    let mut found = Vec::with_capacity(rows.len());
    for row in &rows {
        let holding = holding(row)?;
        let landing = Landing {
            message: message.clone(),
            tree: holding.tree.clone(),
            commit: holding.commit.clone(),
            how: how(row.get(8)).map_err(Fault::content)?,
            score: row.get(9),
        };
        let mut reverted = Vec::new();
        for revert in naming(session, "reverts", &holding.commit)? {
            let again = naming(session, "reverts", &revert.commit)?;
            if again.iter().all(|again| again.gone) {
                reverted.push(revert);
            }
        }
        let carried = naming(session, "origin", &holding.commit)?;
        found.push(Landed { landing, holding, reverted, carried });
    }
    Ok(found)
}

/// Where the merges are that joined a commit, and what each brought.
pub(super) fn merged(
    session: &Session,
    tip: &CommitId,
) -> Result<Vec<(Holding, Vec<CommitId>)>, Fault> {
    let sql = format!(
        "SELECT {HOLDING}, m.brought FROM merge m JOIN tree_commit c ON c.id = m.commit {HOLDINGS}
         WHERE m.tip = $1 ORDER BY 4, c.name, t.name"
    );
    let found = |row: &Row| {
        let brought = row.get::<_, &str>(8).split_whitespace().map(commit_id);
        Ok((holding(row)?, brought.collect::<Result<_, _>>()?))
    };
    session.query(&sql, &[&tip.as_str()])?.iter().map(found).collect()
}

/// The posted patches that commits are.
pub(super) fn posted_as(session: &Session, commits: &[CommitId]) -> Result<Vec<MessageId>, Fault> {
    let names: Vec<&str> = commits.iter().map(CommitId::as_str).collect();
    let sql = "SELECT DISTINCT n.message_id FROM landing l JOIN node n ON n.id = l.message
               JOIN tree_commit c ON c.id = l.commit WHERE c.name = ANY($1) ORDER BY n.message_id";
    session.query(sql, &[&names])?.iter().map(|row| message_id(row.get(0))).collect()
}

/// Where the commits are whose column names the start of this commit's name, of at least seven
/// digits.
fn naming(session: &Session, column: &str, commit: &CommitId) -> Result<Vec<Holding>, Fault> {
    let sql = format!(
        "SELECT {HOLDING} FROM tree_commit c {HOLDINGS}
         WHERE c.{column} IS NOT NULL AND c.{column} BETWEEN substr($1, 1, 7) AND $1
             AND starts_with($1, c.{column})
         ORDER BY 4, c.name, t.name"
    );
    session.query(&sql, &[&commit.as_str()])?.iter().map(holding).collect()
}

fn holding(row: &Row) -> Result<Holding, Fault> {
    Ok(Holding {
        tree: row.get(0),
        role: role(row.get(1)).map_err(Fault::content)?,
        commit: commit_id(row.get(2))?,
        date: moment(row.get(3))?,
        title: text(row.get(4))?,
        gone: row.get(5),
        released: Released { tag: row.get(6), release: row.get(7) },
    })
}

fn commit_id(text: &str) -> Result<CommitId, Fault> {
    CommitId::new(text).map_err(Fault::content)
}
