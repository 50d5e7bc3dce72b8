/**
 * Composition root, its part for several servers of one store: what each of them would otherwise keep to itself. With a store of its own, a
 * server has it in its memory.
 */
import type { PagePositions } from '../../app/cluster/page-position.ts'
import type { Core } from '../../app/core.ts'
import type { SpendFault } from '../../app/dependency.ts'
import type { Identity } from '../../app/identity/identity.ts'
import { afterUse, type FaultSwitch } from '../../domain/dependency.ts'
import { createNonceCache, type NonceCache } from '../../gateway/nonce-cache.ts'
import { throttle, type Throttle } from '../../gateway/throttle.ts'
import type { MovableClock } from '../../kernel/clock.ts'
import type { Json } from '../../kernel/json.ts'
import type { Store } from '../../store/port.ts'
import type { Pacing, ScriptFault, ScriptFaults } from '../../substrate/port.ts'
import { CLOCK_COUNTER } from '../kept-clock.ts'
import { sharedNonces, sharedPositions, sharedThrottle } from './memory.ts'
import { sharedState, type SharedState } from './state.ts'

export interface Sharing {
  /** Undefined where one server has the store to itself. */
  readonly state: SharedState | undefined
  /** The store, through which others learn of what was written. */
  readonly noted: Store
  readonly catchUp?: () => Promise<void>
  readonly nonces: NonceCache
  readonly throttle: Throttle
  readonly forCore: { readonly positions?: PagePositions; readonly spend?: SpendFault }
}

/** Both clouds' longest freshness window is 15 minutes; nonces are kept for two of them. */
const NONCE_WINDOW_MS = 15 * 60_000

export function sharingOf(
  store: Store,
  { requestsPerSecond }: { readonly requestsPerSecond: number },
): Sharing {
  const { memory } = store
  if (!memory)
    return {
      state: undefined,
      noted: store,
      nonces: createNonceCache({ windowMs: NONCE_WINDOW_MS }),
      throttle: throttle(requestsPerSecond),
      forCore: {},
    }
  const state = sharedState(store)
  return {
    state,
    catchUp: state.catchUp,
    noted: state.noted,
    nonces: sharedNonces(memory, NONCE_WINDOW_MS),
    throttle: sharedThrottle(memory, requestsPerSecond),
    forCore: { positions: sharedPositions(memory), spend: (it) => spend(state, it) },
  }
}

interface SharedParts {
  readonly store: Store
  readonly clock: MovableClock
  readonly identity: Identity
  readonly core: Pick<Core, 'dependencies'>
  readonly pacing: Pacing
  readonly scripts: ScriptFaults
}

/** From here on the server follows what is set on the others, and they follow it. */
export async function follow(state: SharedState, parts: SharedParts): Promise<void> {
  const { store, clock, identity, core, pacing, scripts } = parts
  const { dependencies } = core
  state.onChange(async () => {
    identity.credentials.forget()
    const aheadMs = await store.read((tx) => tx.counted(CLOCK_COUNTER))
    clock.advance(aheadMs - clock.aheadMs)
  })
  state.share({
    name: FAULT_SWITCHES,
    read: () => plain(dependencies.switches()),
    apply(value) {
      dependencies.remove()
      const switches = value as unknown as readonly FaultSwitch[]
      for (const each of switches.toReversed())
        dependencies.put({ ...each, times: each.times, action: each.action })
    },
  })
  state.share({
    name: 'paces',
    read: () => plain(pacing.all()),
    apply(value) {
      for (const [family, pace] of Object.entries(value as Record<string, string>))
        pacing.set(family, pace)
    },
  })
  state.share({
    name: 'script-faults',
    read: () => plain(scripts.list()),
    apply(value) {
      scripts.remove()
      const faults = value as unknown as readonly ScriptFault[]
      for (const each of faults.toReversed()) scripts.put(each)
    },
  })
  await state.catchUp()
  store.onEnqueue(() => void state.catchUp().catch(() => {}))
}

const FAULT_SWITCHES = 'fault-switches'

/** Of two calls on two servers that meet the last use of a switch, one does. */
async function spend(state: SharedState, it: FaultSwitch): Promise<boolean> {
  let met = false
  await state.change(FAULT_SWITCHES, (was) => {
    const switches = was as unknown as readonly FaultSwitch[]
    const same = switches.find(
      (each) =>
        each.dependency === it.dependency && each.action === it.action && each.mode === it.mode,
    )
    met = same !== undefined
    return plain(switches.flatMap((each) => (each === same ? (afterUse(each) ?? []) : each)))
  })
  return met
}

/** As it comes back from the store. */
function plain(value: unknown): Json {
  return JSON.parse(JSON.stringify(value)) as Json
}
