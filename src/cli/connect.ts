/** `emrys connect`: a SQL prompt on a running instance or cluster, or one statement, or a script. */
import { text as readAll } from 'node:stream/consumers'
import { Command, Option } from 'commander'
import type { Cluster } from '../domain/cluster/cluster.ts'
import { adminClient, withServer, type AdminClient, type ServerOptions } from './admin-client.ts'
import { historyFile, openHistory } from './connect/history.ts'
import { askPassword } from './connect/password.ts'
import type { Stage } from './connect/run.ts'
import type { SqlSession, Target } from './connect/session.ts'
import { SQL_SERVICES, sqlEndpoint, type SqlService } from './connect/sql-endpoint.ts'
import { cutStatements } from './connect/statement.ts'
import { clusterIdOf } from './id.ts'
import { CommandProblem } from './problem.ts'
import { withProgress } from './progress.ts'
import { loadWith } from './serve.ts'
import type { Terminal } from './terminal.ts'

const EXAMPLES = `
Examples:
  emrys connect c-0123456789abcdef                  a prompt; \\h shows its commands
  emrys connect c-0123456789abcdef -e 'show databases'
  EMRYS_PASSWORD=… emrys connect c-0123456789abcdef < load.sql
                                                  a script; it ends at the first statement that is refused
  emrys connect c-0123456789abcdef -e 'select * from shop.orders' --json | jq .total
  emrys connect emr-01234567                        EMR clusters with Hive: Beeline's prompt, !help shows its commands;
                                                  with ClickHouse or Trino the prompt of instances
  emrys connect emr-01234567 --service trino -e 'select count(*) from hive.shop.orders'

Results are tables on a terminal; elsewhere the names and rows by tabs, NULL as \\N; with --json an object a line.
\`--password\` can be read by others of this machine while the command runs; EMRYS_PASSWORD cannot.
Exit codes: 0, 1 when something was refused, 130 after Ctrl-C. It finds the instance by the server's admin pages.`

interface ConnectOptions extends ServerOptions {
  readonly config?: string
  readonly user?: string
  readonly password?: string
  readonly execute?: string
  readonly json?: true
  readonly service?: SqlService
}

export function connectCommand(out: Terminal): Command {
  return withServer(new Command('connect'))
    .summary('a SQL prompt on a running instance')
    .description('Opens a SQL prompt on a running instance, or runs what it is given.')
    .argument(
      '<id>',
      'the instance, as `emrys clusters` shows it, or as much of its id as is unique',
    )
    .option(
      '--user <name>',
      'who logs in (default: admin; hadoop for Hive and Trino, default for ClickHouse)',
    )
    .addOption(new Option('--service <name>', 'of a cluster with several').choices(SQL_SERVICES))
    .addOption(
      new Option('--password <text>', 'the password; asked for by default').env('EMRYS_PASSWORD'),
    )
    .option('-e, --execute <sql>', 'run these statements and end')
    .option('--json', 'one JSON object a row')
    .addOption(new Option('--config <file>', 'settings in YAML or JSON').env('EMRYS_CONFIG'))
    .addHelpText('after', EXAMPLES)
    .action(async (typed: string, options: ConnectOptions) => {
      const client = adminClient(options)
      const id = await clusterIdOf(client, typed)
      const place = await placeOf(client, id, options.service)
      if (place.protocol === 'hive') return connectHive(place, options, out)
      const { user = USERS[place.protocol] ?? 'admin' } = options
      const password = await passwordOf(options, { id, user, place })
      const session = await withProgress(
        `connecting to ${place.host}:${place.port}`,
        (text) => out.paint('dim', text),
        () => opened(place, { user, password }),
      )
      try {
        const stage = stageOf(session, out, options.json === true)
        if (options.execute !== undefined) await runScript(stage, options.execute)
        else if (process.stdin.isTTY) await prompt(stage, { id, place })
        else await runScript(stage, await readAll(process.stdin))
      } finally {
        session.close()
      }
    })
}

/** Who owns the files of a cluster: the others may have no room to work in. */
const HIVE_USER = 'hadoop'
/** By protocol. */
const USERS: Readonly<Record<string, string>> = { 'clickhouse-http': 'default', trino: HIVE_USER }

interface Login {
  readonly user: string
  readonly password: string
}

