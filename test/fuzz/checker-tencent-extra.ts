/** The optional parameters by the documents (reference: tencent-emr.md 2.1, 2.3, 2.4 rules 8, 10 and 16, 2.6). */
import { checkTags } from './checker-tencent-tag.ts'
import {
  asRecord,
  integer,
  list,
  oneOf,
  record,
  text,
  type CheckedRecord,
} from './checker-tencent-type.ts'
import type { ProductTable } from './valid-tencent.ts'
import { isObject, type Fields } from './verdict.ts'

export interface Order {
  readonly product: ProductTable | undefined
  readonly software: ReadonlySet<string> | undefined
  readonly monthly: boolean
}

export function checkExtras(request: Fields, read: CheckedRecord, order: Order): void {
  const { notes: it } = read
  oneOf(request, 'AutoRenew', { read, needed: false, values: [0, 1] })
  oneOf(request, 'CbsEncrypt', { read, needed: false, values: [0, 1] })
  oneOf(request, 'RemoteLoginAtCreate', { read, needed: false, values: [0, 22] })
  const security = integer(request, 'CheckSecurity', read, false)
  if (security !== undefined && security !== 0 && order.product?.kerberos === false)
    it.wrong('Kerberos where there is none')
  word(request, 'NeedMasterWan', read, /^(NEED_MASTER_WAN|NOT_NEED_MASTER_WAN)$/)
  word(request, 'SgId', read, /^sg-[0-9a-z]{8}$/)
  const role = text(request, 'ApplicationRole', read, false)
  if (role !== undefined && role !== 'analyst_role') it.open('a role that nobody knows')
  checkToken(request, read)
  checkGroups(request, read)
  checkStorage(request, read)
  checkMetadata(request, read)
  checkConfiguration(request, read, order)
  checkScripts(request, read)
  checkTags(request, read, 5)
}

/** A text of one form; an empty one may be as good as none, spaces around may be taken off. */
function word(fields: Fields, name: string, read: CheckedRecord, form: RegExp): string | undefined {
  const value = text(fields, name, read, false)
  if (value === undefined || form.test(value)) return value
  if (value.trim() === '' || form.test(value.trim())) read.notes.open(`${name} with spaces`)
  else read.notes.wrong(`${read.at}${name} is ${value.slice(0, 40)}`)
  return value
}

function checkToken(request: Fields, read: CheckedRecord): void {
  const token = text(request, 'ClientToken', read, false)
  if (token === undefined) return
  // eslint-disable-next-line no-control-regex -- what the rule is about
  if (token.length > 64 || /[^\x20-\x7e]/.test(token)) read.notes.wrong('a malformed token')
  else if (!/^fuzz-[\w-]+$/.test(token)) read.notes.open('a token that may have been used')
}

function checkGroups(request: Fields, read: CheckedRecord): void {
  const groups = list(request, 'DisasterRecoverGroupIds', read, false) ?? []
  if (groups.length > 1) read.notes.wrong('two placement groups')
  for (const group of groups) {
    if (typeof group !== 'string') read.notes.wrong('a placement group that is no text')
    else if (!/^(ps|disa)-[0-9a-z]{8}$/.test(group)) {
      if (/^(ps|disa)-[0-9a-z]{8}$/.test(group.trim())) read.notes.open('spaces around')
      else read.notes.wrong(`placement group ${group.slice(0, 40)}`)
    }
  }
}

function checkStorage(request: Fields, read: CheckedRecord): void {
  const members = ['CosSecretId', 'CosSecretKey', 'LogOnCosPath']
  const storage = record(request, 'COSSettings', read, { needed: false, members })
  if (!storage) return
  for (const name of ['CosSecretId', 'CosSecretKey']) {
    const value = text(storage.fields, name, storage.read, true)
    if (value !== undefined && value.trim() === '') read.notes.open('an empty key')
  }
  const path = text(storage.fields, 'LogOnCosPath', storage.read, false)
  if (path === undefined || path === 'cosn://bucket-1/logs') return
  if (path.trim() === '' || path.trim().startsWith('cosn://')) read.notes.open('another path')
  else read.notes.wrong('a path that is not cosn://')
}

const META =
  /^(EMR_DEFAULT_META|EMR_EXIST_META|USER_CUSTOM_META|EMR_NEW_META|EMR_EXIT_META|EMR_EXIT_METE)$/

