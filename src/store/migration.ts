/**
 * The schema's history, shared by every driver: append only, never edit what was released. Two words are the engine's own:
 * `{serial}`, a number that only grows, and `{keyed}`, a table that is stored in the order of its primary key. A statement that begins
 * with `EMBEDDED` reads what only databases hold that are older than every other engine here.
 */

export interface Migration {
  readonly name: string
  readonly statements: readonly string[]
}

const EMBEDDED = '/* embedded */'

export function embeddedOnly(statement: string): boolean {
  return statement.startsWith(EMBEDDED)
}

export const migrations: readonly Migration[] = [
  {
    name: '0001-documents-marks-tokens-audit',
    statements: [
      `create table document (
        seq {serial},
        kind text not null, account text not null, region text not null, product text not null,
        id text not null, name text not null, state text not null, scope text not null, parent text not null, handle bigint not null,
        revision integer not null, created_ms bigint not null, body text not null)`,
      `create unique index document_id on document (kind, id)`,
      `create index document_listing on document (kind, account, product, region, seq)`,
      `create index document_parent on document (parent, kind, account, seq)`,
      `create index document_state on document (kind, state)`,
      `create table tag (
        kind text not null, id text not null, tag_key text not null, tag_value text not null,
        primary key (kind, id, tag_key))`,
      `create index tag_value on tag (kind, tag_key, tag_value, id)`,
      `create table tally (
        kind text not null, account text not null, product text not null, region text not null, scope text not null,
        state text not null, count bigint not null, primary key (kind, account, product, region, scope, state))`,
      `create table token (
        account text not null, action text not null, token text not null, fingerprint text not null,
        answer text not null, expires_ms bigint not null, primary key (account, action, token))`,
      `create index token_expiry on token (expires_ms)`,
      `create table audit (
        seq {serial}, at_ms bigint not null, account text not null, principal text not null, action text not null,
        request_id text not null, region text not null, subject text not null)`,
      `create index audit_account on audit (account, seq)`,
      `create table mark (
        kind text not null, id text not null, version bigint not null, attempt integer not null,
        due_ms bigint not null, lease_ms bigint not null, primary key (kind, id))`,
      `create index mark_due on mark (due_ms)`,
      `create index mark_lease on mark (lease_ms, due_ms)`,
      `create table counter (name text primary key, value bigint not null)`,
    ],
  },
  {
    name: '0002-holdings-addresses',
    statements: [
      `create table holding (
        account text not null, measure text not null, region text not null, zone text not null, type text not null,
        charge text not null, amount bigint not null check (amount >= 0),
        primary key (account, measure, region, zone, type, charge))`,
      // Every number of a pool from the first to the highest ever taken has a row; a free one has no holder.
      `create table address (
        pool text not null, number bigint not null, holder text not null, primary key (pool, number))`,
      `create index address_holder on address (holder, pool, number)`,
    ],
  },
  {
    name: '0003-ledger',
    statements: [
      `create table ledger (
        seq {serial},
        entry text not null, at_ms bigint not null, account text not null, kind text not null, amount bigint not null,
        currency text not null, order_id text not null, cluster text not null, text text not null)`,
      `create unique index ledger_entry on ledger (entry)`,
      `create index ledger_account on ledger (account, seq)`,
      `create index ledger_cluster on ledger (cluster, seq)`,
      // Always the sum of the account's entries; kept so that nobody has to add them up.
      `create table balance (account text primary key, amount bigint not null)`,
    ],
  },
  {
    name: '0004-one-column-per-meaning',
    statements: [
      ...['resource_group', 'verb', 'trace', 'dialect', 'role_kind', 'resource_kind', 'origin'].map(
        (column) => `alter table document add column ${column} text not null default ''`,
      ),
      // Until now `scope` held what each kind was listed by, `state` a role's kind and a resource's origin, `name` a trace.
      `update document set
        resource_group = case kind when 'cluster' then scope else '' end,
        verb = case kind when 'operation' then scope else '' end,
        trace = case kind when 'operation' then name else '' end,
        dialect = case kind when 'account' then scope else '' end,
        role_kind = case kind when 'role' then state else '' end,
        resource_kind = case kind when 'resource' then scope else '' end,
        origin = case kind when 'resource' then state else '' end,
        name = case kind when 'operation' then '' else name end,
        state = case when kind in ('role', 'resource') then '' else state end`,
      `alter table document drop column scope`,
      `drop table tally`,
      `create table tally (
        kind text not null, account text not null, product text not null, region text not null,
        resource_group text not null, resource_kind text not null, origin text not null, state text not null,
        count bigint not null,
        primary key (kind, account, product, region, resource_group, resource_kind, origin, state)) {keyed}`,
      `insert into tally (kind, account, product, region, resource_group, resource_kind, origin, state, count)
        select kind, account, product, region, resource_group, resource_kind, origin, state, count(*) from document
        group by kind, account, product, region, resource_group, resource_kind, origin, state`,
      // Attached policies were kept as tags.
      `create table attachment (
        kind text not null, id text not null, policy text not null, primary key (kind, id, policy)) {keyed}`,
      `create index attachment_policy on attachment (kind, policy, id)`,
      `insert into attachment (kind, id, policy) select kind, id, tag_key from tag where kind in ('user', 'role')`,
      `delete from tag where kind in ('user', 'role')`,
    ],
  },
  {
    name: '0005-work-items-fenced',
    statements: [
      `create table work_item (
        kind text not null, id text not null, version bigint not null, attempt integer not null,
        due_ms bigint not null, lease_until_ms bigint not null, lease_token bigint not null,
        primary key (kind, id)) {keyed}`,
      // Leases have been kept in service time until now, and had no token; whoever held one is gone.
      `insert into work_item (kind, id, version, attempt, due_ms, lease_until_ms, lease_token)
        select kind, id, version, attempt, due_ms, lease_ms, case when lease_ms > 0 then 1 else 0 end from mark`,
      `drop table mark`,
      `create index work_item_lease on work_item (lease_until_ms, due_ms)`,
    ],
  },
  {
    name: '0006-reservations',
    statements: [
      `create table reservation (
        account text not null, measure text not null, region text not null, zone text not null, type text not null,
        charge text not null, amount bigint not null check (amount >= 0),
        primary key (account, measure, region, zone, type, charge)) {keyed}`,
      `insert into reservation select account, measure, region, zone, type, charge, amount from holding`,
      `drop table holding`,
    ],
  },
  {
    name: '0007-subjects-of-operations',
    statements: [`alter table document add column subject text not null default ''`],
  },
  {
    name: '0008-node-groups',
    statements: [
      // One tree: a second one would be written with every new cluster.
      `create table node_group (
        group_id text not null, kind text not null, id text not null, primary key (group_id, kind, id)) {keyed}`,
      // Bodies have their groups in the spec, and those of flat clusters beside it. Ids that name the cluster need no look-up.
      `${EMBEDDED} insert into node_group (kind, id, group_id)
        select distinct d.kind, d.id, json_extract(g.value, '$.id') from document d,
          json_each(coalesce(json_extract(d.body, '$.spec.groups'), json_extract(d.body, '$.groups'))) g
        where d.kind = 'cluster' and substr(json_extract(g.value, '$.id'), 1, length(d.id) + 1) <> d.id || '.'`,
    ],
  },
  {
    // Each of them is written by every creation: one tree less is one page less of each commit.
    name: '0009-keyed-tables',
    statements: [
      `create table token_keyed (
        account text not null, action text not null, token text not null, fingerprint text not null,
        answer text not null, expires_ms bigint not null, primary key (account, action, token)) {keyed}`,
      `insert into token_keyed select account, action, token, fingerprint, answer, expires_ms from token`,
      `drop table token`,
      `alter table token_keyed rename to token`,
      `create index token_expiry on token (expires_ms)`,
      `create table address_keyed (
        pool text not null, number bigint not null, holder text not null, primary key (pool, number)) {keyed}`,
      `insert into address_keyed select pool, number, holder from address`,
      `drop table address`,
      `alter table address_keyed rename to address`,
      `create index address_holder on address (holder, pool, number)`,
      `create table counter_keyed (name text primary key, value bigint not null) {keyed}`,
      `insert into counter_keyed select name, value from counter`,
      `drop table counter`,
      `alter table counter_keyed rename to counter`,
    ],
  },
  {
    // From here on a commit mark stands beside the database (commit-mark.ts), and versions that would not keep it are refused.
    name: '0010-commit-mark',
    statements: [`insert into counter (name, value) values ('commit', 0)`],
  },
  {
    name: '0011-homes',
    // No cluster is older than the servers that can be one.
    statements: [`alter table document add column home text not null default ''`],
  },
  {
    name: '0012-names',
    statements: [`create index document_name on document (kind, account, name) where name <> ''`],
  },
  {
    name: '0013-tags-in-order',
    statements: [
      // A listing by a tag walks its documents in order, and its total is a sum of counts.
      `alter table tag add column account text not null default ''`,
      `alter table tag add column seq bigint not null default 0`,
      `update tag set
        account = coalesce((select d.account from document d where d.kind = tag.kind and d.id = tag.id), ''),
        seq = coalesce((select d.seq from document d where d.kind = tag.kind and d.id = tag.id), 0)`,
      `drop index tag_value`,
      `create index tag_listing on tag (kind, tag_key, tag_value, account, seq)`,
      `create table tag_tally (
        kind text not null, account text not null, tag_key text not null, counted_by text not null, tag_value text not null,
        product text not null, region text not null, resource_group text not null, state text not null, count bigint not null,
        primary key (kind, account, tag_key, counted_by, tag_value, product, region, resource_group, state)) {keyed}`,
      `insert into tag_tally (kind, account, product, region, resource_group, state, tag_key, tag_value, counted_by, count)
        select d.kind, d.account, d.product, d.region, d.resource_group, d.state, t.tag_key, t.tag_value, 'value', count(*)
        from tag t join document d on d.seq = t.seq
        group by d.kind, d.account, d.product, d.region, d.resource_group, d.state, t.tag_key, t.tag_value`,
      `insert into tag_tally (kind, account, product, region, resource_group, state, tag_key, tag_value, counted_by, count)
        select kind, account, product, region, resource_group, state, tag_key, '', 'key', sum(count)
        from tag_tally group by kind, account, product, region, resource_group, state, tag_key`,
    ],
  },
  {
    name: '0014-parts-of-names',
    // Of clusters, whose listings are asked for them (sqlite/cluster-name.ts).
    statements: [
      `${EMBEDDED} create virtual table cluster_name using fts5 (name, content = '', columnsize = 0, detail = none, tokenize = 'trigram')`,
      `${EMBEDDED} insert into cluster_name (rowid, name) select seq, name from document where kind = 'cluster' and name <> ''`,
      // Up to here; no other engine has a use for it.
      `${EMBEDDED} insert into counter (name, value) select 'names-to', coalesce(max(seq), 0) from document`,
      `${EMBEDDED} create trigger cluster_renamed after update of name on document
        when new.kind = 'cluster' and new.name <> old.name and old.seq <= (select value from counter where name = 'names-to') begin
        insert into cluster_name (cluster_name, rowid, name) values ('delete', old.seq, old.name);
        insert into cluster_name (rowid, name) values (new.seq, new.name);
        end`,
    ],
  },
  {
    // Each has only the documents that are found by it: every creation writes four documents, of which most would be in all of them.
    name: '0015-indexes-of-some',
    statements: [
      `drop index document_parent`,
      `create index document_parent on document (parent, kind, account, seq) where parent <> ''`,
      `drop index document_state`,
      `create index document_state on document (kind, state) where state not in ('', 'paid', 'completed')`,
      `drop index document_name`,
      `create index document_name on document (account, name) where kind = 'cluster' and name <> ''`,
    ],
  },
]
