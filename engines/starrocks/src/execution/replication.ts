/**
 * What a table that says nothing of its copies is said to have. There is one of all rows, in one process; StarRocks makes as many as
 * `default_replication_num` says, refuses a table that asks for more than there are back ends, and keeps one where storage is shared.
 */
import type { EngineContext } from './engine-context.ts'
import { numberOf, settingOf } from './configuration-item.ts'
import { nodesOf } from './node.ts'
import { isSharedData } from './storage-volume.ts'

type Engine = Pick<EngineContext, 'identity' | 'store'>

/** Properties, before those that were written. */
export function replicationDefaults(
  engine: Engine,
  copies = defaultCopies(engine),
): Readonly<Record<string, string>> {
  const { settings } = engine.identity
  const replicated = settingOf(settings, 'frontend', 'enable_replicated_storage_as_default_engine')
  return {
    replication_num: String(copies),
    ...(replicated === 'false' && { replicated_storage: replicated }),
  }
}

function defaultCopies(engine: Engine): number {
  if (isSharedData(engine.identity)) return 1
  const wanted = numberOf(engine.identity.settings, 'frontend', 'default_replication_num')
  return Math.max(1, Math.min(wanted, nodesOf(engine, ['be']).length))
}
