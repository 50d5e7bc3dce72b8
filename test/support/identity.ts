/** Identities over a real store, without a server around them. */
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { manualClock, type MovableClock } from '../../src/kernel/clock.ts'
import { random } from '../../src/kernel/random.ts'
import { sealer } from '../../src/kernel/seal.ts'
import { identity, type Identity } from '../../src/app/identity/identity.ts'
import type { CredentialSource } from '../../src/domain/identity.ts'
import { identityRules } from '../../src/server/server.ts'
import { openSqliteStore } from '../../src/store/sqlite/store.ts'
import type { Store } from '../../src/store/port.ts'
import { temporaryDirectory } from './directory.ts'

export interface Identities extends Identity {
  readonly store: Store
  readonly clock: MovableClock
  readonly file: string
  /** Numbers of one account of each cloud. */
  readonly ram: string
  readonly cam: string
}

const nobody: CredentialSource = async () => undefined

export async function startIdentity(
  t: TestContext,
  options: { builtIn?: CredentialSource; wrap?: (store: Store) => Store } = {},
): Promise<Identities> {
  const file = join(temporaryDirectory(t), 'emrys.db')
  const opened = openSqliteStore(file)
  t.after(() => opened.close())
  const store = options.wrap?.(opened) ?? opened
  const clock = manualClock()
  const who = identity({
    store,
    clock,
    rules: identityRules,
    random: random('identity'),
    sealer: sealer(new Uint8Array(32).fill(7)),
    builtIn: options.builtIn ?? nobody,
  })
  const made = { name: 'first', serviceRoles: true }
  const ram = await who.accounts.add({ ...made, dialect: 'alibaba' })
  const cam = await who.accounts.add({ ...made, dialect: 'tencent' })
  return { ...who, store, clock, file, ram: ram.account, cam: cam.account }
}

/** A policy of RAM's language in one statement. */
export function ramPolicy(Action: string, Effect: 'Allow' | 'Deny' = 'Allow'): string {
  return JSON.stringify({ Version: '1', Statement: [{ Effect, Action, Resource: '*' }] })
}
