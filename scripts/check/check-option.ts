/** What `npm test` and its kin are asked for. */
import { parseArgs } from 'node:util'

/** Each is a ring of tests of its own, beside `plain`, and what its tests need or do. */
export const RINGS = {
  engines: 'run whole services of EMR clusters',
  latency: 'measure how long one client holds up the others, alone',
  modules: 'need modules of engines (`emrys engines fetch`)',
  crash: 'kill servers and engines',
  postgres: 'need a PostgreSQL',
  kubernetes: 'need a control plane of Kubernetes, which Go builds',
  console: 'need a browser',
  package: 'try what is published',
} as const

export type Ring = keyof typeof RINGS | 'plain'

export interface CheckOptions {
  readonly ring: Ring
  readonly files: readonly string[]
  readonly long: boolean
  readonly times: boolean
  readonly help: boolean
}

const NAMES = Object.keys(RINGS) as (keyof typeof RINGS)[]

export const HELP = `Usage: npm test -- [OPTION …] [FILE …]

Without options and files: format, lint, types, what is unused, then every test
that needs npm alone.
With files only their tests run: npm test -- test/kernel/clock.test.ts

Only the tests that
${NAMES.map((name) => `  --${name.padEnd(12)}${RINGS[name]}`).join('\n')}

  --long        the crash, fuzz, property and database tests in their long
                version (EMRYS_LONG=1)
  --times       show which files cost the most processor time
  --help        this text
`

/** Throws a sentence for what is no option. */
export function checkOptions(args: readonly string[]): CheckOptions {
  const boolean = { type: 'boolean', default: false } as const
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      ...(Object.fromEntries(NAMES.map((name) => [name, boolean])) as Record<
        keyof typeof RINGS,
        typeof boolean
      >),
      long: boolean,
      times: boolean,
      help: boolean,
    },
  })
  const { long, times, help } = values
  return {
    ring: NAMES.find((name) => values[name]) ?? 'plain',
    files: positionals,
    long,
    times,
    help,
  }
}
