/**
 * Fault switches: which of the services that a cloud depends on fail, for tests of what a client does then. They hold until
 * they have been met `times` times, are taken out, or the server restarts.
 */
import {
  dependencyNames,
  switchModes,
  type DependencyName,
  type FaultSwitch,
} from '../domain/dependency.ts'
import { limits } from '../limits.ts'
import type { AdminContext } from './context.ts'
import { AdminProblem, json, optionalWhole, type Page } from './page.ts'

/** A switch as the admin pages show it; null means all. */
export interface FaultRow {
  readonly dependency: string
  readonly mode: string
  readonly probability: number
  readonly times: number | null
  readonly latencyMs: number
  readonly action: string | null
}

export function faultPages({ dependencies }: Pick<AdminContext, 'dependencies'>): readonly Page[] {
  const status = () =>
    json({ faults: dependencies.switches().map(rowOf), dependencies: dependencyNames })
  return [
    {
      method: 'GET',
      path: '/_emrys/faults',
      does: 'the fault switches, and the dependencies that can have some',
      run: async () => status(),
    },
    {
      method: 'PUT',
      path: '/_emrys/faults',
      does: `switches a fault on: {"dependency":"…","mode":"${switchModes.join('" | "')}"[,"probability":0..1][,"times":n][,"latencyMs":n][,"action":"…"]}`,
      members: ['dependency', 'mode', 'probability', 'times', 'latencyMs', 'action'],
      async run({ members }) {
        dependencies.put(switchOf(members))
        return status()
      },
    },
    {
      method: 'DELETE',
      path: '/_emrys/faults',
      does: 'switches every fault off',
      async run() {
        return json({ removed: dependencies.remove() })
      },
    },
    {
      method: 'DELETE',
      path: '/_emrys/faults/{dependency}',
      does: 'switches the faults of a dependency off',
      async run({ name }) {
        return json({ removed: dependencies.remove(nameOf(name)) })
      },
    },
  ]
}

function rowOf(it: FaultSwitch): FaultRow {
  return { ...it, times: it.times ?? null, action: it.action ?? null }
}

type Members = Readonly<Record<string, unknown>>

function switchOf(members: Members): FaultSwitch {
  const { dependency, mode, action } = members
  const known = switchModes.find((each) => each === mode)
  if (!known) throw new AdminProblem(`mode must be one of ${switchModes.join(', ')}`)
  if (action !== undefined && (typeof action !== 'string' || !/^\w{1,64}$/.test(action)))
    throw new AdminProblem('action must be the name of an action')
  const { probability = 1 } = members
  if (typeof probability !== 'number' || !(probability > 0 && probability <= 1))
    throw new AdminProblem('probability must be a number above 0, up to 1')
  const latencyMs = optionalWhole(members, 'latencyMs', { min: 0, max: limits.faultLatencyMs }) ?? 0
  if (known === 'latency' && latencyMs === 0) throw new AdminProblem('mode latency needs latencyMs')
  return {
    dependency: nameOf(dependency),
    mode: known,
    probability,
    times: optionalWhole(members, 'times', { min: 1, max: Number.MAX_SAFE_INTEGER }),
    latencyMs,
    action,
  }
}

function nameOf(value: unknown): DependencyName {
  const known = dependencyNames.find((each) => each === value)
  if (known) return known
  throw new AdminProblem(`dependency must be one of ${dependencyNames.join(', ')}`)
}
