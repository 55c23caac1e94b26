//! Upstream trees, their commits, and the patches that became them.

use std::collections::BTreeSet;

use lorecast_model::{ClueKey, CommitId, Landing, MessageId, Released, TreeRole};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::fault::Fault;
use super::intern;
use crate::columns::{how, role};
use crate::pack::{micros, moment};
use crate::{FoundLanding, Holding, KeptCommit, Landed, Merge, TreeState, TreeStep};

/// The columns that [`holding`] reads, in its order.
const HOLDING: &str =
    "t.name, t.role, c.name, coalesce(h.entered, c.date), c.title, h.gone, h.tag, h.release";

/// Keeps a step of reading a tree.
pub(super) fn step(conn: &Connection, step: &TreeStep) -> Result<(), Fault> {
    let tree = tree_row(conn, &step.tree, step.role)?;
    for commit in &step.commits {
        let id = keep_commit(conn, commit)?;
        let sql = "INSERT INTO holding (\"commit\", tree) VALUES (?1, ?2)
                   ON CONFLICT DO UPDATE SET gone = 0";
        conn.prepare_cached(sql)?.execute([id, tree])?;
    }
    for gone in &step.gone {
        let sql = "UPDATE holding SET gone = 1 WHERE tree = ?1 AND \"commit\" = (
                       SELECT id FROM tree_commit WHERE name = ?2)";
        conn.prepare_cached(sql)?.execute(params![tree, gone.as_str()])?;
    }
    for (commit, entered) in &step.entered {
        let sql = "UPDATE holding SET entered = min(coalesce(entered, ?3), ?3)
                   WHERE tree = ?1 AND \"commit\" = (SELECT id FROM tree_commit WHERE name = ?2)";
        conn.prepare_cached(sql)?.execute(params![tree, commit.as_str(), micros(*entered)])?;
    }
    for (commit, Released { tag, release }) in &step.released {
        let sql = "UPDATE holding SET tag = coalesce(tag, ?3), release = coalesce(release, ?4)
                   WHERE tree = ?1 AND \"commit\" = (SELECT id FROM tree_commit WHERE name = ?2)";
        conn.prepare_cached(sql)?.execute(params![tree, commit.as_str(), tag, release])?;
    }
    for merge in &step.merges {
        keep_merge(conn, merge)?;
    }
    if let Some(tips) = &step.tips {
        conn.prepare_cached("UPDATE tree SET tips = ?2 WHERE id = ?1")?
            .execute(params![tree, tips])?;
    }
    Ok(())
}

fn tree_row(conn: &Connection, name: &str, role: TreeRole) -> Result<i64, Fault> {
    let sql = "INSERT INTO tree (name, role) VALUES (?1, ?2)
               ON CONFLICT DO UPDATE SET role = excluded.role RETURNING id";
    Ok(conn.prepare_cached(sql)?.query_row([name, role.name()], |row| row.get(0))?)
}

fn keep_commit(conn: &Connection, commit: &KeptCommit) -> Result<i64, Fault> {
    let find = "SELECT id, matter, hearsay FROM tree_commit WHERE name = ?1";
    let read = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
    let old: Option<(i64, Vec<u8>, bool)> =
        conn.prepare_cached(find)?.query_row([commit.id.as_str()], read).optional()?;
    if let Some((id, matter, hearsay)) = &old
        && (*matter == commit.matter.bytes && *hearsay == commit.hearsay
            || commit.hearsay && !hearsay)
    {
        return Ok(*id);
    }
    let sql = "INSERT INTO tree_commit (name, date, title, matter, reverts, origin, hearsay)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
               ON CONFLICT DO UPDATE SET date = excluded.date, title = excluded.title,
                   matter = excluded.matter, reverts = excluded.reverts,
                   origin = excluded.origin, hearsay = excluded.hearsay, stale = 1
               RETURNING id";
    let id: i64 = conn.prepare_cached(sql)?.query_row(
        params![
            commit.id.as_str(),
            micros(commit.date),
            commit.title,
            commit.matter.bytes,
            commit.reverts,
            commit.origin,
            commit.hearsay,
        ],
        |row| row.get(0),
    )?;
    if old.is_some() {
        conn.prepare_cached("DELETE FROM commit_key WHERE \"commit\" = ?1")?.execute([id])?;
    }
    for key in &commit.matter.keys {
        conn.prepare_cached("INSERT OR IGNORE INTO commit_key (key, \"commit\") VALUES (?1, ?2)")?
            .execute([key.0, id])?;
    }
    Ok(id)
}

fn keep_merge(conn: &Connection, merge: &Merge) -> Result<(), Fault> {
    let brought: Vec<&str> = merge.brought.iter().map(CommitId::as_str).collect();
    let sql = "INSERT OR REPLACE INTO merge (tip, \"commit\", brought)
               SELECT ?1, id, ?3 FROM tree_commit WHERE name = ?2";
    conn.prepare_cached(sql)?.execute(params![
        merge.tip.as_str(),
        merge.id.as_str(),
        brought.join(" ")
    ])?;
    Ok(())
}

