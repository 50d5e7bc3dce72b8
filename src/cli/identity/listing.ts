/** What the commands about identities share: which account, every page of a listing, and how rows are shown. */
import { Option, type Command } from 'commander'
import type { Listed } from '../../admin/identity/answer.ts'
import { asksServer, type AdminClient, type ServerOptions } from '../admin-client.ts'
import { table, type Column } from '../table.ts'
import type { Terminal } from '../terminal.ts'

export interface Shown extends ServerOptions {
  readonly json?: true
}

export interface InAccount extends Shown {
  readonly account: string
}

/** A command that asks a server and can answer with JSON. */
export function asks(command: Command): Command {
  return asksServer(command).option('--json', 'one JSON object a line')
}

/** The same, about one account. */
export function asksAccount(command: Command): Command {
  return asks(command).addOption(
    new Option('--account <number>', 'the account it is in')
      .env('EMRYS_ACCOUNT')
      .makeOptionMandatory(),
  )
}

/** The same, about one account or all of them. */
export function asksAnyAccount(command: Command): Command {
  return asks(command).addOption(
    new Option('--account <number>', 'only those of one account').env('EMRYS_ACCOUNT'),
  )
}

/** Pages are this long at most; the server's bound is the same. */
const PAGE = 1000

/** Every row of a listing. */
export async function rowsOf<R>(
  client: AdminClient,
  page: string,
  filters: Readonly<Record<string, string | undefined>> = {},
): Promise<readonly R[]> {
  const rows: R[] = []
  let after: number | null = null
  do {
    const query = new URLSearchParams({ limit: String(PAGE) })
    for (const [name, value] of Object.entries(filters)) if (value) query.set(name, value)
    if (after !== null) query.set('after', String(after))
    const found = (await client.ask(`${page}?${query.toString()}`)) as Listed<R>
    rows.push(...found.rows)
    after = found.next
  } while (after !== null)
  return rows
}

export interface Showing<R> {
  readonly json: true | undefined
  readonly columns: readonly Column<R>[]
  /** What is said when there is nothing. */
  readonly none: string
}

export function show<R>(out: Terminal, rows: readonly R[], it: Showing<R>): void {
  if (it.json) for (const row of rows) out.line(JSON.stringify(row))
  else if (rows.length === 0) out.line(it.none)
  else {
    const title = (text: string) => out.paint('dim', text)
    for (const line of table(rows, it.columns, { width: out.columns, title })) out.line(line)
  }
}

/** One fact a line, aligned; for what was just made. */
export function showFacts(
  out: Terminal,
  facts: Readonly<Record<string, string>>,
  made: { readonly value: unknown; readonly json: true | undefined },
): void {
  if (made.json) return out.line(JSON.stringify(made.value))
  const width = Math.max(...Object.keys(facts).map((name) => name.length))
  for (const [name, value] of Object.entries(facts))
    out.line(`${out.paint('dim', name.padEnd(width))}  ${value}`)
}

/** A sentence for people, the whole answer for programs. */
export function tell(
  out: Terminal,
  sentence: string,
  it: { readonly value: unknown; readonly json: true | undefined },
): void {
  out.line(it.json ? JSON.stringify(it.value) : sentence)
}
