/**
 * The SQL that every driver shares, as text with `?` placeholders (a driver whose engine numbers them rewrites them) and a few words
 * of the engine's own: `{document}`, the columns of `document d` that a document is loaded by; `{like}`, which tells no upper from lower
 * case of ASCII; `{claim}`, which skips rows that somebody else is claiming; `{mine}`, which
 * leaves out work on what runs on the machine of another server.
 * Kept as text on purpose: some fifty statements, most of one line, are easier to read, to explain to a database and to keep
 * prepared than a builder's calls (docs/adr/0004).
 */
import type { Limit } from '../domain/environment.ts'
import { isWalked, type Leading } from './leading.ts'
import type { Listing } from './listing.ts'

// The conditions of indexes that have only some documents (migration.ts), in the same words: an engine takes such an index only for a
// statement that says so.
const NAMED = "kind = 'cluster' and name <> ''"
const CHILD = "parent <> ''"
const UNDER_WAY = "state not in ('', 'paid', 'completed')"
/** Of most documents, sooner or later: not found by their state. */
const COMMON_STATES: ReadonlySet<string> = new Set(['', 'paid', 'completed'])

export const statements = {
  findById: 'select {document} from document d where kind = ? and id = ?',
  findByHandle: `select {document} from document d where parent = ? and kind = ? and handle = ? and ${CHILD}`,
  // Not a filter of listings: their indexes begin with the account, all of whose clusters would be walked.
  findByNodeGroup: `select {document} from node_group g join document d on d.kind = g.kind and d.id = g.id
    where g.group_id = ? and d.account = ?`,
  bodiesOfChildren: `select id, body from document where parent = ? and kind = ? and ${CHILD}`,
  insert: `insert into document (kind, account, region, product, id, name, state, parent, handle,
      resource_group, verb, subject, trace, dialect, role_kind, resource_kind, origin, home, revision, created_ms, body)
    values {rows} on conflict (kind, id) do nothing returning kind, id, seq`,
  save: `update document set name = ?, state = ?, resource_group = ?, verb = ?, body = ?, revision = revision + 1
    where kind = ? and id = ? and revision = ?`,
  remove: 'delete from document where kind = ? and id = ? and revision = ?',
  addTag: 'insert into tag (kind, id, tag_key, tag_value, account, seq) values (?, ?, ?, ?, ?, ?)',
  dropTags: 'delete from tag where kind = ? and id = ?',
  addAttachment: 'insert into attachment (kind, id, policy) values (?, ?, ?)',
  dropAttachments: 'delete from attachment where kind = ? and id = ?',
  addNodeGroup: 'insert into node_group (group_id, kind, id) values (?, ?, ?)',
  dropNodeGroup: 'delete from node_group where group_id = ? and kind = ? and id = ?',
  tally: `insert into tally (kind, account, product, region, resource_group, resource_kind, origin, state, count)
    values {rows}
    on conflict (kind, account, product, region, resource_group, resource_kind, origin, state)
    do update set count = tally.count + excluded.count`,
  tagTally: `insert into tag_tally (kind, account, product, region, resource_group, state, tag_key, tag_value, counted_by, count)
    values {rows}
    on conflict (kind, account, tag_key, counted_by, tag_value, product, region, resource_group, state)
    do update set count = tag_tally.count + excluded.count`,
  // Tags may have as many values as there are documents: counts of none are not kept.
  dropTagTallies: `delete from tag_tally where count = 0 and
    (kind, account, product, region, resource_group, state, tag_key, tag_value, counted_by) in (values {rows})`,
  tallies: `select product, state, sum(count) as count from tally where kind = ? group by product, state
    order by product, state`,
  findToken: `select account, action, token, fingerprint, answer, expires_ms as "expiresMs" from token
    where account = ? and action = ? and token = ?`,
  putToken: `insert into token (account, action, token, fingerprint, answer, expires_ms) values (?, ?, ?, ?, ?, ?)
    on conflict (account, action, token) do update set
    fingerprint = excluded.fingerprint, answer = excluded.answer, expires_ms = excluded.expires_ms`,
  claimToken: `insert into token (account, action, token, fingerprint, answer, expires_ms) values (?, ?, ?, ?, ?, ?)
    on conflict (account, action, token) do update set
    fingerprint = excluded.fingerprint, answer = excluded.answer, expires_ms = excluded.expires_ms
    where token.expires_ms <= ?`,
  addAudit:
    'insert into audit (at_ms, account, principal, action, request_id, region, subject) values {rows}',
  audit: `select at_ms as "atMs", account, principal, action, request_id as "requestId", region, subject
    from audit where account = ? order by seq desc limit ?`,
  auditOfAll: `select at_ms as "atMs", account, principal, action, request_id as "requestId", region, subject
    from audit order by seq desc limit ?`,
  enqueue: `insert into work_item (kind, id, version, attempt, due_ms, lease_until_ms, lease_token)
    values {rows}
    on conflict (kind, id) do update set version = work_item.version + 1, attempt = 0, due_ms = excluded.due_ms`,
  endPastLeases: `update work_item set lease_until_ms = 0, lease_token = 0
    where lease_until_ms > 0 and lease_until_ms <= ?`,
  // Numbered, so that each lease has a token of its own; apart from the claim, beside which nothing may be numbered.
  lease: `with claimed as materialized (select kind, id, due_ms from work_item w where lease_until_ms = 0 and due_ms <= ?{mine}
      order by due_ms limit ?{claim}),
    due as (select kind as due_kind, id as due_id, row_number() over (order by due_ms) as place from claimed)
    update work_item set lease_until_ms = ?, lease_token = ? + place from due where kind = due_kind and id = due_id
    returning kind, id, version, attempt, lease_token as token`,
  /** Where leases are kept in memory, no row has one. */
  due: `select kind, id, version, attempt from work_item where lease_until_ms = 0 and due_ms <= ? order by due_ms limit ?`,
  firstDue: `select kind, id, due_ms as due from work_item where lease_until_ms = 0 order by due_ms limit ?`,
  putOff: `update work_item set
      attempt = case when version = ? then ? else attempt end,
      due_ms = case when version = ? then ? else due_ms end
    where kind = ? and id = ?`,
  drop: 'delete from work_item where kind = ? and id = ? and version = ?',
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
  pruneTokens: `delete from token where (account, action, token) in
    (select account, action, token from token where expires_ms <= ? order by expires_ms limit ?)`,
  // Of the oldest only: nothing finds entries by their time.
  pruneAudit: `delete from audit where seq in
    (select seq from (select seq, at_ms from audit order by seq limit ?) as oldest where at_ms <= ?)`,
  dropChildren: `delete from document where parent = ? and kind = ? and ${CHILD}`,
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
  releasedAddresses: `select number from address where holder = '' and pool = ? order by number limit ?`,
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
    'document tag attachment node_group tally tag_tally work_item token reservation address ledger balance'
      .split(' ')
      .map((table) => `delete from ${table}`),
} as const