/** Trino asks for none. */
async function passwordOf(
  { password }: ConnectOptions,
  { id, user, place }: { readonly id: string; readonly user: string; readonly place: Place },
): Promise<string> {
  if (place.protocol === 'trino') return ''
  return password ?? askPassword(`Password of ${user} at ${id}: `)
}

/** Loaded here and not above: other commands answer without its weight. */
async function opened({ protocol, host, port }: Place, login: Login): Promise<SqlSession> {
  const target = { host, port, ...login }
  if (protocol === 'trino') return (await import('./connect/trino-session.ts')).openTrino(target)
  if (protocol === 'clickhouse-http')
    return (await import('./connect/clickhouse-session.ts')).openClickHouse(target)
  return (await import('./connect/session.ts')).openSession(target)
}

async function connectHive(place: Place, options: ConnectOptions, out: Terminal): Promise<void> {
  const { config, user = HIVE_USER, password, execute: sql, json } = options
  if (json) throw new CommandProblem('Hive gives no JSON; without --json its rows have tabs')
  const { runBeeline } = await import('./connect/beeline.ts')
  const { cache } = loadWith({ config }).config.engines
  const { host, port } = place
  const shown = sql === undefined ? process.stdin.isTTY : out.columns !== undefined
  const login = { user, ...(password !== undefined && { password }) }
  process.exitCode = await runBeeline({ cache, host, port, ...login, sql, shown })
}

interface Place extends Pick<Target, 'host' | 'port'> {
  readonly protocol: string
}

async function placeOf(
  client: AdminClient,
  id: string,
  service: SqlService | undefined,
): Promise<Place> {
  const { cluster } = (await client.get(`clusters/${encodeURIComponent(id)}`)) as {
    readonly cluster: Cluster
  }
  const { substrate, status, product } = cluster
  const { state, reason, endpoints = [] } = status
  if (state !== 'running')
    throw new CommandProblem(`${id} is ${state}${reason === '' ? '' : `: ${reason}`}`)
  const sql = sqlEndpoint(endpoints, service)
  if (!sql && service !== undefined) throw new CommandProblem(`${id} has no ${service}`)
  if (!sql) {
    const has = [...new Set(endpoints.map(({ name }) => name))].join(', ')
    if (has === '')
      throw new CommandProblem(
        `${id} runs on ${substrate}, where nothing of it answers; the setting substrate.${product} says what carries new clusters`,
      )
    throw new CommandProblem(
      `${id} runs on ${substrate}, where nothing answers SQL; it has ${has}: \`emrys clusters\` shows where what can be reached`,
    )
  }
  return { host: sql.host, port: sql.port, protocol: sql.name }
}

function stageOf(session: SqlSession, out: Terminal, json: boolean): Stage {
  const form = json ? 'json' : out.columns === undefined ? 'tabs' : 'table'
  return {
    session,
    form,
    // A terminal that does not know its width says 0.
    width: () => out.columns || undefined,
    watched: out.live && process.stderr.isTTY,
    paint: out.paint,
    line: out.line,
    aside: (text) => void process.stderr.write(text),
  }
}

async function prompt(stage: Stage, at: { readonly id: string; readonly place: Place }) {
  const { promptLoop } = await import('./connect/prompt.ts')
  const { host, port } = at.place
  stage.aside(`${at.id} at ${host}:${port}: ${stage.session.version}\n\\h helps, \\q ends\n`)
  await promptLoop({ stage, history: openHistory(historyFile(process.env)) })
}

/** Everything that is there, until something is refused. A last statement needs no `;`. */
async function runScript(stage: Stage, text: string): Promise<void> {
  let interrupted = false
  const interrupt = () => {
    // The second time, the user wants to leave.
    if (interrupted) process.exit(130)
    interrupted = true
    stage.session.cancel().catch(() => process.exit(130))
  }
  process.on('SIGINT', interrupt)
  const { runStatement } = await import('./connect/run.ts')
  try {
    const { statements, rest, open } = cutStatements(text)
    if (open !== '') throw new CommandProblem(`the SQL ends within ${open}`)
    const last = rest.trim() === '' ? [] : [{ text: rest.trim(), vertical: false }]
    for (const statement of [...statements, ...last]) {
      if (interrupted) break
      if (await runStatement(stage, statement)) continue
      process.exitCode = 1
      break
    }
  } finally {
    process.off('SIGINT', interrupt)
    if (interrupted) process.exitCode = 130
  }
}
