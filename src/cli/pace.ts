/** `emrys pace`: the pace of simulated clusters. */
import { Command } from 'commander'
import { adminClient, withServer, type ServerOptions } from './admin-client.ts'
import { CommandProblem } from './problem.ts'
import { table } from './table.ts'
import type { Terminal } from './terminal.ts'

const EXAMPLES = `
Examples:
  emrys pace                        the paces in force
  emrys pace default immediate      clusters are ready, and gone, at once
  emrys pace starrocks time:30      a step of a StarRocks instance takes 30 s
  emrys pace hadoop manual:3        a step is done once a client has described the cluster 3 times

It applies to clusters in transition as well, until the server is restarted; \`emrys serve --simulation-default\` keeps it over restarts.`

interface PaceAnswer {
  readonly families: readonly string[]
  readonly paces: Readonly<Record<string, string>>
}

export function paceCommand(out: Terminal): Command {
  return withServer(new Command('pace'))
    .summary('the pace of simulated clusters')
    .description('Shows or changes the pace of simulated clusters of an engine family.')
    .argument('[family]', 'an engine family, or default for those without a pace of their own')
    .argument('[pace]', 'immediate, time:SECONDS or manual:LOOKS')
    .option('--json', 'as JSON')
    .addHelpText('after', EXAMPLES)
    .action(
      async (
        family: string | undefined,
        pace: string | undefined,
        options: ServerOptions & { json?: true },
      ) => {
        const client = adminClient(options)
        const answer = (
          family !== undefined && pace !== undefined
            ? await client.send('PUT', `progression/${encodeURIComponent(family)}`, { pace })
            : await client.get('progression')
        ) as PaceAnswer
        if (family !== undefined && !answer.families.includes(family))
          throw new CommandProblem(`${family} must be one of ${answer.families.join(', ')}`)
        const shown = family === undefined ? answer.families : [family]
        const asDefault = `as default (${answer.paces['default']})`
        const rows = shown.map((name) => ({ name, pace: answer.paces[name] ?? asDefault }))
        if (options.json) return out.line(JSON.stringify(answer.paces))
        const columns = [
          { title: 'FAMILY', text: (row: { name: string }) => row.name },
          { title: 'PACE', text: (row: { pace: string }) => row.pace },
        ]
        const title = (text: string) => out.paint('dim', text)
        for (const line of table(rows, columns, { width: out.columns, title })) out.line(line)
      },
    )
}
