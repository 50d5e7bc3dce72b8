/**
 * The subcommands that all resources have alike: `list`, which prints every row of a page, and those that change one resource
 * by its name. A resource's own file adds the options, the columns and the sentences.
 */
import { Command, Option } from 'commander'
import type { Listed } from '../admin/identity/answer.ts'
import { adminClient, withServer, type AdminClient, type ServerOptions } from './admin-client.ts'
import { printResult, printRows, type RowFormat } from './output.ts'
import type { Terminal } from './terminal.ts'

export interface OutputOptions extends ServerOptions {
  readonly json?: true
}

export interface AccountOptions extends OutputOptions {
  readonly account: string
}

/** A command that talks to a server and can print JSON. */
export function serverCommand(name: string): Command {
  return withServer(new Command(name)).option('--json', 'one JSON object a line')
}

/** The same, about one account. */
export function accountScopedCommand(name: string): Command {
  return serverCommand(name).addOption(
    new Option('--account <number>', 'the account it is in')
      .env('EMRYS_ACCOUNT')
      .makeOptionMandatory(),
  )
}

/** The same, about one account or all of them. */
export function accountFilterCommand(name: string): Command {
  return serverCommand(name).addOption(
    new Option('--account <number>', 'only those of one account').env('EMRYS_ACCOUNT'),
  )
}

export interface ListSpec<R> extends RowFormat<R> {
  readonly page: string
  /** The options that narrow the listing, by name. */
  readonly filters: readonly string[]
}

/** Makes `command` print every row of a page of the server. */
export function listing<R>(command: Command, out: Terminal, it: ListSpec<R>): Command {
  return command.action(async (options: OutputOptions & Readonly<Record<string, string>>) => {
    const filters = Object.fromEntries(it.filters.map((name) => [name, options[name]]))
    const rows = await readRows<R>(adminClient(options), it.page, filters)
    printRows(out, rows, { ...it, json: options.json })
  })
}

/** Pages are this long at most; the server's bound is the same. */
const PAGE_ROWS = 1000

/** Every row of a listing, page by page. Throws CommandProblem. */
export async function readRows<R>(
  client: AdminClient,
  page: string,
  filters: Readonly<Record<string, string | undefined>>,
): Promise<readonly R[]> {
  const rows: R[] = []
  let after: number | null = null
  do {
    const query = new URLSearchParams({ limit: String(PAGE_ROWS) })
    for (const [name, value] of Object.entries(filters)) if (value) query.set(name, value)
    if (after !== null) query.set('after', String(after))
    const found = (await client.get(`${page}?${query.toString()}`)) as Listed<R>
    rows.push(...found.rows)
    after = found.next
  } while (after !== null)
  return rows
}

export interface ChangeSpec<O, A> {
  /** What is posted to, by the name. */
  readonly page: (name: string) => string
  readonly body: (name: string, options: O) => object
  /** The sentence to print. */
  readonly result: (name: string, answer: A) => string
}

/** Makes `command`, whose one argument is a name, post a change of what has it. */
export function change<O extends OutputOptions, A = unknown>(
  command: Command,
  out: Terminal,
  it: ChangeSpec<O, A>,
): Command {
  return command.action(async (name: string, options: O) => {
    const answer = await adminClient(options).send('POST', it.page(name), it.body(name, options))
    printResult(out, it.result(name, answer as A), { value: answer, json: options.json })
  })
}

/** What most commands about a resource of an account post. */
export function nameInAccount(name: string, { account }: AccountOptions): object {
  return { account, name }
}
