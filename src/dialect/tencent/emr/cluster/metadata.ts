/**
 * Where components keep their metadata: a database that comes with the cluster, an existing one, or the client's own
 * (reference: tencent-emr.md 2.1 MetaType with its older names, 2.4 rules 8 and 9).
 */
import type { Fault } from '../../../../domain/fault.ts'
import { needsMetaDb } from '../../catalogue/component.ts'
import type { Chosen } from '../../catalogue/software.ts'
import type { OrderInput } from './create-shape.ts'
import { example, objectExample } from './example.ts'
import { given, invalid, oneOf } from '../refusal.ts'
import type { MetadataDatabase, ProbeFailure } from '../../../../port/metadata-probe.ts'

export type MetaType = 'EMR_DEFAULT_META' | 'EMR_EXIST_META' | 'USER_CUSTOM_META'

export interface Metadata {
  readonly type: MetaType
  /** Whether a database is bought with the cluster. */
  readonly bought: boolean
  /** The database's engine version, as asked for. */
  readonly version: string
  /** The existing database. */
  readonly instance: string | undefined
  readonly custom: CustomMetadata | undefined
}

/** The client's own database. */
export interface CustomMetadata extends MetadataDatabase {
  /** As it was given. */
  readonly url: string
}

/** Throws InvalidMetaType, or today's finer codes for a bad address or database id. */
export function readMetadata(
  input: Pick<OrderInput, 'MetaType' | 'UnifyMetaInstanceId' | 'MetaDBInfo' | 'DefaultMetaVersion'>,
  chosen: readonly Pick<Chosen, 'component'>[],
): Metadata {
  const type = readType(input.MetaType)
  const version = readVersion(input.DefaultMetaVersion)
  const instance = readInstance(type, input.UnifyMetaInstanceId)
  const custom = readCustom(type, input.MetaDBInfo)
  const needed = needsMetaDb(chosen.map((one) => one.component))
  return { type, bought: type === 'EMR_DEFAULT_META' && needed, version, instance, custom }
}

const INVALID = 'InvalidParameter.InvalidMetaType'
const TYPES: ReadonlyMap<string, MetaType> = new Map<string, MetaType>([
  ['EMR_DEFAULT_META', 'EMR_DEFAULT_META'],
  ['EMR_NEW_META', 'EMR_DEFAULT_META'],
  ['EMR_EXIST_META', 'EMR_EXIST_META'],
  ['EMR_EXIT_META', 'EMR_EXIST_META'],
  ['EMR_EXIT_METE', 'EMR_EXIST_META'],
  ['USER_CUSTOM_META', 'USER_CUSTOM_META'],
])
const VERSIONS = ['mysql8', 'tdsql8', 'mysql5']
/** The host, a port, a database; options after the database's name are the driver's. */
const JDBC_URL =
  /^jdbc:mysql:\/\/([A-Za-z0-9.-]{1,253}):(\d{1,5})\/([\w$-]{1,64})(?:\?[\x21-\x7e]{0,500})?$/
const PORT_MAX = 65_535

function readType(asked: string | undefined): MetaType {
  const name = given(asked) ?? 'EMR_DEFAULT_META'
  const type = TYPES.get(name)
  if (type) return type
  const types = [...new Set(TYPES.values())]
  const rule = oneOf(types)
  throw invalid({ name: 'MetaType', code: INVALID, rule, value: name, example: types[0] })
}

function readVersion(asked: string | undefined): string {
  const version = given(asked) ?? 'mysql8'
  if (VERSIONS.includes(version)) return version
  throw invalid({
    name: 'DefaultMetaVersion',
    code: 'InvalidParameterValue',
    rule: oneOf(VERSIONS),
    value: version,
    example: VERSIONS[0],
  })
}

function readInstance(type: MetaType, asked: string | undefined): string | undefined {
  const id = given(asked)
  const name = 'UnifyMetaInstanceId'
  if (type !== 'EMR_EXIST_META') {
    if (id === undefined) return undefined
    const rule = 'it goes with MetaType EMR_EXIST_META only, and is left out with others'
    throw invalid({ name, code: INVALID, rule, value: id, example: null })
  }
  if (id === undefined) {
    throw invalid({
      name,
      code: INVALID,
      rule: 'MetaType EMR_EXIST_META needs it',
      value: asked ?? '',
      example: example.UnifyMetaInstanceId,
    })
  }
  if (/^(cdb|cynosdbmysql|tdsqlshard)-[0-9a-z]{8}$/.test(id)) return id
  const rule = 'it must look like cdb-xxxxxxxx'
  const right = example.UnifyMetaInstanceId
  throw invalid({
    name,
    code: 'InvalidParameter.InvalidUnifyMeta',
    rule,
    value: id,
    example: right,
  })
}

function readCustom(type: MetaType, info: OrderInput['MetaDBInfo']): Metadata['custom'] {
  const url = given(info?.MetaDataJdbcUrl)
  const user = given(info?.MetaDataUser)
  const password = info?.MetaDataPass === '' ? undefined : info?.MetaDataPass
  const name = 'MetaDBInfo'
  if (type !== 'USER_CUSTOM_META') {
    if (url === undefined && user === undefined && password === undefined) return undefined
    const rule = 'it goes with MetaType USER_CUSTOM_META only, and is left out with others'
    throw invalid({ name, code: INVALID, rule, example: null })
  }
  if (url === undefined || user === undefined || password === undefined) {
    const rule = 'MetaType USER_CUSTOM_META needs MetaDataJdbcUrl, MetaDataUser and MetaDataPass'
    throw invalid({ name, code: INVALID, rule, example: objectExample.MetaDBInfo })
  }
  const [, host = '', digits = '', database = ''] = JDBC_URL.exec(url) ?? []
  const port = Number(digits)
  if (host !== '' && port > 0 && port <= PORT_MAX)
    return { url, host, port, database, user, password }
  throw unusable('it must look like jdbc:mysql://host:port/database')
}

/** What a client learns of its own database when it was asked and is not to be used. */
export function refusedDatabase(failure: ProbeFailure): Fault {
  return unusable(failures[failure])
}

const failures: { readonly [failure in ProbeFailure]: string } = {
  unreachable: 'no MySQL server can be talked to at this address',
  denied: 'the database refuses MetaDataUser with MetaDataPass',
  'no-database': 'the server has no such database',
}

function unusable(rule: string): Fault {
  return invalid({
    name: 'MetaDBInfo.MetaDataJdbcUrl',
    code: 'InvalidParameter.InvalidMetaDataJdbcUrl',
    rule,
    example: example.MetaDataJdbcUrl,
  })
}
