/** The lifecycles as drawings and tables, and what each cloud calls their states and the changes of a cluster. */
import type { Change } from '../../src/domain/cluster/change.ts'
import type { Cluster } from '../../src/domain/cluster/cluster.ts'
import { clusterLifecycle, type ClusterState } from '../../src/domain/cluster/lifecycle.ts'
import type { NodeGroup } from '../../src/domain/cluster/node-group.ts'
import type { Lifecycle } from '../../src/domain/lifecycle.ts'
import { changeVerbs, type ChangeVerb } from '../../src/domain/operation.ts'
import { orderLifecycle } from '../../src/domain/order.ts'
import { instanceStatus, nodeGroupStatus } from '../../src/dialect/alibaba/states.ts'
import { statusOf, statusTextOf } from '../../src/dialect/tencent/states.ts'
import { changeActions } from '../../test/support/fixture/change.ts'
import { code, page, tableOf } from './markdown.ts'

export function lifecyclesPage(): string {
  const states = clusterLifecycle.states.filter((state) => state !== 'changing')
  return page(
    'Lifecycles',
    'A state changes by an event that its table names, and by nothing else; any other event is refused.',
    section(clusterLifecycle),
    '### What the clouds call the states of a cluster',
    'A cluster that is `changing` has a word for each change, below.',
    tableOf(
      ['State', ...WORDS],
      states.map((state) => [code(state), ...wordsOf(clusterIn(state))]),
    ),
    '### What the clouds call the changes of a cluster',
    'EMR has codes of its own where all nodes that are removed are of one role: `15` for core, `16` for task and `17` for router nodes.',
    tableOf(
      ['Change', ...WORDS],
      changeVerbs.map((verb) => [code(verb), ...wordsOf(clusterInChange(verb))]),
    ),
    section(orderLifecycle),
  )
}

const WORDS = ['StarRocks instance', 'Its node groups', 'EMR cluster']

/** As much of a cluster as words are chosen by. */
type Shown = Pick<Cluster, 'status' | 'change'>

function clusterIn(state: ClusterState): Shown {
  return { status: { state, reason: '', stateSinceMs: 0, observedGeneration: 0, nodes: {} } }
}

function clusterInChange(verb: ChangeVerb): Shown {
  const change = { ...changeActions[verb], scope: { of: 'cluster' } } as unknown as Change
  return { ...clusterIn('changing'), change }
}

function wordsOf(cluster: Shown): readonly string[] {
  return [
    code(instanceStatus(cluster)),
    code(nodeGroupStatus(cluster as Cluster, {} as NodeGroup)),
    `${code(String(statusOf(cluster)))} ${statusTextOf(cluster, 'en')}`.trim(),
  ]
}

function section<S extends string, E extends string>(it: Lifecycle<S, E>): string {
  const arrows = it.states.flatMap((state) =>
    (Object.entries(it.table[state]) as [E, S][]).map(([event, to]) => ({ state, event, to })),
  )
  const drawing = arrows.map(({ state, event, to }) => `  ${state} --> ${to}: ${event}`)
  const events = [...new Set(arrows.map(({ event }) => event))]
  const rows = it.states.map((state) => [
    code(state),
    ...events.map((event) => code(it.next(state, event) ?? '')),
  ])
  return [
    `## ${it.name}`,
    ['```mermaid', 'stateDiagram-v2', `  [*] --> ${it.states[0] ?? ''}`, ...drawing, '```'].join(
      '\n',
    ),
    tableOf(['State', ...events], rows),
  ].join('\n\n')
}