/** A statement for so many rows of values at once; the same text each time, so that it is found prepared by nothing but its identity. */
export function forRows(sql: string, rows: readonly (readonly unknown[])[]): string {
  const texts = rowTexts.get(sql) ?? []
  if (texts.length === 0) rowTexts.set(sql, texts)
  return (texts[rows.length] ??= sql.replace(
    '{rows}',
    rows.map((row) => `(${holes(row)})`).join(', '),
  ))
}

/** So many rows a statement: far from what one may have of values, and few texts to prepare. */
const PORTIONS = [64, 16, 8, 7, 6, 5, 4, 3, 2, 1]

/** The rows in their order, in portions of few sizes. */
export function portionsOf<T>(rows: readonly T[]): readonly (readonly T[])[] {
  const portions: (readonly T[])[] = []
  for (let at = 0; at < rows.length; at += portions.at(-1)!.length) {
    const size = PORTIONS.find((each) => each <= rows.length - at) ?? 1
    portions.push(rows.slice(at, at + size))
  }
  return portions
}

/** By statement, then by the number of rows. */
const rowTexts = new Map<string, string[]>()

/** The sums of what each limit covers, as `r0`, `r1` …; its text depends only on which members the limits have. */
export function reservedSql(
  account: string,
  limits: readonly Limit[],
): { readonly sql: string; readonly values: readonly string[] } {
  const values: string[] = []
  const given: string[] = []
  for (const limit of limits) {
    given.push('account')
    values.push(account)
    for (const column of COVERED) {
      const value = limit[column]
      if (value === undefined) continue
      given.push(column)
      values.push(value)
    }
    given.push('')
  }
  const key = given.join(' ')
  const sql = reservedTexts.get(key) ?? reservedText(key)
  if (reservedTexts.size >= TEXTS_MAX) reservedTexts.clear()
  reservedTexts.set(key, sql)
  return { sql, values }
}

const COVERED = ['measure', 'region', 'zone', 'type', 'charge'] as const

/** Limits are of few forms; a request names some of them. */
const reservedTexts = new Map<string, string>()
const TEXTS_MAX = 200

/** `given`: the columns of each limit with a space behind each, and one more behind the last of a limit. */
function reservedText(given: string): string {
  const sums = given
    .trimEnd()
    .split('  ')
    .map((columns, at) => {
      const where = columns.split(' ').map((column) => `${column} = ?`)
      return `(select coalesce(sum(amount), 0) from reservation where ${where.join(' and ')}) as r${at}`
    })
  return `select ${sums.join(', ')}`
}

/** Of each pool the highest number that was ever allocated, and the lowest of those that were released, as `h0`, `r0`, `h1` … */
export function freeAddressesSql(pools: readonly { readonly pool: string }[]) {
  const columns = pools.map(
    (_, at) => `(select max(number) from address where pool = ?) as h${at},
      (select min(number) from address where holder = '' and pool = ?) as r${at}`,
  )
  const sql = `select ${columns.join(', ')}`
  return { sql, values: pools.flatMap(({ pool }) => [pool, pool]) }
}

