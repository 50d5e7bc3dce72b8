/**
 * Ports that fail once, at their nth call, before or after doing its work: what a crash, a full disk or a lost answer at that
 * place looks like to the caller. Running a scenario once for every n finds the place that is not safe.
 */
import type { Store } from '../../src/store/port.ts'
import type { Substrate } from '../../src/substrate/port.ts'

export interface Failure {
  readonly nth: number
  readonly when: 'before' | 'after'
}

export interface Failing<T> {
  readonly port: T
  /** Whether the nth call was reached. */
  struck(): boolean
  /** Counts anew from here on, to another failure. */
  arm(failure: Failure): void
}

/** No call fails. */
export const never: Failure = { nth: 0, when: 'before' }

/** The calls of every transaction count, and the commit itself (`write`, `read`). */
export function failingStore(store: Store, failure: Failure): Failing<Store> {
  const { strike, ...handle } = striker(failure)
  const wrapped: Store = {
    ...store,
    read: (work) => strike('read', () => store.read((tx) => work(failingCalls(tx, strike)))),
    write: (work) => strike('write', () => store.write((tx) => work(failingCalls(tx, strike)))),
  }
  return { port: wrapped, ...handle }
}

export function failingSubstrate(substrate: Substrate, failure: Failure): Failing<Substrate> {
  const { strike, ...handle } = striker(failure)
  const { name, capabilities } = substrate
  return {
    port: {
      ...failingCalls(substrate, strike),
      name,
      capabilities,
      close: () => substrate.close(),
    },
    ...handle,
  }
}

type Strike = <T>(name: string, call: () => Promise<T>) => Promise<T>

function striker(first: Failure): Omit<Failing<never>, 'port'> & { readonly strike: Strike } {
  let failure = first
  let calls = 0
  let struck = false
  return {
    struck: () => struck,
    arm(next) {
      failure = next
      calls = 0
      struck = false
    },
    async strike(name, call) {
      const mine = ++calls === failure.nth
      const { when } = failure
      if (mine) struck = true
      if (mine && when === 'before') throw new Error(`injected before ${name}`)
      const result = await call()
      if (mine) throw new Error(`injected after ${name}`)
      return result
    },
  }
}

function failingCalls<T extends object>(port: T, strike: Strike): T {
  return new Proxy(port, {
    get(target, name, receiver) {
      const member: unknown = Reflect.get(target, name, receiver)
      if (typeof member !== 'function') return member
      return (...given: unknown[]) =>
        strike(String(name), async () =>
          (member as (...args: unknown[]) => unknown).apply(target, given),
        )
    },
  })
}