function checkMetadata(request: Fields, read: CheckedRecord): void {
  const { notes: it } = read
  const type = word(request, 'MetaType', read, META) ?? 'EMR_DEFAULT_META'
  const id = text(request, 'UnifyMetaInstanceId', read, false)
  const members = ['MetaDataJdbcUrl', 'MetaDataUser', 'MetaDataPass']
  const own = record(request, 'MetaDBInfo', read, { needed: false, members })
  const url = own && text(own.fields, 'MetaDataJdbcUrl', own.read, false)
  for (const name of ['MetaDataUser', 'MetaDataPass'])
    if (own) text(own.fields, name, own.read, false)
  if (own || id !== undefined) it.open('another database')
  if (/^EMR_EXI(ST|T)_MET[AE]$/.test(type)) {
    if (id === undefined) it.wrong('no existing database')
    it.open('an existing database')
  }
  if (type === 'USER_CUSTOM_META') {
    if (url === undefined) it.wrong('no address of a database')
    else if (!url.trim().startsWith('jdbc:mysql://')) it.wrong('an address of another kind')
    it.open('a database that is asked')
  }
}

const FILES: Readonly<Record<string, readonly string[]>> = {
  HDFS: ['core-site.xml', 'hdfs-site.xml', 'hadoop-env.sh', 'log4j.properties'],
}

function checkConfiguration(request: Fields, read: CheckedRecord, { software }: Order): void {
  const { notes: it } = read
  const value = text(request, 'ExtendFsField', read, false)
  if (value === undefined) return
  if (value.trim() === '') return it.open('no configuration')
  const items = parsed(value)
  if (!Array.isArray(items)) return it.wrong('no list of files')
  for (const item of items as unknown[]) {
    if (!isObject(item)) {
      it.wrong('a file that is no object')
      continue
    }
    const { serviceName: service, classification, properties, serviceVersion, ...rest } = item
    if (Object.keys(rest).length > 0) it.wrong('a file with more members')
    if (serviceVersion !== undefined) it.open('a version')
    if (typeof service !== 'string' || service !== service.toUpperCase()) {
      it.wrong('a service that is none')
      continue
    }
    if (software && !software.has(service.toLowerCase())) it.wrong(`${service} is not chosen`)
    const files = FILES[service]
    if (files && !files.some((file) => file === classification)) it.wrong('a file that is none')
    if (!files) it.open('files of another service')
    if (!isObject(properties)) it.wrong('no properties')
    else if (Object.values(properties).some((each) => typeof each === 'object'))
      it.wrong('properties that are not flat')
    else if (JSON.stringify(properties) !== '{"a":"b"}') it.open('properties')
  }
}

/** What the generator writes is right; other properties are for the service to judge. */
function parsed(value: string): unknown {
  try {
    return JSON.parse(value)
  } catch {
    return undefined
  }
}

const SCRIPT =
  'Path Args Bucket Region Domain RunOrder WhenRun CosFileName CosFileURI CosSecretId CosSecretKey AppId Remark'.split(
    ' ',
  )

function checkScripts(request: Fields, read: CheckedRecord): void {
  const { notes: it } = read
  const scripts = list(request, 'PreExecutedFileSettings', read, false) ?? []
  if (scripts.length > 16) it.wrong(`${scripts.length} scripts`)
  for (const [index, script] of scripts.entries()) {
    const at = `PreExecutedFileSettings.${index}`
    const inner = asRecord(script, at, { read, members: SCRIPT })
    if (!inner) {
      it.wrong(`${at} is no script`)
      continue
    }
    checkScript(inner.fields, inner.read)
  }
}

function checkScript(fields: Fields, read: CheckedRecord): void {
  const { notes: it } = read
  const uri = text(fields, 'CosFileURI', read, false)
  const path = text(fields, 'Path', read, false)
  for (const name of [
    'Bucket',
    'Region',
    'Domain',
    'CosFileName',
    'CosSecretId',
    'CosSecretKey',
    'AppId',
    'Remark',
  ])
    if (text(fields, name, read, false) !== undefined) it.open(`${name} is given`)
  if (uri === undefined && path === undefined) it.wrong('a script that lies nowhere')
  if (path !== undefined) it.open('a path')
  if (uri !== undefined && !/^(https|cos):\/\/[\w./-]+$/.test(uri)) {
    if (/^\s*((https|cosn?):\/\/|$)/.test(uri)) it.open('an unusual address')
    else it.wrong('an address of another kind')
  }
  word(fields, 'WhenRun', read, /^(resourceAfter|clusterBefore|clusterAfter)$/)
  const order = integer(fields, 'RunOrder', read, false)
  if (order !== undefined && order < 0) it.open('a negative order')
  const args = list(fields, 'Args', read, false) ?? []
  if (args.some((arg) => typeof arg !== 'string')) it.wrong('an argument that is no text')
  const texts = args.filter((arg) => typeof arg === 'string')
  if (texts.some((arg) => arg.includes(' '))) it.wrong('an argument with spaces')
  else if (texts.some((arg) => /\s/.test(arg))) it.open('an argument with other blanks')
  const length = texts.join('').length
  if (length >= 240) it.wrong(`arguments of ${length}`)
  else if (length + (uri ?? '').length >= 240) it.open('long arguments')
}
