/**
 * The services that a request depends on, as the core calls them. A call meets the fault switches first: a switched-on fault
 * fails it, or slows it down, at the place in the request where the real service would be called. Switches are of this process
 * and are not remembered, but by servers that share a store.
 *
 * `call` throws DependencyFailed. `put` replaces the switch of the same dependency, action and mode.
 */
import type { Clock } from '../kernel/clock.ts'
import type { Random } from '../kernel/random.ts'
import { isMet, afterUse, type DependencyName, type FaultSwitch } from '../domain/dependency.ts'
import { Fault } from '../domain/fault.ts'
import { limits } from '../limits.ts'
import type { Call } from './call.ts'

export interface Dependencies {
  call(call: Call, dependency: DependencyName): Promise<void>
  switches(): readonly FaultSwitch[]
  /** Which calls met a switch, the latest first; so many are remembered. */
  met(): readonly MetFault[]
  put(it: FaultSwitch): void
  /** Takes out the switches of a dependency, or all; returns how many there were. */
  remove(dependency?: DependencyName): number
}

export interface MetFault extends Pick<FaultSwitch, 'dependency' | 'mode'> {
  readonly atMs: number
  readonly action: string
  readonly requestId: string
}

/** Takes one use off a switch that all servers share; false when another one had the last. */
export type SpendFault = (it: FaultSwitch) => Promise<boolean>

export interface DependenciesOptions {
  readonly clock: Clock
  readonly random: Random
  readonly spend?: SpendFault
}

export function dependencies({ clock, random, spend }: DependenciesOptions): Dependencies {
  let switches: readonly FaultSwitch[] = []
  const met: MetFault[] = []
  const without = (gone: (it: FaultSwitch) => boolean) => switches.filter((each) => !gone(each))
  const note = ({ action, requestId }: Call, { dependency, mode }: FaultSwitch) => {
    met.unshift({ atMs: clock.now(), dependency, mode, action, requestId })
    met.splice(limits.faultHistory)
  }
  const wait = (ms: number) =>
    new Promise<void>((resolve) => clock.at(clock.now() + ms, () => resolve()))
  return {
    async call(call, dependency) {
      if (switches.length === 0) return
      const found = switches.find(
        (each) => each.dependency === dependency && isMet(each, call.action, random.fraction()),
      )
      if (!found) return
      if (spend && found.times !== undefined && !(await spend(found))) return
      // Spent before anything is waited for: two calls at once must not both meet the last one.
      switches = switches.flatMap((each) => (each === found ? (afterUse(found) ?? []) : each))
      note(call, found)
      if (found.latencyMs > 0) await wait(Math.min(found.latencyMs, limits.faultLatencyMs))
      if (found.mode !== 'latency')
        throw new Fault('DependencyFailed', { dependency, mode: found.mode })
    },
    switches: () => switches,
    met: () => met,
    put(it) {
      const rest = without(
        (each) =>
          each.dependency === it.dependency && each.action === it.action && each.mode === it.mode,
      )
      switches = [it, ...rest].slice(0, limits.faultSwitches)
    },
    remove(dependency) {
      const before = switches.length
      switches = dependency === undefined ? [] : without((each) => each.dependency === dependency)
      return before - switches.length
    },
  }
}
