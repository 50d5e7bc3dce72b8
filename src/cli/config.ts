/** `emrys config`: every setting, its value and where it comes from; of a running server, or of one that would be started here. */
import { Command } from 'commander'
import { settings } from '../config/setting.ts'
import { adminClient, withServer, type ServerOptions } from './admin-client.ts'
import { flagsOf, loadWith, withSettings } from './serve.ts'
import { table } from './table.ts'
import type { Terminal } from './terminal.ts'

const EXAMPLES = `
Examples:
  emrys config                                   what is in force in the running server
  emrys config --local                           what \`emrys serve\` would run with, started from here
  emrys config --local --config emrys.yaml       … with this file; problems are listed, all of them
  emrys config --json | jq '.[] | select(.from != "default")'`

interface Row {
  readonly name: string
  readonly value: string
  readonly from: string
}

export function configCommand(out: Terminal): Command {
  return withSettings(withServer(new Command('config')))
    .summary('what is in force, and from where')
    .description('Shows every setting, its value and where the value comes from.')
    .option('--local', 'of a server that would be started here, not of the running one')
    .option('--json', 'as JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (options: ServerOptions & { json?: true; local?: true }, command: Command) => {
      const rows = options.local ? loadWith(flagsOf(command)).inForce : await ofRunning(options)
      if (options.json) return out.line(JSON.stringify(rows))
      const columns = [
        { title: 'SETTING', text: (row: Row) => row.name },
        { title: 'VALUE', text: (row: Row) => row.value },
        {
          title: 'FROM',
          text: (row: Row) => row.from,
          paint: (text: string, row: Row) =>
            out.paint(row.from === 'default' ? 'dim' : 'bold', text),
        },
        { title: 'ENVIRONMENT', text: (row: Row) => envOf(row.name) },
      ]
      const title = (text: string) => out.paint('dim', text)
      for (const line of table(rows, columns, { width: out.columns, title })) out.line(line)
    })
}

async function ofRunning(options: ServerOptions): Promise<readonly Row[]> {
  const answer = (await adminClient(options).get('config')) as { settings: readonly Row[] }
  return answer.settings
}

function envOf(name: string): string {
  return settings.find((setting) => setting.name === name)?.env ?? ''
}
