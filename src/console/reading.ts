/** What is plotted of a cluster, out of what its engines and daemons report of themselves in Prometheus' text form. */

interface Figure {
  /** The figures of the reports that it is the sum of, over all processes of a cluster. */
  readonly of: readonly string[]
  /** What the sum is multiplied by; bytes of a MiB. */
  readonly times?: number
  /** What only grows is shown by how much it grew in a second. */
  readonly isRate?: true
}

export const figures = {
  cpu: { of: ['process_cpu_seconds_total'], isRate: true },
  memory: { of: ['process_resident_memory_bytes'] },
  queries: { of: ['starrocks_fe_query_total'], isRate: true },
  loaded: {
    of: ['starrocks_be_streaming_load_bytes', 'starrocks_be_transaction_streaming_load_bytes'],
    isRate: true,
  },
  hdfs: { of: ['hdfs_used_bytes'] },
  yarn: { of: ['yarn_memory_allocated_mib'], times: 1024 ** 2 },
} as const satisfies Readonly<Record<string, Figure>>

export type FigureName = keyof typeof figures
export const figureNames = Object.keys(figures) as readonly FigureName[]

export type Reading = ReadonlyMap<FigureName, number>

/** Those that the text has something of. */
export function readingOf(text: string): Reading {
  const sums = sumsOf(text)
  return new Map(
    figureNames.flatMap((name) => {
      const { of, times = 1 }: Figure = figures[name]
      const found = of.flatMap((each) => sums.get(each) ?? [])
      return found.length === 0 ? [] : [[name, times * found.reduce((sum, it) => sum + it)]]
    }),
  )
}

/** By name. A series that is said twice, as by two ports of one process, counts once. */
function sumsOf(text: string): ReadonlyMap<string, number> {
  const seen = new Set<string>()
  const sums = new Map<string, number>()
  for (const line of text.split('\n')) {
    const sample = /^(([a-zA-Z_:][\w:]*)(?:\{.*\})?) ([\d.eE+-]+)( -?\d+)?$/.exec(line)
    if (!sample) continue
    const [, series = '', name = '', value = ''] = sample
    if (seen.has(series) || !Number.isFinite(Number(value))) continue
    seen.add(series)
    sums.set(name, (sums.get(name) ?? 0) + Number(value))
  }
  return sums
}

/** What is plotted of a moment: undefined before a second reading, and where a process began again between the two. */
export function valueOf(
  name: FigureName,
  now: number,
  before: { readonly value: number; readonly seconds: number } | undefined,
): number | undefined {
  const { isRate }: Figure = figures[name]
  if (!isRate) return now
  if (!before || now < before.value || before.seconds <= 0) return undefined
  return (now - before.value) / before.seconds
}
