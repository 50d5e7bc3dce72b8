/**
 * The nodes that a coordinator gives work to, by its own answer to a statement. Of the statements that it is asked it remembers a
 * hundred, and a look is one of many: it is asked when something is not known yet, and now and then.
 */
import type { ServerAddress } from '../../../src/kernel/exchange.ts'
import { rowsOf } from './rest.ts'

const STATEMENT = "select node_id from system.runtime.nodes where state = 'active'"
/** The first statement after a start has its classes to load. */
const STATEMENT_MS = 20_000
const KNOWN_MS = 300_000
/** A coordinator looks for new nodes every few seconds. */
const PAUSE_MS = 2_000
const KNOWN_MAX = 1_000

interface Known {
  readonly ids: ReadonlySet<string>
  readonly askedMs: number
}

const known = new Map<string, Known>()
/** What each is asked now: looks that come meanwhile wait for the same answer. */
const asked = new Map<string, Promise<ReadonlySet<string>>>()

/** Their ids; asked for again where `node` is to be among them and is not. Rejects when it answers no statement. */
export async function activeNodes(
  coordinator: ServerAddress,
  node?: string,
): Promise<ReadonlySet<string>> {
  const found = known.get(keyOf(coordinator))
  if (!found) return ask(coordinator)
  const ageMs = performance.now() - found.askedMs
  const isMissing = node !== undefined && !found.ids.has(node) && ageMs > PAUSE_MS
  return isMissing || ageMs > KNOWN_MS ? ask(coordinator) : found.ids
}

/** It may have been restarted. */
export function forgetNodes(coordinator: ServerAddress): void {
  known.delete(keyOf(coordinator))
}

async function ask(coordinator: ServerAddress): Promise<ReadonlySet<string>> {
  const key = keyOf(coordinator)
  const running = asked.get(key)
  if (running) return running
  const begun = answer(coordinator).finally(() => asked.delete(key))
  asked.set(key, begun)
  return begun
}

async function answer(coordinator: ServerAddress): Promise<ReadonlySet<string>> {
  const key = keyOf(coordinator)
  known.delete(key)
  const rows = await rowsOf(coordinator, STATEMENT, STATEMENT_MS)
  const ids = new Set(rows.map(([id]) => String(id)))
  if (known.size >= KNOWN_MAX) known.clear()
  known.set(key, { ids, askedMs: performance.now() })
  return ids
}

function keyOf({ host, port }: ServerAddress): string {
  return `${host}:${port}`
}
