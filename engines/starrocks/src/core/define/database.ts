/** CREATE, DROP and ALTER DATABASE. */
import type { DefinitionStatement } from '../../sql/ast-definition.ts'
import type { Result } from '../../session.ts'
import { SqlError } from '../../session.ts'
import { catalogTarget, databaseTarget, demand } from '../authority.ts'
import type { Draft } from '../catalog-store.ts'
import { recordOf } from '../partition-define.ts'
import { checkCatalog, databaseNamed, isSystemDatabase, writableDatabase } from '../resolve.ts'
import type { Run } from '../run.ts'
import { done, unsupported } from '../statement-run.ts'
import { dropPhysical } from './table.ts'

type Of<Kind extends DefinitionStatement['kind']> = Extract<DefinitionStatement, { kind: Kind }>

/** StarRocks' rule for names of databases. */
const DATABASE_NAME = /^[A-Za-z][\w-]{0,255}$/

export async function createDatabase(run: Run, statement: Of<'createDatabase'>): Promise<Result> {
  checkCatalog(statement.catalog)
  const { store, clock } = run.core
  demand(store.current, run.state.authority, ['CREATE DATABASE'], catalogTarget)
  const { name } = statement
  if (!DATABASE_NAME.test(name)) {
    throw new SqlError(`Incorrect database name '${name}'`, 1102, '42000')
  }
  for (const property of statement.properties) {
    if (property.name !== 'storage_volume')
      throw unsupported(`The database property "${property.name}"`)
  }
  return store.change(run.link, async (draft) => {
    if (isSystemDatabase(name) || draft.catalog.database(name)) {
      if (statement.ifNotExists) return done()
      throw new SqlError(`Can't create database '${name}'; database exists`, 1007, 'HY000')
    }
    draft.put({
      kind: 'database',
      id: draft.newId(),
      name,
      properties: recordOf(statement.properties),
      createdMs: clock.now(),
    })
    return done()
  })
}

export async function dropDatabase(run: Run, statement: Of<'dropDatabase'>): Promise<Result> {
  checkCatalog(statement.catalog)
  const { store } = run.core
  const answer = await store.change(run.link, async (draft) => {
    if (!draft.catalog.database(statement.name) && !isSystemDatabase(statement.name)) {
      if (statement.ifExists) return done()
      throw new SqlError(
        `Can't drop database '${statement.name}'; database doesn't exist`,
        1008,
        'HY000',
      )
    }
    const database = writableDatabase(draft.catalog, statement.name)
    demand(draft.catalog, run.state.authority, ['DROP'], databaseTarget(database))
    for (const relation of draft.catalog.relations(database.id)) {
      if (relation.kind !== 'view') await dropPhysical(run.link, relation)
      draft.remove(relation.id)
    }
    draft.remove(database.id)
    return done()
  })
  if (run.state.database === statement.name) run.state.database = undefined
  return answer
}

export async function renameDatabase(
  run: Run,
  statement: Of<'alterDatabaseRename'>,
): Promise<Result> {
  return alterDatabase(run, statement.name, async (draft) => {
    const database = writableDatabase(draft.catalog, statement.name)
    if (!DATABASE_NAME.test(statement.to)) {
      throw new SqlError(`Incorrect database name '${statement.to}'`, 1102, '42000')
    }
    if (draft.catalog.database(statement.to) || isSystemDatabase(statement.to)) {
      throw new SqlError(`Database name[${statement.to}] is already used`, 1007, 'HY000')
    }
    draft.put({ ...database, name: statement.to })
  })
}

async function alterDatabase(
  run: Run,
  name: string,
  work: (draft: Draft) => Promise<void>,
): Promise<Result> {
  return run.core.store.change(run.link, async (draft) => {
    const database = databaseNamed(draft.catalog, name)
    demand(draft.catalog, run.state.authority, ['ALTER'], databaseTarget(database))
    await work(draft)
    return done()
  })
}