export interface ListingSql {
  readonly page: string
  readonly total: string
  readonly filters: readonly (string | number)[]
  /** Of the total's statement. */
  readonly totalFilters: readonly (string | number)[]
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
 * The two statements of a listing. Their text depends only on which filters are present, so prepared statements are reused. With `leading`
 * the listing begins with those documents instead of walking all to find them.
 */
export function listingSql(kind: string, listing: Listing, leading?: Leading): ListingSql {
  // Over all accounts, in order of creation, no index serves the filter; an expression has the engine walk the order itself,
  // which ends with the page, instead of sorting every document of the kind.
  const where: string[] = [isWalked(listing) ? `kind || '' = ?` : 'kind = ?']
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
  if (listing.states && !listing.changes) {
    // Within an account or a document the index is that of the listing, which is in its order.
    const isSought = listing.account === undefined && listing.parent === undefined
    const sql = isSought ? inStates(listing.states) : `state in (${holes(listing.states)})`
    filter(sql, ...listing.states)
  }
  if (listing.exceptStates?.length)
    filter(`state not in (${holes(listing.exceptStates)})`, ...listing.exceptStates)
  const countedWhere = where.join(' and ')
  const countedFilters = [...filters]
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
  if (listing.parent) where.push(CHILD)
  if (listing.verbs) filter(`verb in (${holes(listing.verbs)})`, ...listing.verbs)
  if (listing.fromMs !== undefined) filter('created_ms >= ?', listing.fromMs)
  if (listing.untilMs !== undefined) filter('created_ms <= ?', listing.untilMs)
  if (listing.ids) filter(`id in (${holes(listing.ids)})`, ...listing.ids)
  if (listing.nameIs) filter(`name in (${holes(listing.nameIs)})`, ...listing.nameIs)
  if (listing.nameIs && kind === 'cluster') where.push(NAMED)
  if (listing.nameContains !== undefined)
    filter(`name {like} ? escape '!'`, likeText(listing.nameContains))
  if (listing.policy !== undefined) filter(`exists (${ATTACHED} and policy = ?)`, listing.policy)
  for (const { key, value } of (listing.tags ?? []).filter((tag) => tag !== leading?.tag)) {
    if (value === undefined) filter(`exists (${TAGGED})`, key)
    else filter(`exists (${TAGGED} and tag_value = ?)`, key, value)
  }
  const counts = countsOf(listing, where.length - counted + (leading?.tag ? 1 : 0))
  const from = leading ? `(${leading.sql}) t cross join document d` : 'document d'
  if (leading) where.push('d.seq = t.leading_seq')
  const all = where.join(' and ')
  const byState = listing.order === 'state' || listing.order === 'state-descending'
  const ranked = byState ? (listing.stateRank ?? []) : []
  const seq = leading ? 't.leading_seq' : 'seq'
  // Named documents are few: an index that is in order would be walked from end to end for them.
  const order = ORDERS[listing.order]
    .replace('{state}', rankOf(ranked))
    .replace('seq', listing.nameIs ? `+${seq}` : seq)
  const sign = listing.order === 'oldest' ? '>' : '<'
  const behind = listing.behindSeq === undefined ? '' : ` and ${seq} ${sign} ?`
  const bound = leading ? [...leading.values, ...filters] : filters
  return {
    page: `select {document} from ${from} where ${all}${behind} order by ${order} limit ? offset ?`,
    total: counts
      ? `select coalesce(sum(count), 0) as total from ${counts.table} where ${countedWhere}${counts.where}`
      : `select count(*) as total from ${from} where ${all}`,
    filters: bound,
    totalFilters: counts ? [...countedFilters, ...counts.values] : bound,
    ordering: ranked,
    counted: counts !== undefined,
  }
}

/** Where the documents of a listing are counted that has so many filters beside those of the tally; undefined where they are not. */
function countsOf({ tags = [], resourceKind, origin }: Listing, others: number) {
  if (others === 0) return { table: 'tally', where: '', values: [] }
  const [tag] = tags
  if (!tag || others > 1 || resourceKind !== undefined || origin !== undefined) return undefined
  const { key, value } = tag
  const where = ' and tag_key = ? and tag_value = ? and counted_by = ?'
  return {
    table: 'tag_tally',
    where,
    values: [key, value ?? '', value === undefined ? 'key' : 'value'],
  }
}

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

/** Documents of a kind in one of these states that have no work item. */
export function unqueuedSql(states: readonly string[]): string {
  return `select d.id from document d left join work_item w on w.kind = d.kind and w.id = d.id
    where d.kind = ? and w.id is null and ${inStates(states)} limit ?`
}

/** That a document is in one of these states, in the words of the index of states where it has all of them. */
function inStates(states: readonly string[]): string {
  const sql = `state in (${holes(states)})`
  return states.some((state) => COMMON_STATES.has(state)) ? sql : `${sql} and ${UNDER_WAY}`
}

function holes(values: readonly unknown[]): string {
  return values.length === 0 ? 'null' : values.map(() => '?').join(', ')
}

/** What `{like}` takes, with `!` before signs of its own. */
export function likeText(part: string): string {
  return `%${part.replace(/[!%_]/g, (sign) => `!${sign}`)}%`
}
