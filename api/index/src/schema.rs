//! The tables.

use crate::IndexError;
use rusqlite::Connection;

/// The format of the file; another one is never read.
const FORMAT: i64 = 1;
/// Says that a file is an index of this kind: `auix` in ASCII.
const APPLICATION: i64 = 0x6175_6978;

/// A table whose rows are replaced has a twin: the rows that ended, each with the first block in which it was
/// not valid any more. Newest answers come from the one alone, answers at a pinned height from both. Records of
/// agents are apart from what searches look at, so that many agents are looked at in few pages of the file.
const TABLES: &str = "
CREATE TABLE chain (
    chain INTEGER PRIMARY KEY, slot INTEGER NOT NULL, first INTEGER NOT NULL, oldest INTEGER NOT NULL
);
CREATE TABLE block (
    chain INTEGER NOT NULL, number INTEGER NOT NULL, hash BLOB NOT NULL, next INTEGER NOT NULL,
    PRIMARY KEY (chain, number)
) WITHOUT ROWID;

CREATE TABLE identity (
    chain INTEGER NOT NULL, id BLOB NOT NULL, number INTEGER NOT NULL, kind BLOB NOT NULL,
    status BLOB NOT NULL, parent BLOB, alias TEXT, look BLOB, version INTEGER NOT NULL,
    created INTEGER NOT NULL, updated INTEGER NOT NULL, since INTEGER NOT NULL,
    PRIMARY KEY (chain, id)
) WITHOUT ROWID;
CREATE INDEX identity_parent ON identity (chain, parent, number);
CREATE INDEX identity_look ON identity (chain, look) WHERE look IS NOT NULL;
CREATE INDEX identity_since ON identity (chain, since);
CREATE TABLE identity_past (
    chain INTEGER NOT NULL, id BLOB NOT NULL, number INTEGER NOT NULL, kind BLOB NOT NULL,
    status BLOB NOT NULL, parent BLOB, alias TEXT, look BLOB, version INTEGER NOT NULL,
    created INTEGER NOT NULL, updated INTEGER NOT NULL, since INTEGER NOT NULL, until INTEGER NOT NULL,
    PRIMARY KEY (chain, id, until)
) WITHOUT ROWID;
CREATE INDEX identity_past_parent ON identity_past (chain, parent, number);
CREATE INDEX identity_past_look ON identity_past (chain, look) WHERE look IS NOT NULL;
CREATE INDEX identity_past_until ON identity_past (chain, until);

CREATE TABLE agent (
    place INTEGER PRIMARY KEY, chain INTEGER NOT NULL, id BLOB NOT NULL, number INTEGER NOT NULL,
    owner BLOB NOT NULL, price BLOB, stake BLOB NOT NULL, live INTEGER NOT NULL, live_until INTEGER NOT NULL,
    since INTEGER NOT NULL
);
CREATE TABLE record (place INTEGER PRIMARY KEY, bytes BLOB NOT NULL);
CREATE UNIQUE INDEX agent_id ON agent (chain, id);
CREATE INDEX agent_live_until ON agent (chain, live_until) WHERE live = 1;
CREATE INDEX agent_since ON agent (chain, since);
CREATE TABLE agent_past (
    place INTEGER NOT NULL, chain INTEGER NOT NULL, id BLOB NOT NULL, number INTEGER NOT NULL,
    owner BLOB NOT NULL, price BLOB, stake BLOB NOT NULL, live INTEGER NOT NULL, live_until INTEGER NOT NULL,
    since INTEGER NOT NULL, bytes BLOB NOT NULL, until INTEGER NOT NULL,
    PRIMARY KEY (chain, id, until)
) WITHOUT ROWID;
CREATE INDEX agent_past_until ON agent_past (chain, until);
CREATE VIRTUAL TABLE found USING fts5(
    terms, content='', contentless_delete=1, detail='none', tokenize=\"ascii tokenchars '-_:'\"
);

CREATE TABLE delegation (
    chain INTEGER NOT NULL, id BLOB NOT NULL, number INTEGER NOT NULL, issuer BLOB NOT NULL,
    holder BLOB NOT NULL, owner BLOB NOT NULL, parent BLOB, since INTEGER NOT NULL, revoked INTEGER,
    pruned INTEGER, bytes BLOB NOT NULL,
    PRIMARY KEY (chain, id)
) WITHOUT ROWID;
CREATE INDEX delegation_issuer ON delegation (chain, issuer, number);
CREATE INDEX delegation_holder ON delegation (chain, holder, number);
CREATE INDEX delegation_owner ON delegation (chain, owner, number);
CREATE INDEX delegation_parent ON delegation (chain, parent, number);
CREATE INDEX delegation_since ON delegation (chain, since);
CREATE INDEX delegation_revoked ON delegation (chain, revoked) WHERE revoked IS NOT NULL;
CREATE INDEX delegation_pruned ON delegation (chain, pruned) WHERE pruned IS NOT NULL;

CREATE TABLE revocation (
    chain INTEGER NOT NULL, number INTEGER NOT NULL, block INTEGER NOT NULL, time INTEGER NOT NULL,
    id BLOB NOT NULL, issuer BLOB NOT NULL, list INTEGER NOT NULL, bit INTEGER NOT NULL, revoker BLOB NOT NULL,
    PRIMARY KEY (chain, number)
) WITHOUT ROWID;
CREATE INDEX revocation_block ON revocation (chain, block);

CREATE TABLE entry (
    chain INTEGER NOT NULL, agent BLOB NOT NULL, position INTEGER NOT NULL, block INTEGER NOT NULL,
    extrinsic BLOB, bytes BLOB NOT NULL,
    PRIMARY KEY (chain, agent, position)
) WITHOUT ROWID;
CREATE INDEX entry_block ON entry (chain, block);

CREATE TABLE content (
    number INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, content BLOB NOT NULL, author BLOB NOT NULL,
    agent BLOB, block INTEGER NOT NULL, object BLOB NOT NULL, bytes BLOB NOT NULL
);
CREATE INDEX content_content ON content (content, number);
CREATE INDEX content_author ON content (author, number);
CREATE INDEX content_agent ON content (agent, number) WHERE agent IS NOT NULL;
CREATE INDEX content_block ON content (block);
CREATE TABLE content_parent (
    parent BLOB NOT NULL, number INTEGER NOT NULL, PRIMARY KEY (parent, number)
) WITHOUT ROWID;
";

/// Makes the tables of a file that is empty, and refuses one of another format.
pub(crate) fn prepare(connection: &mut Connection) -> Result<(), IndexError> {
    let transaction = connection.transaction()?;
    let pragma = |name| transaction.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    let (application, format) = (pragma("application_id")?, pragma("user_version")?);
    let tables: i64 = transaction.query_one("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if (application, format, tables) == (0, 0, 0) {
        transaction.execute_batch(TABLES)?;
        transaction.pragma_update(None, "application_id", APPLICATION)?;
        transaction.pragma_update(None, "user_version", FORMAT)?;
    } else if (application, format) != (APPLICATION, FORMAT) {
        return Err(IndexError::Format { found: format, expected: FORMAT });
    }
    Ok(transaction.commit()?)
}
