/**
 * The services that a cloud's own create and describe requests depend on, and the switches that make them fail: for tests of
 * what a client does then. A switch says which service fails, how, how often, and for which action.
 */

export const dependencyNames = [
  'account',
  'identity',
  'configuration',
  'project',
  'network',
  'security-group',
  'compute',
  'block-storage',
  'metadata-database',
  'container-service',
  'tag',
  'key-management',
  'trade',
] as const

export type DependencyName = (typeof dependencyNames)[number]

/** `gateway`: the service was not reached. `service`: it was, and answered with an error of its own. */
export const failureModes = ['gateway', 'service'] as const
export type FailureMode = (typeof failureModes)[number]

/** `latency` only makes it slow. */
export const switchModes = [...failureModes, 'latency'] as const

export interface FaultSwitch {
  readonly dependency: DependencyName
  readonly mode: (typeof switchModes)[number]
  /** Of a call meeting it: above 0, up to 1. */
  readonly probability: number
  /** How many more calls meet it; undefined is all. */
  readonly times: number | undefined
  readonly latencyMs: number
  /** Only calls on behalf of this action; undefined is any. */
  readonly action: string | undefined
}

export function isMet(it: FaultSwitch, action: string, fraction: number): boolean {
  return (it.action === undefined || it.action === action) && fraction < it.probability
}

/** The switch after a call met it; undefined when that was the last one. */
export function afterUse(it: FaultSwitch): FaultSwitch | undefined {
  if (it.times === undefined) return it
  return it.times > 1 ? { ...it, times: it.times - 1 } : undefined
}
