/** `emrys logs`: the log of an instance's engine; its last lines, or as it grows. */
import { setTimeout as wait } from 'node:timers/promises'
import { Command } from 'commander'
import type { LogAnswer } from '../admin/log.ts'
import { adminClient, withServer, type ServerOptions } from './admin-client.ts'
import { visible } from './connect/cell.ts'
import { clusterIdOf } from './id.ts'
import { numberOf } from './number.ts'
import type { Style, Terminal } from './terminal.ts'

const EXAMPLES = `
Examples:
  emrys logs c-0123456789abcdef                    the last 100 lines
  emrys logs c-0123456789abcdef --lines 5 -f       the last five, and what comes; Ctrl-C ends it
  emrys logs emr-01234567 --component hdfs-namenode -f
                                                   of one daemon of an EMR cluster
  emrys logs c-0123456789abcdef | jq 'select(.level == "error")'
                                                   elsewhere than on a terminal: as written, one JSON object a line`

interface LogsOptions extends ServerOptions {
  readonly follow?: true
  readonly lines: string
  readonly json?: true
  readonly component?: string
}

const LOOK_EVERY_MS = 500

export function logsCommand(out: Terminal): Command {
  return withServer(new Command('logs'))
    .summary("an instance's log")
    .description("Shows the log of an instance's engine, for instances on the server's machine.")
    .argument(
      '<id>',
      'the instance, as `emrys clusters` shows it, or as much of its id as is unique',
    )
    .option('-f, --follow', 'keep printing what is added, through rotations')
    .option('--component <name>', 'of which daemon, such as hdfs-namenode; the first without it')
    .option('--lines <n>', 'how many of the last lines, 1 to 10000', '100')
    .option('--json', 'as it was written, one JSON object a line, on a terminal too')
    .addHelpText('after', EXAMPLES)
    .action(async (typed: string, options: LogsOptions) => {
      const lines = numberOf('--lines', options.lines, { min: 1, max: 10_000, whole: true })
      const client = adminClient(options)
      const id = await clusterIdOf(client, typed)
      const page = `clusters/${encodeURIComponent(id)}/log`
      const { component } = options
      const part = component === undefined ? '' : `&component=${encodeURIComponent(component)}`
      let answer = (await client.get(`${page}?lines=${lines}${part}`)) as LogAnswer
      const live = out.live && options.json !== true
      tell(answer, out, live)
      while (options.follow) {
        if (answer.text === '') await wait(LOOK_EVERY_MS)
        answer = (await client.get(`${page}?after=${answer.next}${part}`)) as LogAnswer
        tell(answer, out, live)
      }
    })
}

function tell({ text, gap }: LogAnswer, out: Terminal, live: boolean): void {
  if (gap) process.stderr.write('emrys: lines between were deleted by rotation\n')
  for (const line of text.split('\n').slice(0, -1))
    out.line(live ? readable(line, out.paint) : line)
}

const STYLES: Readonly<Record<string, Style>> = { warn: 'yellow', error: 'red', debug: 'dim' }

/** Time, level, sentence, and the rest as it is. A line that is no JSON object stays as it was written. */
export function readable(line: string, paint: Terminal['paint']): string {
  const entry = parsed(line)
  if (!entry) return visible(line)
  const { time, level, msg, ...rest } = entry
  const said = textOf(level)
  const facts = Object.entries(rest).map(
    ([name, value]) => `${name}=${visible(JSON.stringify(value))}`,
  )
  const parts = [
    paint('dim', textOf(time)),
    paint(STYLES[said] ?? 'green', said.padEnd(5)),
    textOf(msg),
    paint('dim', facts.join(' ')),
  ]
  return parts.join(' ').trimEnd()
}

function parsed(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line)
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
    return value as Readonly<Record<string, unknown>>
  } catch {
    return undefined
  }
}

function textOf(value: unknown): string {
  return visible(typeof value === 'string' ? value : (JSON.stringify(value) ?? ''))
}
