/** CREATE EXTERNAL CATALOG, DROP CATALOG and ALTER CATALOG. Nothing outside is asked before something of it is read. */
import type { DefinitionStatement } from '../../sql/ast-definition.ts'
import type { Property } from '../../sql/ast.ts'
import type { Result } from '../../session.ts'
import { SqlError } from '../../session.ts'
import { demand, outsideTarget, systemTarget } from '../../catalog/authority.ts'
import { catalogName, unknownCatalog } from '../../catalog/lookup.ts'
import type { Execution } from '../../execution/execution.ts'
import { done } from '../../execution/result.ts'
import { warn } from '../../execution/statement-context.ts'
import { demandMetastores } from '../../lake/hive-metastore.ts'
import { readerProperties, whyUnread } from '../../lake/reader.ts'
import { demandServer, demandTokenServer } from '../../lake/rest-catalog.ts'
import { restOptions, restSecrets } from '../../lake/rest-property.ts'
import { externalOf, qualify } from '../../resolution/object-name.ts'
import { analyzingError, unsupportedByEngine } from '../../sql/sql-error.ts'
import { readLakeTable, shownProperties } from '../show/lake.ts'
import { shownRelation } from '../show/object.ts'

type Of<Kind extends DefinitionStatement['kind']> = Extract<DefinitionStatement, { kind: Kind }>

/** reference: StarRocks 3.3.7, FeNameFormat, COMMON_NAME_REGEX */
const CATALOG_NAME = /^[a-zA-Z]\w{0,63}$|^_[a-zA-Z0-9]\w{0,62}$/

/** reference: StarRocks 3.3.7, ConnectorType, SUPPORT_TYPE_SET */
const TYPES: readonly string[] = [
  'es',
  'hive',
  'iceberg',
  'jdbc',
  'hudi',
  'deltalake',
  'paimon',
  'odps',
  'kudu',
  'unified',
]

/** A catalog is read whole at every open. */
const PROPERTIES_MAX = 200
const CATALOGS_MAX = 1000

export async function createCatalog(
  execution: Execution,
  statement: Of<'createCatalog'>,
): Promise<Result> {
  const { store, clock } = execution.engine
  demand(store.current, execution.state.authority, ['CREATE EXTERNAL CATALOG'], systemTarget)
  const { name, comment } = statement
  if (!CATALOG_NAME.test(name))
    throw new SqlError(`Incorrect catalog name '${name}'`, 5063, '42000')
  if (name === catalogName)
    throw analyzingError(
      `External catalog name can't be the same as internal catalog name '${catalogName}'`,
    )
  const type = statement.properties.find((property) => property.name === 'type')?.value ?? ''
  if (type === '') throw analyzingError("'type' can not be null or empty")
  if (!TYPES.includes(type.toLowerCase())) throw analyzingError(`[type : ${type}] is not supported`)
  const written = writtenProperties(statement.properties)
  const unread = whyUnread({ type, properties: written })
  const known = readerProperties({ type, properties: written })
  if (unread === undefined) {
    refuseIdle(statement.properties, known)
    if (written['iceberg.catalog.uri'] !== undefined) checkServer(execution, written)
    const { 'hive.metastore.uris': uris } = written
    if (uris !== undefined) demandMetastores(execution.engine.duck.objects.options, uris)
  }
  const needed = unread === undefined ? restSecrets.filter((each) => known.includes(each)) : []
  const properties = shownProperties(written, needed)
  return store.change(execution.link, async (draft) => {
    if (draft.catalog.external(name)) {
      if (statement.ifNotExists) return done()
      throw new SqlError(`Catalog '${name}' already exists`, 5700, '42000')
    }
    if (draft.catalog.externals().length >= CATALOGS_MAX)
      throw new SqlError(`An instance has at most ${CATALOGS_MAX} external catalogs`)
    const id = draft.newId()
    const createdMs = clock.now()
    draft.put({ kind: 'external catalog', id, name, type, comment, properties, createdMs })
    if (unread === undefined) return done()
    warn(execution, 1105, `Nothing of the catalog '${name}' can be read here: ${unread}`)
    return done(0, '', execution.state.warnings.length)
  })
}

/** All readers use the instance's own object storage: what says otherwise would have no effect. */
function refuseIdle(properties: readonly Property[], known: readonly string[]): void {
  for (const { name } of properties)
    if (!known.includes(name))
      throw unsupportedByEngine(
        `The property "${name}" of a catalog that is read with the instance's own object storage`,
      )
}

/** Throws SqlError for a server that the instance may not ask, and for a secret that would lie open on the disk. */
function checkServer({ engine }: Execution, properties: Readonly<Record<string, string>>): void {
  const { options } = engine.duck.objects
  const { uri, access } = restOptions(properties)
  demandServer(options, uri)
  if (!access) return
  demandTokenServer(options, access.tokenUri)
  const secret = restSecrets.find((name) => properties[name] !== undefined)
  if (!engine.duck.isEncrypted)
    throw unsupportedByEngine(
      `The catalog property "${secret ?? ''}" of an instance that is not encrypted`,
    )
}

function writtenProperties(properties: readonly Property[]): Record<string, string> {
  if (properties.length > PROPERTIES_MAX)
    throw new SqlError(`A catalog has at most ${PROPERTIES_MAX} properties`)
  return Object.fromEntries(
    properties
      .filter(({ name }) => !REMOVED.includes(name))
      .map(({ name, value }) => [name, value]),
  )
}

/** reference: StarRocks 3.3.7, CredentialUtil: these are shown in no form. */
const REMOVED: readonly string[] = ['password', 'azure_path_key']

export async function dropCatalog(
  execution: Execution,
  { name, ifExists }: Of<'dropCatalog'>,
): Promise<Result> {
  if (name === catalogName) throw analyzingError("Can't drop the default internal catalog")
  const { store } = execution.engine
  return store.change(execution.link, async (draft) => {
    const entry = draft.catalog.external(name)
    if (!entry) {
      if (ifExists) return done()
      throw unknownCatalog(name)
    }
    demand(draft.catalog, execution.state.authority, ['DROP'], outsideTarget(entry))
    draft.remove(entry.id)
    return done()
  })
}

export function alterCatalog(
  { engine, state }: Execution,
  { name, properties }: Of<'alterCatalog'>,
): Result {
  const entry = engine.store.current.external(name)
  if (!entry) throw unknownCatalog(name)
  demand(engine.store.current, state.authority, ['ALTER'], outsideTarget(entry))
  for (const property of properties) {
    if (property.name !== 'ranger.plugin.hive.service.name')
      throw analyzingError(`Not support alter catalog property ${property.name}`)
    throw unsupportedByEngine(`The catalog property "${property.name}"`)
  }
  return done()
}

/** Metadata of external tables are kept nowhere, so there is nothing to renew: what is read is checked, and read again at every use. */
export async function refreshExternalTable(
  execution: Execution,
  { table }: Of<'refreshExternalTable'>,
): Promise<Result> {
  const outside = externalOf(execution, table.parts.at(-3))
  if (outside) {
    await readLakeTable(execution, outside, table)
    return done()
  }
  const { kind } = shownRelation(execution, { name: table, database: undefined })
  const { database, name } = qualify(execution, table)
  const type = kind === 'table' ? 'OLAP' : kind.toUpperCase().replace(' ', '_')
  throw new SqlError(
    `can not refresh external table ${catalogName}.${database}.${name}, do not support refresh external table which type is ${type}`,
  )
}
