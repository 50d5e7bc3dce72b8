/** The lifecycles as drawings and tables, and what each cloud calls their states. */
import { clusterLifecycle } from '../../src/domain/cluster/lifecycle.ts'
import type { Lifecycle } from '../../src/domain/lifecycle.ts'
import { orderLifecycle } from '../../src/domain/order.ts'
import { instanceStatus, nodeGroupStatus } from '../../src/dialect/alibaba/states.ts'
import { stateText, statusOf } from '../../src/dialect/tencent/states.ts'
import { code, page, tableOf } from './markdown.ts'

export function lifecyclesPage(): string {
  const words = clusterLifecycle.states.map((state) => [
    code(state),
    code(instanceStatus(state)),
    code(nodeGroupStatus(state)),
    `${code(String(statusOf[state]))} ${stateText(state, 'en')}`.trim(),
  ])
  return page(
    'Lifecycles',
    'A state changes by an event that its table names, and by nothing else; any other event is refused.',
    section(clusterLifecycle),
    '### What the clouds call the states of a cluster',
    tableOf(['State', 'StarRocks instance', 'Its node groups', 'EMR cluster'], words),
    section(orderLifecycle),
  )
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
