/** `emrys config`: every setting, its value and where it comes from; of a running server, or of one that would be started here. */
import { Command } from 'commander'
import { settings } from '../config/setting.ts'
import { adminClient, withServer, type ServerOptions } from './admin-client.ts'
import { CommandProblem } from './problem.ts'
import { flagsOf, loadWith, withSettings } from './serve.ts'
import { table, type Column } from './table.ts'
import type { Terminal } from './terminal.ts'

const EXAMPLES = `
Examples:
  emrys config                                   what is in force in the running server; without one, as with --local
  emrys config --local                           what \`emrys serve\` would run with, started from here
  emrys config --config emrys.yaml --port 5000   … with this file and these flags; problems are listed, all of them
  emrys config --url http://127.0.0.1:5000       of this server, or exit code 1
  emrys config --json | jq '.[] | select(.from != "default")'

Which of the two is shown is said on standard error. Values of secrets are not shown.
In a configuration file, \`tls.cert\` is \`tls: { cert: … }\`.`

interface Row {
  readonly name: string
  readonly value: string
  readonly default: string
  readonly from: string
}

type Options = ServerOptions & { readonly json?: true; readonly local?: true }

export function configCommand(out: Terminal): Command {
  return withSettings(withServer(new Command('config')))
    .summary('every setting, what is in force, and from where')
    .description('Shows every setting with its default, its value and where the value comes from.')
    .option('--local', 'of a server that would be started here, not of the running one')
    .option('--json', 'as JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (options: Options, command: Command) => {
      const { rows, of } = await shown(options, command)
      process.stderr.write(`${of}\n`)
      if (options.json) return out.line(JSON.stringify(rows.map(withSources)))
      const title = (text: string) => out.paint('dim', text)
      for (const line of table(rows, columnsOf(out), { width: out.columns, title })) out.line(line)
    })
}

interface Shown {
  readonly rows: readonly Row[]
  /** Whose settings these are. */
  readonly of: string
}

/** Flags are of a server that would be started; a server that was named is asked, and no other one is shown in its place. */
async function shown(options: Options, command: Command): Promise<Shown> {
  const flags = flagsOf(command)
  const given = Object.entries(flags).filter(([, value]) => value !== undefined)
  const byFlag = given.some(([name]) => command.getOptionValueSource(name) === 'cli')
  const here = (why: string): Shown => ({
    rows: loadWith(flags).inForce,
    of: `${why}what \`emrys serve\` would run with, started here${byFlag ? ' with these flags' : ''}:`,
  })
  if (options.local || byFlag) return here('')
  try {
    const answer = (await adminClient(options).get('config')) as { settings: readonly Row[] }
    return { rows: answer.settings, of: `in force in the server at ${options.url}:` }
  } catch (problem) {
    const named = command.getOptionValueSource('url') !== 'default'
    if (named || !isNobodyThere(problem)) throw problem
    return here(`no server runs at ${options.url}; `)
  }
}

function isNobodyThere(problem: unknown): boolean {
  const { cause } = problem instanceof CommandProblem ? problem : {}
  return (cause as NodeJS.ErrnoException | undefined)?.code === 'ECONNREFUSED'
}

function columnsOf(out: Terminal): readonly Column<Row>[] {
  return [
    { title: 'SETTING', text: (row) => row.name, whole: true },
    { title: 'VALUE', text: (row) => row.value, whole: true },
    {
      title: 'FROM',
      text: (row) => row.from,
      paint: (text, row) => out.paint(row.from === 'default' ? 'dim' : 'bold', text),
      whole: true,
    },
    { title: 'DEFAULT', text: (row) => row.default, worth: 1, least: 0 },
    { title: 'ENVIRONMENT', text: (row) => withSources(row).env, worth: 2, least: 0 },
  ]
}

/** With the names under which a setting may be given. */
function withSources(row: Row): Row & { readonly env: string; readonly flag: string | null } {
  const declared = settings.find(({ name }) => name === row.name)
  return { ...row, env: declared?.env ?? '', flag: declared?.flag ?? null }
}
