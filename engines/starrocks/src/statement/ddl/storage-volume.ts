/** Statements that change storage volumes, of which an instance has one that is its own. */
import { demand, systemTarget } from '../../catalog/authority.ts'
import type { Execution } from '../../execution/execution.ts'
import { done } from '../../execution/result.ts'
import { demandVolume, storageVolume } from '../../execution/storage-volume.ts'
import { SqlError } from '../../session.ts'
import type { Result } from '../../session.ts'
import { unsupportedByEngine } from '../../sql/sql-error.ts'

interface Named {
  readonly name: string
}

export function createVolume(
  { engine, state }: Execution,
  { name, ifNotExists }: Named & { readonly ifNotExists: boolean },
): Result {
  demand(engine.store.current, state.authority, ['CREATE STORAGE VOLUME'], systemTarget)
  if (storageVolume(engine)?.name === name) {
    if (ifNotExists) return done()
    throw new SqlError(`Storage volume '${name}' already exists`)
  }
  throw unsupportedByEngine(
    'CREATE STORAGE VOLUME (an instance keeps its data where its control plane says)',
  )
}

export function alterVolume({ engine, state }: Execution, { name }: Named): Result {
  demand(engine.store.current, state.authority, ['OPERATE'], systemTarget)
  demandVolume(engine, name)
  throw unsupportedByEngine(`ALTER STORAGE VOLUME ${name} (its control plane says where it is)`)
}

export function dropVolume(
  { engine, state }: Execution,
  { name, ifExists }: Named & { readonly ifExists: boolean },
): Result {
  demand(engine.store.current, state.authority, ['OPERATE'], systemTarget)
  if (ifExists && storageVolume(engine)?.name !== name) return done()
  demandVolume(engine, name)
  throw new SqlError('default storage volume can not be removed')
}

/** The only one that there is, is it already. */
export function setDefaultVolume({ engine, state }: Execution, { name }: Named): Result {
  demand(engine.store.current, state.authority, ['OPERATE'], systemTarget)
  demandVolume(engine, name)
  return done()
}
