/**
 * Who may come in where, as the configuration says it: the engine's own address and further entries, each with the front ends that its
 * sessions are counted to in turn; the blocks of addresses that internal entries are for; the certificate of TLS.
 *
 * A change is prepared before it is taken over: what cannot be had (an address, a key) refuses it while nothing has changed yet.
 */
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { SecureContext } from 'node:tls'
import { addressNumber, parseBlock, type Block } from '../../../../src/kernel/cidr.ts'
import { secureContext } from '../../../../src/kernel/key-store.ts'
import type { EntryPolicy, Arrival, Listener } from '../entry-policy.ts'
import { certificateFile, ConfigurationError } from './configuration.ts'
import type { EngineConfiguration, EngineEntry } from './configuration.ts'

export interface EngineAccess extends EntryPolicy {
  /** Throws ConfigurationError; nothing has changed then. */
  prepare(configuration: EngineConfiguration): Promise<Prepared>
  /** As it is now; undefined once it is closed. */
  entry(name: string): EngineEntry | undefined
  /** The entries that are open. */
  entries(): readonly EngineEntry[]
}

export interface Prepared {
  takeOver(): void
  abandon(): void
}

export interface EngineAccessOptions {
  readonly directory: string
  /** What TLS is offered with until another certificate is given. */
  readonly own: SecureContext
  /** On every port that the entry has. Rejects when one cannot be had; none is open then. */
  readonly listen: (entry: EngineEntry) => Promise<Listener>
  /** Ends those that may not stay. */
  readonly review: () => void
}

interface State {
  readonly blocks: readonly Block[] | undefined
  readonly tls: SecureContext | undefined
  /** By name; '' is the engine's own address. */
  readonly openEntries: ReadonlyMap<string, OpenEntry>
}

interface OpenEntry {
  readonly entry: EngineEntry | undefined
  readonly listener: Listener | undefined
  readonly frontends: readonly string[]
  /** Who is next. */
  turn: number
}

export function engineAccess(options: EngineAccessOptions): EngineAccess {
  const { own, review } = options
  let state: State = { blocks: undefined, tls: own, openEntries: new Map() }
  return {
    admits: (arrival) => admits(state, arrival),
    frontend(name) {
      const openEntry = state.openEntries.get(name)
      if (!openEntry || openEntry.frontends.length === 0) return undefined
      return openEntry.frontends[openEntry.turn++ % openEntry.frontends.length]
    },
    tls: () => state.tls,
    entry: (name) => state.openEntries.get(name)?.entry,
    entries: () => [...state.openEntries.values()].flatMap(({ entry }) => entry ?? []),
    async prepare(configuration) {
      const { next, opened } = await stateOf(options, state, configuration)
      return {
        takeOver() {
          const kept = new Set([...next.openEntries.values()].map(({ listener }) => listener))
          for (const { listener } of state.openEntries.values())
            if (listener && !kept.has(listener)) listener.close()
          state = next
          review()
        },
        abandon: () => closeAll(opened),
      }
    },
  }
}

/** The instance itself looks whether it answers, from its own address. */
function admits({ blocks, openEntries }: State, { entry, remote, local }: Arrival): boolean {
  const openEntry = openEntries.get(entry)
  if (!openEntry || remote === undefined) return false
  if (blocks === undefined || openEntry.entry?.open === true) return true
  if (entry === '' && remote === local) return true
  const address = addressOf(remote)
  if (address === undefined) return false
  return blocks.some(({ first, size }) => address >= first && address < first + size)
}

/** Undefined for one of IPv6, which no block contains. */
function addressOf(remote: string): number | undefined {
  const text = remote.replace(/^::ffff:/, '')
  return parseBlock(`${text}/32`) ? addressNumber(text) : undefined
}

async function stateOf(
  options: EngineAccessOptions,
  before: State,
  { access }: EngineConfiguration,
): Promise<{ readonly next: State; readonly opened: readonly Listener[] }> {
  const { frontends = [], allowed, entries = [], tls = 'own' } = access ?? {}
  const blocks = allowed?.map(blockOf)
  const context = tls === 'off' ? undefined : tls === 'own' ? options.own : givenContext(options)
  const opened: Listener[] = []
  const openEntries = new Map<string, OpenEntry>()
  openEntries.set('', { entry: undefined, listener: undefined, frontends, turn: 0 })
  try {
    for (const entry of entries) {
      const known = before.openEntries.get(entry.name)
      const same = known?.entry && placeOf(known.entry) === placeOf(entry)
      const listener = same ? known.listener : await options.listen(entry)
      if (listener && !same) opened.push(listener)
      openEntries.set(entry.name, { entry, listener, frontends: entry.frontends, turn: 0 })
    }
  } catch (problem) {
    closeAll(opened)
    throw new ConfigurationError(`an entry cannot be opened: ${(problem as Error).message}`)
  }
  return { next: { blocks, tls: context, openEntries }, opened }
}

/** Where an entry listens. */
function placeOf({ host, queryPort, frontPort, backPort }: EngineEntry): string {
  return JSON.stringify([host, queryPort, frontPort, backPort])
}

function blockOf(text: string): Block {
  const block = parseBlock(text.includes('/') ? text : `${text}/32`)
  if (!block) throw new ConfigurationError(`${text} is no block of IPv4 addresses`)
  return block
}

function givenContext({ directory }: EngineAccessOptions): SecureContext {
  const path = join(directory, certificateFile)
  try {
    if ((statSync(path).mode & 0o077) !== 0) throw new Error('it can be read by others')
    return secureContext(readFileSync(path, 'utf8'))
  } catch (problem) {
    throw new ConfigurationError(`${path} holds no certificate: ${(problem as Error).message}`)
  }
}

function closeAll(listeners: readonly Listener[]): void {
  for (const listener of listeners) listener.close()
}
