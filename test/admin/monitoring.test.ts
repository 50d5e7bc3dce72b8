/**
 * The alert rules and the dashboard beside the chart ask for what a real server shows: names, labels and their values are compared with
 * the page of one that carries an instance on this machine and sends spans. Whether rules fire is shown by `promtool` (scripts/client).
 */
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { parse } from 'yaml'
import { stateTraits } from '../../src/domain/cluster/lifecycle.ts'
import { faults } from '../../src/dialect/tencent/faults.ts'
import { systemClock } from '../../src/kernel/clock.ts'
import {
  createInstance,
  localDataDirectory,
  smallEngines,
} from '../support/engine/local-instances.ts'
import { startCloud } from '../support/fixture/cloud.ts'
import { askAdmin } from '../support/http/admin.ts'
import { spanCollector } from '../support/http/span-collector.ts'

const FOLDER = join(import.meta.dirname, '../../charts/emrys/monitoring')
const read = (file: string) => readFileSync(join(FOLDER, file), 'utf8')

interface Query {
  readonly where: string
  readonly expr: string
  /** Labels that its texts name. */
  readonly named: readonly string[]
}

const rules = (
  parse(read('alerts.yaml')) as {
    readonly groups: readonly {
      readonly rules: readonly {
        readonly alert: string
        readonly expr: string
        readonly annotations: Readonly<Record<string, string>>
      }[]
    }[]
  }
).groups.flatMap((group) => group.rules)

const panels = (
  JSON.parse(read('dashboard.json')) as {
    readonly panels: readonly {
      readonly title: string
      readonly type: string
      readonly targets?: readonly { readonly expr: string; readonly legendFormat: string }[]
    }[]
  }
).panels

const labelsIn = (text: string) =>
  [...text.matchAll(/\{\{ ?(?:\$labels\.)?(\w+) ?\}\}/g)].map(([, label = '']) => label)

const queries: readonly Query[] = [
  ...rules.map(({ alert, expr, annotations }) => ({
    where: alert,
    expr,
    named: Object.values(annotations).flatMap(labelsIn),
  })),
  ...panels.flatMap(({ title, targets = [] }) =>
    targets.map(({ expr, legendFormat }) => ({
      where: title,
      expr,
      named: labelsIn(legendFormat),
    })),
  ),
]

/** What Prometheus itself says of whom it asks, and puts beside every sample. */
const OF_PROMETHEUS = ['job', 'instance']
const figures = { 'emrys_clusters state': Object.keys(stateTraits) } as const

test(
  'every name, label and value that a rule or a panel asks for is one that a server shows',
  { skip: existsSync('/proc/self/stat') ? false : 'there is no /proc to see processes in' },
  async (t) => {
    const collector = await spanCollector(t)
    const cloud = await startCloud(t, {
      dataDir: localDataDirectory(t),
      clock: systemClock(),
      config: { ...smallEngines, tracing: { endpoint: collector.endpoint } },
    })
    await createInstance(cloud.port)
    const shown = samplesIn((await askAdmin(cloud.port, 'metrics')).text)
    shown.set('up', new Map())
    const outcomes = ['ok', 'bug', ...Object.keys(faults)]
    const wrong = queries.flatMap((query) => problemsOf(query, shown, outcomes))
    assert.deepEqual(wrong, [])
    const asked = new Set(
      queries.flatMap(({ expr }) => partsOf(expr).selectors.map(([name]) => name)),
    )
    const own = [...shown.keys()].filter((name) => name.startsWith('emrys_'))
    const nobodyAsks = own.filter((name) => !asked.has(name) && !/_(sum|count)$/.test(name))
    assert.deepEqual(nobodyAsks, [])
  },
)

test('there are rules and panels, each alert with a text and a test of its own', () => {
  assert.ok(rules.length >= 10 && panels.filter(({ type }) => type !== 'row').length >= 10)
  const tests = read('alerts.test.yaml')
  for (const { alert, annotations } of rules) {
    assert.ok(annotations['summary'] && annotations['description'], alert)
    assert.ok(tests.includes(alert), `${alert} has no test`)
  }
})

