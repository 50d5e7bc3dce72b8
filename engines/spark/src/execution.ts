/** What Spark's REST says of the work for a statement (Spark 3.5, `/sql`): its figures are texts for people, node by node of its plan. */
import type { Execution, Volume } from '../../../src/substrate/local/service.ts'

export interface RestExecution {
  readonly id: number
  readonly status: Execution['state']
  readonly description: string
  readonly submissionTime: string
  readonly duration: number
  readonly nodes?: readonly RestNode[]
}

interface RestNode {
  readonly nodeName: string
  readonly metrics: readonly { readonly name: string; readonly value: string }[]
}

/** What is no client's statement: a session that is opened, and a command's result, which is read when the command is over. */
export function isOwnWork({ description, nodes = [] }: RestExecution): boolean {
  return (
    description.startsWith('openSession at CLIService') ||
    (nodes.length > 0 && nodes.every(({ nodeName }) => nodeName === 'CommandResult'))
  )
}

export function executionOf(application: string, it: RestExecution): Execution {
  const { id, status, description, submissionTime, duration, nodes = [] } = it
  return {
    id: String(id),
    application,
    statement: description,
    state: status,
    // `GMT` is not what JavaScript reads.
    startedMs: Date.parse(submissionTime.replace(/GMT$/, 'Z')),
    elapsedMs: duration,
    scanned: volumeOf(
      nodes.filter(({ nodeName }) => SCAN.test(nodeName)),
      READ,
    ),
    written: volumeOf(
      nodes.filter(({ nodeName }) => WRITE.test(nodeName)),
      WRITTEN,
    ),
  }
}

const SCAN = /^(?:Batch)?Scan\b/
const WRITE = /^Execute \w*Insert|^Execute \w*(?:Create\w*AsSelect)/

const READ: Readonly<Record<string, keyof Volume>> = {
  'number of partitions read': 'partitions',
  'number of output rows': 'rows',
  'number of files read': 'files',
  'size of files read': 'bytes',
}
const WRITTEN: Readonly<Record<string, keyof Volume>> = {
  'number of dynamic part': 'partitions',
  'number of output rows': 'rows',
  'number of written files': 'files',
  'written output': 'bytes',
}

function volumeOf(
  nodes: readonly RestNode[],
  names: Readonly<Record<string, keyof Volume>>,
): Volume {
  const sum = { partitions: 0, rows: 0, files: 0, bytes: 0 }
  for (const { metrics } of nodes)
    for (const { name, value } of metrics) {
      const member = names[name]
      if (member !== undefined) sum[member] += numberOf(value)
    }
  return sum
}

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB']

/** `1,234`, `14.0 B`, or of several tasks `total (min, med, max (stageId: taskId))\n1.2 KiB (…)`. */
function numberOf(text: string): number {
  const [, number = '0', unit = 'B'] =
    /^([\d,.]+)(?: ([KMGTP]?i?B))?/.exec(text.split('\n').at(-1) ?? '') ?? []
  const factor = 1024 ** Math.max(0, UNITS.indexOf(unit))
  return Math.round(Number(number.replaceAll(',', '')) * factor)
}
