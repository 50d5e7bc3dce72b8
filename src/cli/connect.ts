/** `emrys connect`: a SQL prompt on a running instance, or one statement, or a script. */
import { text as readAll } from 'node:stream/consumers'
import { Command, Option } from 'commander'
import type { Cluster } from '../domain/cluster/cluster.ts'
import { adminClient, withServer, type AdminClient, type ServerOptions } from './admin-client.ts'
import { historyFile, openHistory } from './connect/history.ts'
import { askPassword } from './connect/password.ts'
import type { Stage } from './connect/run.ts'
import type { SqlSession, Target } from './connect/session.ts'
import { cutStatements } from './connect/statement.ts'
import { clusterIdOf } from './id.ts'
import { CommandProblem } from './problem.ts'
import { withProgress } from './progress.ts'
import type { Terminal } from './terminal.ts'

const EXAMPLES = `
Examples:
  emrys connect c-0123456789abcdef                  a prompt; \\h shows its commands
  emrys connect c-0123456789abcdef -e 'show databases'
  EMRYS_PASSWORD=… emrys connect c-0123456789abcdef < load.sql
                                                  a script; it ends at the first statement that is refused
  emrys connect c-0123456789abcdef -e 'select * from shop.orders' --json | jq .total

Results are tables on a terminal; elsewhere the names and rows by tabs, NULL as \\N; with --json an object a line.
\`--password\` can be read by others of this machine while the command runs; EMRYS_PASSWORD cannot.
Exit codes: 0, 1 when something was refused, 130 after Ctrl-C. It finds the instance by the server's admin pages.`

interface ConnectOptions extends ServerOptions {
  readonly user: string
  readonly password?: string
  readonly execute?: string
  readonly json?: true
}

export function connectCommand(out: Terminal): Command {
  return withServer(new Command('connect'))
    .summary('a SQL prompt on a running instance')
    .description('Opens a SQL prompt on a running instance, or runs what it is given.')
    .argument(
      '<id>',
      'the instance, as `emrys clusters` shows it, or as much of its id as is unique',
    )
    .option('--user <name>', 'who logs in', 'admin')
    .addOption(
      new Option('--password <text>', 'the password; asked for by default').env('EMRYS_PASSWORD'),
    )
    .option('-e, --execute <sql>', 'run these statements and end')
    .option('--json', 'one JSON object a row')
    .addHelpText('after', EXAMPLES)
    .action(async (typed: string, options: ConnectOptions) => {
      const client = adminClient(options)
      const id = await clusterIdOf(client, typed)
      const place = await placeOf(client, id)
      const { user } = options
      const password = options.password ?? (await askPassword(`Password of ${user} at ${id}: `))
      // Loaded here and not above: other commands answer without its weight.
      const { openSession } = await import('./connect/session.ts')
      const session = await withProgress(
        `connecting to ${place.host}:${place.port}`,
        (text) => out.paint('dim', text),
        () => openSession({ ...place, user, password }),
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

type Place = Pick<Target, 'host' | 'port'>

async function placeOf(client: AdminClient, id: string): Promise<Place> {
  const { cluster } = (await client.get(`clusters/${encodeURIComponent(id)}`)) as {
    readonly cluster: Cluster
  }
  const { substrate, status } = cluster
  const { state, reason, endpoints = [] } = status
  if (state !== 'running')
    throw new CommandProblem(`${id} is ${state}${reason === '' ? '' : `: ${reason}`}`)
  const sql = endpoints.find(({ name }) => name === 'mysql')
  if (!sql)
    throw new CommandProblem(
      `${id} runs on ${substrate}, where nothing answers SQL; \`emrys clusters\` shows where what can be reached`,
    )
  return { host: sql.host, port: sql.port }
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