/// All trees, by name.
pub(super) fn trees(conn: &Connection) -> Result<Vec<TreeState>, Fault> {
    let sql = "SELECT t.name, t.role, t.tips, count(h.\"commit\"), coalesce(sum(h.gone), 0)
               FROM tree t LEFT JOIN holding h ON h.tree = t.id GROUP BY t.id ORDER BY t.name";
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query([])?;
    let mut trees = Vec::new();
    while let Some(row) = rows.next()? {
        trees.push(TreeState {
            name: row.get(0)?,
            role: role(&row.get::<_, String>(1)?).map_err(Fault::content)?,
            tips: row.get(2)?,
            commits: row.get::<_, i64>(3)?.cast_unsigned(),
            gone: row.get::<_, i64>(4)?.cast_unsigned(),
        });
    }
    Ok(trees)
}

/// The commits that a tree holds, by name.
pub(super) fn held(conn: &Connection, tree: &str) -> Result<Vec<CommitId>, Fault> {
    let sql = "SELECT c.name FROM holding h JOIN tree t ON t.id = h.tree
               JOIN tree_commit c ON c.id = h.\"commit\"
               WHERE t.name = ?1 AND h.gone = 0 ORDER BY c.name";
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query([tree])?;
    let mut held = Vec::new();
    while let Some(row) = rows.next()? {
        held.push(commit_id(row.get(0)?)?);
    }
    Ok(held)
}

/// Removes a tree; commits that no other tree holds go with it.
pub(super) fn remove(conn: &Connection, tree: &str) -> Result<(), Fault> {
    for sql in [
        "DELETE FROM holding WHERE tree = (SELECT id FROM tree WHERE name = ?1)",
        "DELETE FROM tree WHERE name = ?1",
    ] {
        conn.prepare_cached(sql)?.execute([tree])?;
    }
    let alone = "\"commit\" NOT IN (SELECT \"commit\" FROM holding)";
    for table in ["landing", "merge"] {
        conn.execute(&format!("DELETE FROM {table} WHERE {alone}"), [])?;
    }
    conn.execute("DELETE FROM tree_commit WHERE id NOT IN (SELECT \"commit\" FROM holding)", [])?;
    Ok(())
}

/// How many commits are stale.
pub(super) fn stale_count(conn: &Connection) -> Result<u64, Fault> {
    let sql = "SELECT count(*) FROM tree_commit WHERE stale = 1";
    Ok(conn.prepare_cached(sql)?.query_row([], |row| row.get::<_, i64>(0))?.cast_unsigned())
}

/// Stale commits: name, what the tracker compares, and its keys.
pub(super) fn stale(
    conn: &Connection,
    limit: u32,
) -> Result<Vec<(CommitId, crate::Matter)>, Fault> {
    let sql = "SELECT id, name, matter FROM tree_commit WHERE stale = 1 ORDER BY id LIMIT ?1";
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query([limit])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let keys = conn
            .prepare_cached("SELECT key FROM commit_key WHERE \"commit\" = ?1")?
            .query_map([row.get::<_, i64>(0)?], |row| Ok(ClueKey(row.get(0)?)))?
            .collect::<Result<_, _>>()?;
        found.push((commit_id(row.get(1)?)?, crate::Matter { keys, bytes: row.get(2)? }));
    }
    Ok(found)
}

/// Replaces what was found for commits, which are no longer stale.
pub(super) fn put_landings(
    conn: &Connection,
    landings: &[(CommitId, Option<FoundLanding>)],
) -> Result<(), Fault> {
    for (commit, found) in landings {
        let sql = "UPDATE tree_commit SET stale = 0 WHERE name = ?1 RETURNING id";
        let id: Option<i64> =
            conn.prepare_cached(sql)?.query_row([commit.as_str()], |row| row.get(0)).optional()?;
        let Some(id) = id else { continue };
        conn.prepare_cached("DELETE FROM landing WHERE \"commit\" = ?1")?.execute([id])?;
        if let Some(landing) = found {
            let Some((node, _)) = intern::find_node(conn, &landing.message)? else { continue };
            let sql = "INSERT INTO landing (\"commit\", message, how, score)
                       VALUES (?1, ?2, ?3, ?4)";
            conn.prepare_cached(sql)?.execute(params![
                id,
                node,
                landing.how.name(),
                landing.score
            ])?;
        }
    }
    Ok(())
}

