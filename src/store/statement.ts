/**
 * The SQL that every driver shares, as text with `?` placeholders (a driver whose engine numbers them rewrites them) and a few words
 * of the engine's own: `{document}`, the columns of `document d` that a document is loaded by; `{like}`, which tells no upper from lower
 * case of ASCII; `{claim}`, which passes over rows that somebody else is claiming; `{mine}`, which
 * leaves out work on what runs on the machine of another server.
 * Kept as text on purpose: some fifty statements, most of one line, are easier to read, to explain to a database and to keep
 * prepared than a builder's calls (docs/adr/0004).
 */
import type { Limit } from '../domain/environment.ts'
import type { Listing } from './listing.ts'

export const statements = {
  find: 'select {document} from document d where kind = ? and id = ? and account = ?',
  findById: 'select {document} from document d where kind = ? and id = ?',
  findByHandle: 'select {document} from document d where parent = ? and kind = ? and handle = ?',
  // Not a filter of listings: their indexes begin with the account, all of whose clusters would be walked.
  findByNodeGroup: `select {document} from node_group g join document d on d.kind = g.kind and d.id = g.id
    where g.group_id = ? and d.account = ?`,
  bodiesOfChildren: 'select id, body from document where parent = ? and kind = ?',
  insert: `insert into document (kind, account, region, product, id, name, state, parent, handle,
      resource_group, verb, subject, trace, dialect, role_kind, resource_kind, origin, home, revision, created_ms, body)
    values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?)
    on conflict (kind, id) do nothing`,
  save: `update document set name = ?, state = ?, resource_group = ?, verb = ?, body = ?, revision = revision + 1
    where kind = ? and id = ? and revision = ?`,
  remove: 'delete from document where kind = ? and id = ? and revision = ?',
  addTag: 'insert into tag (kind, id, tag_key, tag_value) values (?, ?, ?, ?)',
  dropTags: 'delete from tag where kind = ? and id = ?',
  addAttachment: 'insert into attachment (kind, id, policy) values (?, ?, ?)',
  dropAttachments: 'delete from attachment where kind = ? and id = ?',
  addNodeGroup: 'insert into node_group (group_id, kind, id) values (?, ?, ?)',
  dropNodeGroup: 'delete from node_group where group_id = ? and kind = ? and id = ?',
  tally: `insert into tally (kind, account, product, region, resource_group, resource_kind, origin, state, count)
    values {rows}
    on conflict (kind, account, product, region, resource_group, resource_kind, origin, state)
    do update set count = tally.count + excluded.count`,
  tallies: `select product, state, sum(count) as count from tally where kind = ? group by product, state
    order by product, state`,
  findToken: `select account, action, token, fingerprint, answer, expires_ms as "expiresMs" from token
    where account = ? and action = ? and token = ?`,
  putToken: `insert into token (account, action, token, fingerprint, answer, expires_ms) values (?, ?, ?, ?, ?, ?)
    on conflict (account, action, token) do update set
    fingerprint = excluded.fingerprint, answer = excluded.answer, expires_ms = excluded.expires_ms`,
  addAudit: `insert into audit (at_ms, account, principal, action, request_id, region, subject)
    values (?, ?, ?, ?, ?, ?, ?)`,
  audit: `select at_ms as "atMs", account, principal, action, request_id as "requestId", region, subject
    from audit where account = ? order by seq desc limit ?`,
  auditOfAll: `select at_ms as "atMs", account, principal, action, request_id as "requestId", region, subject
    from audit order by seq desc limit ?`,
  enqueue: `insert into work_item (kind, id, version, attempt, due_ms, lease_until_ms, lease_token)
    values (?, ?, 1, 0, ?, 0, 0)
    on conflict (kind, id) do update set version = work_item.version + 1, attempt = 0, due_ms = excluded.due_ms`,
  endPastLeases: `update work_item set lease_until_ms = 0, lease_token = 0
    where lease_until_ms > 0 and lease_until_ms <= ?`,
  // Numbered, so that each lease has a token of its own; apart from the claim, beside which nothing may be numbered.
  lease: `with claimed as materialized (select kind, id, due_ms from work_item w where lease_until_ms = 0 and due_ms <= ?{mine}
      order by due_ms limit ?{claim}),
    due as (select kind as due_kind, id as due_id, row_number() over (order by due_ms) as place from claimed)
    update work_item set lease_until_ms = ?, lease_token = ? + place from due where kind = due_kind and id = due_id
    returning kind, id, version, attempt, lease_token as token`,
  complete: 'delete from work_item where kind = ? and id = ? and lease_token = ? and version = ?',
  endLease: `update work_item set lease_until_ms = 0, lease_token = 0
    where kind = ? and id = ? and lease_token = ?`,
  endAllLeases: 'update work_item set lease_until_ms = 0, lease_token = 0 where lease_token > 0',
  requeue: `update work_item set lease_until_ms = 0, lease_token = 0,
      attempt = case when version = ? then ? else attempt end,
      due_ms = case when version = ? then ? else due_ms end
    where kind = ? and id = ? and lease_token = ?`,
  nextDue:
    'select due_ms as next from work_item w where lease_until_ms = 0{mine} order by due_ms limit 1',
  nextLeaseEnd: 'select min(lease_until_ms) as next from work_item where lease_until_ms > 0',
  unqueued: `select d.id from document d left join work_item w on w.kind = d.kind and w.id = d.id
    where d.kind = ? and w.id is null and d.state in ({states}) limit ?`,
  pruneTokens: 'delete from token where expires_ms <= ?',
  pruneAudit: 'delete from audit where at_ms <= ?',
  dropChildren: 'delete from document where parent = ? and kind = ?',
  counted: 'select value from counter where name = ?',
  count: `insert into counter (name, value) values (?, ?)
    on conflict (name) do update set value = counter.value + excluded.value returning value`,
  reserve: `insert into reservation (account, region, zone, measure, type, charge, amount) values {rows}
    on conflict (account, measure, region, zone, type, charge) do update set amount = reservation.amount + excluded.amount`,
  release: `update reservation set amount = amount - ?
    where account = ? and measure = ? and region = ? and zone = ? and type = ? and charge = ?`,
  reservations: `select account, region, zone, measure, type, charge, amount from reservation
    where account = ? and amount > 0 order by measure, region, zone, type, charge limit ?`,
  reservationsOfAll: `select account, region, zone, measure, type, charge, amount from reservation
    where amount > 0 order by account, measure, region, zone, type, charge limit ?`,
  // The first row is the highest number that was ever allocated.
  freeAddresses: `select max(number) as number from address where pool = ? union all select number from
    (select number from address where pool = ? and holder = '' order by number limit ?) as released`,
  countReleased: `select count(*) as count from address where pool = ? and holder = ''`,
  allocateAddresses: `insert into address (pool, number, holder) values {rows}
    on conflict (pool, number) do update set holder = excluded.holder`,
  releaseAddress: `update address set holder = '' where number = ? and holder = ?`,
  releaseAddresses: `update address set holder = '' where holder = ?`,
  findEntry: 'select seq from ledger where entry = ?',
  addEntry: `insert into ledger (entry, at_ms, account, kind, amount, currency, order_id, cluster, text)
    values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  addToBalance: `insert into balance (account, amount) values (?, ?)
    on conflict (account) do update set amount = balance.amount + excluded.amount`,
  balance: 'select amount from balance where account = ?',
  ledger: `select seq, entry as "key", at_ms as "atMs", account, kind, amount, currency, order_id as "order", cluster, text
    from ledger where seq < ?{where} order by seq desc limit ?`,
  clear:
    'document tag attachment node_group tally work_item token reservation address ledger balance'
      .split(' ')
      .map((table) => `delete from ${table}`),
} as const

/** A statement for so many rows of values at once. */
export function forRows(sql: string, rows: readonly (readonly unknown[])[]): string {
  return sql.replace('{rows}', rows.map((row) => `(${holes(row)})`).join(', '))
}

/** The sums of what each limit covers, as `r0`, `r1` …; its text depends only on which members the limits have. */
export function reservedSql(
  account: string,
  limits: readonly Limit[],
): { readonly sql: string; readonly values: readonly string[] } {
  const values: string[] = []
  const sums = limits.map(({ measure, region, zone, type, charge }, at) => {
    const given = Object.entries({ account, measure, region, zone, type, charge }).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    )
    values.push(...given.map(([, value]) => value))
    const where = given.map(([column]) => `${column} = ?`).join(' and ')
    return `(select coalesce(sum(amount), 0) from reservation where ${where}) as r${at}`
  })
  return { sql: `select ${sums.join(', ')}`, values }
}

export interface ListingSql {
  readonly page: string
  readonly total: string
  readonly filters: readonly (string | number)[]
  /** Bound behind the filters and the place to start from, in the page's statement only. */
  readonly ordering: readonly string[]
  /** The total is a sum of counters rather than a scan: every filter is a column of the tally. */
  readonly counted: boolean
}

const ORDERS = {
  newest: 'seq desc',
  oldest: 'seq',
  id: 'id',
  'id-descending': 'id desc',
  state: '{state}, seq desc',
  'state-descending': '{state} desc, seq desc',
} as const

/** Members of a listing that a column equals. Those of the tally come first: a listing by nothing else is counted from it. */
const TALLIED = {
  account: 'account',
  product: 'product',
  region: 'region',
  resourceGroup: 'resource_group',
  resourceKind: 'resource_kind',
  origin: 'origin',
} as const
const SCANNED = {
  parent: 'parent',
  subject: 'subject',
  trace: 'trace',
  dialect: 'dialect',
  roleKind: 'role_kind',
} as const

/**
 * The two statements of a listing. Their text depends only on which filters are present, so prepared statements are reused. `rare` is one of
 * its tags that few documents have: the listing begins with those instead of walking all to find them.
 */
export function listingSql(kind: string, listing: Listing, rare?: TagFilter): ListingSql {
  // Over all accounts, in order of creation, no index serves the filter; an expression has the engine walk the order itself,
  // which ends with the page, instead of sorting every document of the kind.
  const walks = listing.account === undefined && !listing.states && listing.parent === undefined
  const where: string[] = [walks ? `kind || '' = ?` : 'kind = ?']
  const filters: (string | number)[] = [kind]
  const filter = (sql: string, ...values: readonly (string | number)[]) => {
    where.push(sql)
    filters.push(...values)
  }
  for (const [member, column] of entriesOf(TALLIED)) {
    const value = listing[member]
    // An expression keeps the index of the whole listing out, where the one of names is meant.
    const sought = listing.nameIs && member !== 'account' ? `${column} || ''` : column
    if (value !== undefined) filter(`${sought} = ?`, value)
  }
  if (listing.states && !listing.changes)
    filter(`state in (${holes(listing.states)})`, ...listing.states)
  if (listing.exceptStates?.length)
    filter(`state not in (${holes(listing.exceptStates)})`, ...listing.exceptStates)
  const countedWhere = where.join(' and ')
  const counted = where.length
  if (listing.changes) {
    const { states = [], changes } = listing
    const changing = `state = 'changing' and verb in (${holes(changes)})`
    filter(`(state in (${holes(states)}) or ${changing})`, ...states, ...changes)
  }
  for (const [member, column] of entriesOf(SCANNED)) {
    const value = listing[member]
    if (value !== undefined) filter(`${column} = ?`, value)
  }
  if (listing.verbs) filter(`verb in (${holes(listing.verbs)})`, ...listing.verbs)
  if (listing.fromMs !== undefined) filter('created_ms >= ?', listing.fromMs)
  if (listing.untilMs !== undefined) filter('created_ms <= ?', listing.untilMs)
  if (listing.ids) filter(`id in (${holes(listing.ids)})`, ...listing.ids)
  if (listing.nameIs) filter(`name in (${holes(listing.nameIs)}) and ${NAMED}`, ...listing.nameIs)
  if (listing.nameContains !== undefined)
    filter(`name {like} ? escape '!'`, `%${escapeLike(listing.nameContains)}%`)
  if (listing.policy !== undefined) filter(`exists (${ATTACHED} and policy = ?)`, listing.policy)
  for (const { key, value } of (listing.tags ?? []).filter((tag) => tag !== rare)) {
    if (value === undefined) filter(`exists (${TAGGED})`, key)
    else filter(`exists (${TAGGED} and tag_value = ?)`, key, value)
  }
  const from = rare ? `(${tagSql(rare)}) t cross join document d` : 'document d'
  if (rare) where.push('d.kind = t.tagged_kind and d.id = t.tagged_id')
  const all = where.join(' and ')
  const byState = listing.order === 'state' || listing.order === 'state-descending'
  const ranked = byState ? (listing.stateRank ?? []) : []
  // Named documents are few: an index that is in order would be walked from end to end for them.
  const order = ORDERS[listing.order]
    .replace('{state}', rankOf(ranked))
    .replace('seq', listing.nameIs ? '+seq' : 'seq')
  const behind =
    listing.behindSeq === undefined ? '' : ` and seq ${listing.order === 'oldest' ? '>' : '<'} ?`
  return {
    page: `select {document} from ${from} where ${all}${behind} order by ${order} limit ? offset ?`,
    total:
      where.length === counted
        ? `select coalesce(sum(count), 0) as total from tally where ${countedWhere}`
        : `select count(*) as total from ${from} where ${all}`,
    filters: rare ? [...tagValues(kind, rare), ...filters] : filters,
    ordering: ranked,
    counted: where.length === counted,
  }
}

type TagFilter = NonNullable<Listing['tags']>[number]

function tagSql({ value }: TagFilter): string {
  const valued = value === undefined ? '' : ' and tag_value = ?'
  return `select kind as tagged_kind, id as tagged_id from tag where kind = ? and tag_key = ?${valued}`
}

function tagValues(kind: string, { key, value }: TagFilter): readonly string[] {
  return value === undefined ? [kind, key] : [kind, key, value]
}

/** How many documents have a tag, up to a bound. */
export function tagCountSql(kind: string, tag: TagFilter, most: number) {
  const sql = `select count(*) as count from (${tagSql(tag)} limit ?) as few`
  return { sql, values: [...tagValues(kind, tag), most] }
}

/** In the words of the index, which has no documents without a name. */
const NAMED = "name <> ''"

const ATTACHED = 'select 1 from attachment where attachment.kind = d.kind and attachment.id = d.id'
const TAGGED = 'select 1 from tag where tag.kind = d.kind and tag.id = d.id and tag_key = ?'

function entriesOf<T extends object>(columns: T): readonly (readonly [keyof T, T[keyof T]])[] {
  return Object.entries(columns) as unknown as readonly (readonly [keyof T, T[keyof T]])[]
}

function rankOf(states: readonly string[]): string {
  if (states.length === 0) return 'state'
  const cases = states.map((_, at) => `when state = ? then ${at}`)
  return `case ${cases.join(' ')} else ${states.length} end`
}

function holes(values: readonly unknown[]): string {
  return values.length === 0 ? 'null' : values.map(() => '?').join(', ')
}

function escapeLike(text: string): string {
  return text.replace(/[!%_]/g, (sign) => `!${sign}`)
}
