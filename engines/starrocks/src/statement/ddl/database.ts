/** CREATE, DROP and ALTER DATABASE. */
import type { DefinitionStatement } from '../../sql/ast-definition.ts'
import type { Result } from '../../session.ts'
import { SqlError } from '../../session.ts'
import { catalogTarget, databaseTarget, demand } from '../../catalog/authority.ts'
import type { Relation } from '../../catalog/catalog.ts'
import type { Draft } from '../../catalog/catalog-store.ts'
import { recordOf } from '../../catalog/partition-definition.ts'
import { databaseNamed, isSystemDatabase, writableDatabase } from '../../catalog/lookup.ts'
import { demandDefault } from '../../resolution/object-name.ts'
import { chosenVolume, VOLUME_PROPERTY } from '../../execution/storage-volume.ts'
import type { Execution } from '../../execution/execution.ts'
import { done } from '../../execution/result.ts'
import { unsupportedByEngine } from '../../sql/sql-error.ts'
import { deactivateViews } from './dependent-view.ts'
import { dropPhysical } from './physical-table.ts'
import {
  dropForGood,
  droppingOf,
  isRecycled,
  purgeInside,
  recycleDatabase,
  recycleRelation,
} from './recycle-bin.ts'
import type { Dropping } from './recycle-bin.ts'

type Of<Kind extends DefinitionStatement['kind']> = Extract<DefinitionStatement, { kind: Kind }>

/** reference: StarRocks 3.3.7, FeNameFormat. */
const DATABASE_NAME = /^[A-Za-z][\w~!@#$%^&<>=+-]{0,255}$/

export async function createDatabase(
  execution: Execution,
  statement: Of<'createDatabase'>,
): Promise<Result> {
  demandDefault(execution, statement.catalog)
  const { store, clock } = execution.engine
  demand(store.current, execution.state.authority, ['CREATE DATABASE'], catalogTarget)
  const { name } = statement
  if (!DATABASE_NAME.test(name)) {
    throw new SqlError(`Incorrect database name '${name}'`, 1102, '42000')
  }
  for (const property of statement.properties) {
    if (property.name !== VOLUME_PROPERTY)
      throw unsupportedByEngine(`The database property "${property.name}"`)
  }
  return store.change(execution.link, async (draft) => {
    if (isSystemDatabase(name) || draft.catalog.database(name)) {
      if (statement.ifNotExists) return done()
      throw new SqlError(`Can't create database '${name}'; database exists`, 1007, 'HY000')
    }
    const { properties } = statement
    const volume = chosenVolume(execution, { catalog: draft.catalog, properties })
    draft.put({
      kind: 'database',
      id: draft.newId(),
      name,
      properties: recordOf(properties),
      createdMs: clock.now(),
      ...(volume !== undefined && { volume }),
    })
    return done()
  })
}

export async function dropDatabase(
  execution: Execution,
  statement: Of<'dropDatabase'>,
): Promise<Result> {
  demandDefault(execution, statement.catalog)
  const { store } = execution.engine
  const answer = await store.change(execution.link, async (draft) => {
    if (!draft.catalog.database(statement.name) && !isSystemDatabase(statement.name)) {
      if (statement.ifExists) return done()
      throw new SqlError(
        `Can't drop database '${statement.name}'; database doesn't exist`,
        1008,
        'HY000',
      )
    }
    const database = writableDatabase(draft.catalog, statement.name)
    demand(draft.catalog, execution.state.authority, ['DROP'], databaseTarget(database))
    const passing = draft.catalog
      .temporaryTables()
      .filter((table) => table.databaseId === database.id)
    if (passing.length > 0 && !statement.force) {
      throw new SqlError(
        `The database [${statement.name}] cannot be dropped because there are still some temporary tables in it. If you want to forcibly drop, please use "DROP DATABASE <database> FORCE."`,
      )
    }
    draft.enter(undefined)
    const dropping = droppingOf(execution, draft)
    // What is in a storage volume is gone at once, and with it what there is to recover.
    const isForGood = !(await isRecycled(execution, {
      force: statement.force,
      volume: database.volume,
    }))
    const relations = [...draft.catalog.relations(database.id), ...passing]
    for (const relation of relations) {
      await (isForGood || (relation.kind !== 'view' && relation.volume !== undefined)
        ? dropInside(dropping, relation)
        : recycleRelation(dropping, relation))
      deactivateViews(draft, relation.id, `base-table dropped: ${relation.name}`)
    }
    if (isForGood) {
      await purgeInside(dropping, database.id)
      draft.remove(database.id)
    } else
      await recycleDatabase(
        dropping,
        database,
        relations.map(({ name }) => name),
      )
    return done()
  })
  if (execution.state.database === statement.name) execution.state.database = undefined
  return answer
}

export async function renameDatabase(
  execution: Execution,
  statement: Of<'alterDatabaseRename'>,
): Promise<Result> {
  return alterDatabase(execution, statement.name, async (draft) => {
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

/** The database goes with its own tables' rows; those in other volumes follow. */
async function dropInside(dropping: Dropping, relation: Relation): Promise<void> {
  if (relation.kind !== 'view' && relation.volume === undefined)
    return dropForGood(dropping, relation)
  dropping.draft.remove(relation.id)
  if (relation.kind !== 'view' && relation.volume !== undefined)
    dropping.draft.afterwards(relation.volume, (following) => dropPhysical(following, relation))
}

async function alterDatabase(
  execution: Execution,
  name: string,
  work: (draft: Draft) => Promise<void>,
): Promise<Result> {
  return execution.engine.store.change(execution.link, async (draft) => {
    const database = databaseNamed(draft.catalog, name)
    demand(draft.catalog, execution.state.authority, ['ALTER'], databaseTarget(database))
    await work(draft)
    return done()
  })
}