/// Calls `visit` with every landing of every tree, by message, tree and commit.
pub(super) fn each_landing(
    conn: &Connection,
    span: crate::Span,
    visit: &mut dyn FnMut(Landing) -> crate::Result<()>,
) -> Result<crate::Result<()>, Fault> {
    let sql = "SELECT n.message_id, t.name, c.name, l.how, l.score FROM landing l
               JOIN node n ON n.id = l.message
               JOIN tree_commit c ON c.id = l.\"commit\"
               JOIN holding h ON h.\"commit\" = c.id
               JOIN tree t ON t.id = h.tree
               WHERE h.gone = 0 AND (SELECT min(m.date) FROM message m WHERE m.node = l.message)
                   BETWEEN ?1 AND ?2 - 1
               ORDER BY n.message_id, t.name, c.name";
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query(super::read::bounds(span))?;
    while let Some(row) = rows.next()? {
        let landing = Landing {
            message: MessageId::new(&row.get::<_, String>(0)?).map_err(Fault::content)?,
            tree: row.get(1)?,
            commit: commit_id(row.get(2)?)?,
            how: how(&row.get::<_, String>(3)?).map_err(Fault::content)?,
            score: row.get(4)?,
        };
        if let Err(stopped) = visit(landing) {
            return Ok(Err(stopped));
        }
    }
    Ok(Ok(()))
}

/// Where a patch landed, the earliest commit first.
pub(super) fn landed(conn: &Connection, message: &MessageId) -> Result<Vec<Landed>, Fault> {
    let sql = format!(
        "SELECT {HOLDING}, l.how, l.score FROM landing l
         JOIN node n ON n.id = l.message JOIN tree_commit c ON c.id = l.\"commit\"
         JOIN holding h ON h.\"commit\" = c.id JOIN tree t ON t.id = h.tree
         WHERE n.message_id = ?1 ORDER BY 4, c.name, t.name"
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows = statement.query([message.as_str()])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let holding = holding(row)?;
        let landing = Landing {
            message: message.clone(),
            tree: holding.tree.clone(),
            commit: holding.commit.clone(),
            how: how(&row.get::<_, String>(8)?).map_err(Fault::content)?,
            score: row.get(9)?,
        };
        let mut reverted = naming(conn, "reverts", &holding.commit)?;
        let mut undone = Vec::with_capacity(reverted.len());
        for revert in &reverted {
            undone.push(naming(conn, "reverts", &revert.commit)?.iter().any(|again| !again.gone));
        }
        let mut undone = undone.into_iter();
        reverted.retain(|_| undone.next() == Some(false));
        let carried = naming(conn, "origin", &holding.commit)?;
        found.push(Landed { landing, holding, reverted, carried });
    }
    Ok(found)
}

/// Where the merges are that joined a commit, and what each brought.
pub(super) fn merged(
    conn: &Connection,
    tip: &CommitId,
) -> Result<Vec<(Holding, Vec<CommitId>)>, Fault> {
    let sql = format!(
        "SELECT {HOLDING}, m.brought FROM merge m
         JOIN tree_commit c ON c.id = m.\"commit\"
         JOIN holding h ON h.\"commit\" = c.id JOIN tree t ON t.id = h.tree
         WHERE m.tip = ?1 ORDER BY 4, c.name, t.name"
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows = statement.query([tip.as_str()])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let brought: String = row.get(8)?;
        let brought = brought.split_whitespace().map(|name| commit_id(name.to_owned()));
        found.push((holding(row)?, brought.collect::<Result<_, _>>()?));
    }
    Ok(found)
}

/// The posted patches that commits are.
pub(super) fn posted_as(conn: &Connection, commits: &[CommitId]) -> Result<Vec<MessageId>, Fault> {
    let sql = "SELECT n.message_id FROM landing l JOIN node n ON n.id = l.message
               JOIN tree_commit c ON c.id = l.\"commit\" WHERE c.name = ?1";
    let mut statement = conn.prepare_cached(sql)?;
    let mut found = BTreeSet::new();
    for commit in commits {
        let mut rows = statement.query([commit.as_str()])?;
        while let Some(row) = rows.next()? {
            let id = MessageId::new(row.get_ref(0)?.as_str().map_err(Fault::content)?);
            found.insert(id.map_err(Fault::content)?);
        }
    }
    Ok(found.into_iter().collect())
}

/// Where the commits are whose column names the start of this commit's name, of at least seven
/// digits.
fn naming(conn: &Connection, column: &str, commit: &CommitId) -> Result<Vec<Holding>, Fault> {
    let sql = format!(
        "SELECT {HOLDING} FROM tree_commit c
         JOIN holding h ON h.\"commit\" = c.id JOIN tree t ON t.id = h.tree
         WHERE c.{column} IS NOT NULL AND c.{column} BETWEEN substr(?1, 1, 7) AND ?1
             AND substr(?1, 1, length(c.{column})) = c.{column}
         ORDER BY 4, c.name, t.name"
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows = statement.query([commit.as_str()])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(holding(row)?);
    }
    Ok(found)
}

fn holding(row: &Row<'_>) -> Result<Holding, Fault> {
    Ok(Holding {
        tree: row.get(0)?,
        role: role(&row.get::<_, String>(1)?).map_err(Fault::content)?,
        commit: commit_id(row.get(2)?)?,
        date: moment(row.get(3)?).map_err(Fault::content)?,
        title: row.get(4)?,
        gone: row.get(5)?,
        released: Released { tag: row.get(6)?, release: row.get(7)? },
    })
}

fn commit_id(text: String) -> Result<CommitId, Fault> {
    CommitId::new(&text).map_err(Fault::content)
}
