/**
 * The subcommands that all resources have alike: `list`, which prints every row of a page, and those that change one resource
 * by its name. A resource's own file adds the options, the columns and the sentences.
 */
import { Command, Option } from 'commander'
import type { Listed } from '../admin/identity/answer.ts'
import { adminClient, withServer, type AdminClient, type ServerOptions } from './admin-client.ts'
import { idAmong, type Identified } from './id.ts'
import { printResult, printRows, type RowFormat } from './output.ts'
import { CommandProblem } from './problem.ts'
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

/** What an id is one of, for commands that take one. */
export interface Among<O> {
  /** What they are called, and how a user lists them. */
  readonly nouns: string
  readonly list: string
  readonly ids: (client: AdminClient, options: O) => Promise<readonly Identified[]>
}

export interface ListSpec<R> extends RowFormat<R> {
  readonly page: string
  /** The options that narrow the listing, by name. */
  readonly filters: readonly string[]
  /** Of those that take an id: what it may begin. An id of what is there no more goes to the server as it is. */
  readonly among?: Readonly<Record<string, Among<unknown>>>
}

/** Makes `command` print every row of a page of the server. */
export function listing<R>(command: Command, out: Terminal, it: ListSpec<R>): Command {
  return command.action(async (options: OutputOptions & Readonly<Record<string, string>>) => {
    const client = adminClient(options)
    const asked = it.filters.map(async (name): Promise<readonly [string, string | undefined]> => {
      const [typed, among] = [options[name], it.among?.[name]]
      if (typed === undefined || among === undefined) return [name, typed]
      return [name, idAmong(typed, await among.ids(client, options), among.nouns) ?? typed]
    })
    const rows = await readRows<R>(client, it.page, Object.fromEntries(await Promise.all(asked)))
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
  /** The argument is an id of one of these, and as much of one as is unique will do. Without it, it is a name. */
  readonly among?: Among<O>
  /** What is posted to, by the name. */
  readonly page: (name: string) => string
  readonly body: (name: string, options: O) => object
  /** The sentence to print. */
  readonly result: (name: string, answer: A) => string
}

/** Makes `command`, whose one argument is a name or an id, post a change of what has it. */
export function change<O extends OutputOptions, A = unknown>(
  command: Command,
  out: Terminal,
  it: ChangeSpec<O, A>,
): Command {
  return command.action(async (typed: string, options: O) => {
    const client = adminClient(options)
    const name = it.among ? await meant(typed, it.among, { client, options }) : typed
    const answer = await client.send('POST', it.page(name), it.body(name, options))
    printResult(out, it.result(name, answer as A), { value: answer, json: options.json })
  })
}

/** The id that is meant. It is printed before anything is done to it. Throws CommandProblem. */
export async function meant<O>(
  typed: string,
  { nouns, list, ids }: Among<O>,
  { client, options }: { readonly client: AdminClient; readonly options: O },
): Promise<string> {
  const known = await ids(client, options)
  const id = idAmong(typed, known, nouns)
  if (id === undefined)
    throw new CommandProblem(
      `none of the ${nouns} has an id that begins with ${typed}; \`${list}\` lists them`,
    )
  if (id !== typed) process.stderr.write(`${typed} is ${id}\n`)
  return id
}

/** What most commands about a resource of an account post. */
export function nameInAccount(name: string, { account }: AccountOptions): object {
  return { account, name }
}
