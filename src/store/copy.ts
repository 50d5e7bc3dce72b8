/**
 * Moves everything that a store remembers from one engine to another, table by table in the order of their keys, and compares both row by
 * row afterwards. What an engine keeps for itself, the counters of its commits, stays where it is, and so do the records of several servers:
 * a store of one server keeps in files what those are about.
 */
import { answers, type Row, type SqlConnection, type Value } from './sql/connection.ts'

interface Table {
  readonly name: string
  readonly key: readonly string[]
  readonly columns: readonly string[]
  /** Rows that are moved; all unless it says something else. */
  readonly where?: string
}

const ofClients = `kind <> 'record'`

const tables: readonly Table[] = [
  table(
    'document',
    'seq',
    'kind account region product id name state parent handle revision created_ms body resource_group verb trace dialect role_kind resource_kind origin subject home',
    ofClients,
  ),
  table('tag', 'kind id tag_key', 'tag_value account seq'),
  table('attachment', 'kind id policy', ''),
  table('node_group', 'group_id kind id', ''),
  table(
    'tally',
    'kind account product region resource_group resource_kind origin state',
    'count',
    ofClients,
  ),
  table(
    'tag_tally',
    'kind account tag_key counted_by tag_value product region resource_group state',
    'count',
  ),
  table('work_item', 'kind id', 'version attempt due_ms lease_until_ms lease_token'),
  table('token', 'account action token', 'fingerprint answer expires_ms'),
  table('audit', 'seq', 'at_ms account principal action request_id region subject'),
  table(
    'counter',
    'name',
    'value',
    `name not in ('commit', 'names-to') and name not like 'commits/%' and name not like 'shared-%'`,
  ),
  table('reservation', 'account measure region zone type charge', 'amount'),
  table('address', 'pool number', 'holder'),
  table('ledger', 'seq', 'entry at_ms account kind amount currency order_id cluster text'),
  table('balance', 'account', 'amount'),
]

/** Of one page: enough that round trips do not count, few enough to be held at once. */
const ROWS = 200

export interface CopyParts {
  readonly from: SqlConnection
  readonly to: SqlConnection
  /** What becomes of a row on its way, where its body is for one engine only. */
  readonly carry: (table: string, row: Row) => Row
}

/** Within a transaction of the caller's, into tables without rows. */
export async function copyTables({ from, to, carry }: CopyParts): Promise<void> {
  for (const it of tables) {
    const columns = [...it.key, ...it.columns]
    const sql = `insert into ${it.name} (${columns.join(', ')}) values (${columns.map(() => '?').join(', ')})`
    for await (const rows of pages(from, it)) {
      const carried = rows.map((row) => carry(it.name, row))
      await answers(
        carried.map((row) =>
          to.run(
            sql,
            columns.map((column) => row[column] as Value),
          ),
        ),
      )
    }
  }
}

export interface Compared {
  readonly table: string
  readonly rows: number
}

/** Throws a sentence that names the first row that differs. */
export async function compareTables({ from, to, carry }: CopyParts): Promise<readonly Compared[]> {
  const compared: Compared[] = []
  for (const it of tables) {
    const theirs = pages(to, it)
    let rows = 0
    for await (const mine of pages(from, it)) {
      const { value: other = [] } = (await theirs.next()) as { readonly value?: readonly Row[] }
      for (const [at, row] of mine.entries()) requireSame(it, carry(it.name, row), other[at])
      requireSame(it, undefined, other[mine.length])
      rows += mine.length
    }
    const { value: more = [] } = (await theirs.next()) as { readonly value?: readonly Row[] }
    requireSame(it, undefined, more[0])
    compared.push({ table: it.name, rows })
  }
  return compared
}

/** Whether clients have left anything in it. */
export async function isUnused(connection: SqlConnection): Promise<boolean> {
  return (
    (await connection.first(`select 1 as one from document where ${ofClients} limit 1`, [])) ===
    undefined
  )
}

/** The highest number that each table with numbers of its own has. */
export async function highest(connection: SqlConnection): Promise<ReadonlyMap<string, number>> {
  const found = new Map<string, number>()
  for (const { name, key } of tables.filter((each) => each.key[0] === 'seq')) {
    const row = await connection.first(`select max(${key[0]}) as top from ${name}`, [])
    found.set(name, Number(row?.['top'] ?? 0))
  }
  return found
}

async function* pages(connection: SqlConnection, it: Table): AsyncGenerator<readonly Row[]> {
  const key = it.key.join(', ')
  const select = `select ${[...it.key, ...it.columns].join(', ')} from ${it.name} where ${it.where ?? '1 = 1'}`
  let last: Row | undefined
  for (;;) {
    const behind = last ? ` and (${key}) > (${it.key.map(() => '?').join(', ')})` : ''
    const place = it.key.map((column) => last?.[column] as Value)
    const values = last ? place : []
    const rows = await connection.all(`${select}${behind} order by ${key} limit ${ROWS}`, values)
    if (rows.length > 0) yield rows
    if (rows.length < ROWS) return
    last = rows.at(-1)
  }
}

function requireSame(
  { name, key, columns }: Table,
  mine: Row | undefined,
  other: Row | undefined,
): void {
  const differing = [...key, ...columns].find((column) => mine?.[column] !== other?.[column])
  if (differing === undefined) return
  const place = key.map((column) => String((mine ?? other)?.[column])).join(' ')
  throw new Error(`the copy is not what was copied: ${name} ${place} differs in ${differing}`)
}

function table(name: string, key: string, columns: string, where?: string): Table {
  const words = (text: string) => text.split(' ').filter((word) => word !== '')
  return { name, key: words(key), columns: words(columns), ...(where !== undefined && { where }) }
}
