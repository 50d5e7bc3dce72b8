/** `emrys fault`: makes the services that a cloud depends on fail, or a simulated node, to see what a client does then. */
import { Command, Option } from 'commander'
import type { FaultRow } from '../admin/fault.ts'
import { switchModes } from '../domain/dependency.ts'
import { nodeFaults } from '../substrate/port.ts'
import { adminClient, withServer } from './admin-client.ts'
import { CommandProblem } from './problem.ts'
import type { OutputOptions } from './subcommand.ts'
import { table, type Column } from './table.ts'
import type { Terminal } from './terminal.ts'

const EXAMPLES = `
Examples:
  emrys fault                                    the faults that are switched on, and what can fail
  emrys fault on block-storage                   every request that asks for disks is refused …
  emrys fault on block-storage --mode service    … with the error of the service itself, not of its gateway
  emrys fault on trade --times 2                 the next two orders fail
  emrys fault on network --probability 0.1 --action CreateInstance
  emrys fault on compute --mode latency --latency 3000
  emrys fault off compute                        one of them off, \`emrys fault off\` all
  emrys fault node c-1 c-1-be-1 --as hang        the process of a simulated node hangs and is started again

Switches are forgotten when the server restarts.`

interface OnOptions extends OutputOptions {
  readonly mode: string
  readonly probability?: string
  readonly times?: string
  readonly latency?: string
  readonly action?: string
}

interface FaultAnswer {
  readonly faults: readonly FaultRow[]
  readonly dependencies: readonly string[]
}

export function faultCommand(out: Terminal): Command {
  return withServer(new Command('fault'))
    .summary('make a dependency of the clouds fail')
    .description(
      'Shows, switches on and switches off faults of the services that a cloud depends on.',
    )
    .option('--json', 'as JSON')
    .addHelpText('afterAll', EXAMPLES)
    .action(async (options: OutputOptions) => {
      show(out, (await adminClient(options).get('faults')) as FaultAnswer, options)
    })
    .addCommand(onCommand(out))
    .addCommand(offCommand(out))
    .addCommand(nodeCommand(out))
}

function onCommand(out: Terminal): Command {
  return withServer(new Command('on'))
    .description('switch a fault on')
    .argument('<dependency>', '`emrys fault` lists them')
    .addOption(new Option('--mode <mode>', 'how it fails').choices(switchModes).default('gateway'))
    .option('--probability <p>', 'of a call meeting it; 1 without')
    .option('--times <n>', 'after so many calls it is off again')
    .option('--latency <ms>', 'how long the call takes before')
    .option('--action <name>', 'only for this action')
    .option('--json', 'as JSON')
    .action(async (dependency: string, options: OnOptions) => {
      const { mode, action, probability, times, latency } = options
      const answer = await adminClient(options).send('PUT', 'faults', {
        dependency,
        mode,
        action,
        probability: numberOf('--probability', probability),
        times: numberOf('--times', times),
        latencyMs: numberOf('--latency', latency),
      })
      show(out, answer as FaultAnswer, options)
    })
}

function offCommand(out: Terminal): Command {
  return withServer(new Command('off'))
    .description('switch the faults of a dependency off, or all of them')
    .argument('[dependency]')
    .option('--json', 'as JSON')
    .action(async (dependency: string | undefined, options: OutputOptions) => {
      const page = dependency === undefined ? 'faults' : `faults/${encodeURIComponent(dependency)}`
      const answer = (await adminClient(options).send('DELETE', page)) as { removed: number }
      out.line(options.json ? JSON.stringify(answer) : `${answer.removed} switched off`)
    })
}

function nodeCommand(out: Terminal): Command {
  return withServer(new Command('node'))
    .description('let a simulated node fail once; what runs really fails by itself')
    .argument('<cluster>')
    .argument('<node>', 'its id')
    .addOption(new Option('--as <fault>', 'how it fails').choices(nodeFaults).default('end'))
    .action(async (cluster: string, node: string, options: OutputOptions & { as: string }) => {
      await adminClient(options).send('POST', 'node-faults', { cluster, node, fault: options.as })
      out.line(`${node} of ${cluster}: ${options.as}`)
    })
}

function show(out: Terminal, answer: FaultAnswer, { json }: OutputOptions): void {
  if (json) return out.line(JSON.stringify(answer))
  if (answer.faults.length === 0) {
    out.line('no fault is switched on')
    return out.line(out.paint('dim', `what can fail: ${answer.dependencies.join(', ')}`))
  }
  const columns: readonly Column<FaultRow>[] = [
    { title: 'DEPENDENCY', text: (row: FaultRow) => row.dependency, whole: true },
    { title: 'MODE', text: (row: FaultRow) => row.mode },
    { title: 'PROBABILITY', text: (row: FaultRow) => String(row.probability) },
    { title: 'TIMES', text: (row: FaultRow) => String(row.times ?? 'always') },
    { title: 'LATENCY', text: (row: FaultRow) => `${row.latencyMs} ms` },
    { title: 'ACTION', text: (row: FaultRow) => row.action ?? 'any', whole: true },
  ]
  const title = (text: string) => out.paint('dim', text)
  for (const line of table(answer.faults, columns, { width: out.columns, title })) out.line(line)
}

function numberOf(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text)
  throw new CommandProblem(`${flag} must be a number, not \`${text}\``)
}