test('the check notices each kind of mistake', () => {
  const shown = samplesIn('emrys_clusters{product="a",state="running"} 1\nplain 2\n')
  const problems = (expr: string, named: readonly string[] = []) =>
    problemsOf({ where: 'x', expr, named }, shown, ['ok']).length
  assert.equal(problems('sum by (product) (emrys_clusters{state="running"}) > 0', ['product']), 0)
  assert.equal(problems('rate(plain{job=~"$job"}[5m]) / 2', ['job']), 0)
  assert.equal(problems('emrys_cluster'), 1)
  assert.equal(problems('emrys_clusters{stat="running"}'), 1)
  assert.equal(problems('emrys_clusters{state="runing"}'), 1)
  assert.equal(problems('emrys_clusters{state=~"running|runing"}'), 1)
  assert.equal(problems('sum by (region) (emrys_clusters)'), 1)
  assert.equal(problems('sum by (product) (emrys_clusters)', ['state']), 1)
  assert.equal(problems('plain', ['cluster']), 1)
})

type Samples = Map<string, Map<string, Set<string>>>

/** The values of each label of each name. */
function samplesIn(page: string): Samples {
  const found: Samples = new Map()
  for (const [, name = '', labels = ''] of page.matchAll(/^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? /gm)) {
    const known = found.get(name) ?? new Map<string, Set<string>>()
    found.set(name, known)
    for (const [, label = '', value = ''] of labels.matchAll(/(\w+)="([^"]*)"/g))
      known.set(label, (known.get(label) ?? new Set()).add(value))
  }
  return found
}

/** What a query is made of, as far as it names things. */
function partsOf(expr: string) {
  const grouped = [...expr.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, list = '']) =>
    list.split(',').map((label) => label.trim()),
  )
  const rest = expr.replaceAll(/\bby \([^)]*\)/g, ' ').replaceAll(/\[[^\]]*\]/g, ' ')
  const selectors = [
    ...rest.matchAll(/(?<![\w$"])([a-zA-Z_:][\w:]*)(?:\{([^}]*)\}|(?![\w:]*\s*\())/g),
  ].map(([, name = '', matchers = '']): readonly [string, string] => [name, matchers])
  return { grouped, selectors }
}

function problemsOf(
  { where, expr, named }: Query,
  shown: Samples,
  outcomes: readonly string[],
): readonly string[] {
  const problems: string[] = []
  const { grouped, selectors } = partsOf(expr)
  const labels = new Set(OF_PROMETHEUS)
  for (const [name, matchers] of selectors) {
    const known = shown.get(name)
    if (!known) problems.push(`${where}: no server shows ${name}`)
    for (const label of known?.keys() ?? []) labels.add(label)
    for (const [, label = '', how, text = ''] of matchers.matchAll(/(\w+)(=~?)"([^"]*)"/g)) {
      if (OF_PROMETHEUS.includes(label)) continue
      if (known && !known.has(label)) problems.push(`${where}: ${name} has no label ${label}`)
      const legal = new Set([...(known?.get(label) ?? []), ...legalValues(name, label, outcomes)])
      for (const value of how === '=' ? [text] : text.split('|'))
        if (known?.has(label) && !legal.has(value))
          problems.push(`${where}: ${label} of ${name} is never ${value}`)
    }
  }
  const there = grouped.length === 0 ? labels : new Set(grouped)
  for (const label of grouped)
    if (!labels.has(label)) problems.push(`${where}: nothing has the label ${label}`)
  for (const label of named)
    if (label !== 'value' && !there.has(label)) problems.push(`${where}: its text has no ${label}`)
  return problems
}

/** What was not seen of this server, and is seen of others. */
function legalValues(name: string, label: string, outcomes: readonly string[]): readonly string[] {
  if (name === 'emrys_requests_total' && label === 'outcome') return outcomes
  return figures[`${name} ${label}` as keyof typeof figures] ?? []
}
