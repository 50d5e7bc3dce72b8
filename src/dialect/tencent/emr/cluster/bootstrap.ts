/**
 * Bootstrap scripts (reference: tencent-emr.md 2.3 PreExecuteFileSettings). A script is named by CosFileURI or, in the form
 * of the founding document's time, by Path in a Bucket. Keys of the storage are secrets of the cluster, never part of this.
 */
import { inOrder, type Script, type ScriptMoment } from '../../../../domain/script.ts'
import type { BootstrapInput } from './create-shape.ts'
import { example } from './example.ts'
import { given, invalid, oneOf } from '../refusal.ts'

/** In the order in which they run. Throws InvalidPreExecutedFile, or today's InvalidCosFileURI. */
export function readBootstrap(
  settings: readonly BootstrapInput[] | undefined,
  set = CREATION,
): readonly Script[] {
  const scripts = settings ?? []
  if (scripts.length > SCRIPTS_MAX) {
    const rule = `at most ${SCRIPTS_MAX} scripts are allowed`
    const value = `${scripts.length} scripts`
    throw preExecuted({ member: '', rule, value, example: [{ CosFileURI: example.CosFileURI }] })
  }
  return inOrder(scripts.map((script, index) => readScript(script, { set, index })))
}

/** The storage keys of the scripts by a name for each; sealed with the cluster's other secrets. */
export function bootstrapSecrets(
  settings: readonly BootstrapInput[] | undefined,
  set = CREATION,
): Record<string, string> {
  const secrets: Record<string, string> = {}
  for (const [index, { CosSecretId, CosSecretKey }] of (settings ?? []).entries()) {
    const id = idOf(set, index)
    if (given(CosSecretId) !== undefined) secrets[`${id}.keyId`] = CosSecretId ?? ''
    if (given(CosSecretKey) !== undefined) secrets[`${id}.key`] = CosSecretKey ?? ''
  }
  return secrets
}

const SCRIPTS_MAX = 16
/** Documented for the name and the arguments together. */
const TEXT_MAX = 240
export const momentWords = ['resourceAfter', 'clusterBefore', 'clusterAfter'] as const
const moments: ReadonlyMap<string, ScriptMoment> = new Map([
  ['resourceAfter', 'nodes-ready'],
  ['clusterBefore', 'before-start'],
  ['clusterAfter', 'after-start'],
])
const URI = /^(https|cos|cosn):\/\/[\x21-\x7e]{3,1000}$/

/** The scripts of the request that made the cluster. */
const CREATION = 'bootstrap'

export function momentOf(word: (typeof momentWords)[number]): ScriptMoment {
  return moments.get(word) ?? 'after-start'
}

/** By its place in its request: names and addresses may repeat. */
function idOf(set: string, index: number): string {
  return `${set}.${index}`
}

/** The names of the secrets of these scripts. */
export function secretNamesOf(scripts: readonly Pick<Script, 'id'>[]): readonly string[] {
  return scripts.flatMap(({ id }) => [`${id}.keyId`, `${id}.key`])
}

function readScript(
  script: BootstrapInput,
  { set, index }: { readonly set: string; readonly index: number },
): Script {
  const at = `.${index}`
  const uri = readUri(script, at)
  const name = given(script.CosFileName) ?? uri.split('/').at(-1) ?? ''
  const args = script.Args ?? []
  const spaced = args.findIndex((arg) => /\s/.test(arg))
  if (spaced >= 0) {
    throw preExecuted({
      member: `${at}.Args.${spaced}`,
      rule: 'an argument must not contain spaces',
      value: args[spaced],
      example: example.Args,
    })
  }
  const length = [name, ...args].join('').length
  if (length >= TEXT_MAX) {
    throw preExecuted({
      member: `${at}.Args`,
      rule: `name and arguments must be shorter than ${TEXT_MAX} characters`,
      value: `${length} characters`,
      example: [example.Args],
    })
  }
  const asked = given(script.WhenRun) ?? 'clusterAfter'
  const moment = moments.get(asked)
  if (moment === undefined) {
    const rule = oneOf([...moments.keys()])
    throw preExecuted({ member: `${at}.WhenRun`, rule, value: asked, example: example.WhenRun })
  }
  const order = script.RunOrder ?? 0
  if (order < 0) {
    const rule = 'it must not be negative'
    throw preExecuted({ member: `${at}.RunOrder`, rule, value: order, example: 1 })
  }
  return { id: idOf(set, index), name, uri, args, moment, order, remark: script.Remark ?? '' }
}

function readUri(script: BootstrapInput, at: string): string {
  const uri = given(script.CosFileURI)
  if (uri !== undefined) {
    if (URI.test(uri)) return uri
    throw invalid({
      name: `PreExecutedFileSettings${at}.CosFileURI`,
      code: 'InvalidParameter.InvalidCosFileURI',
      rule: 'it must begin with https:// or cos://',
      value: uri,
      example: example.CosFileURI,
    })
  }
  const path = given(script.Path)
  const bucket = given(script.Bucket)
  if (path === undefined || bucket === undefined) {
    throw preExecuted({
      member: at,
      rule: 'CosFileURI, or Path with Bucket, must be given',
      value: { CosFileURI: script.CosFileURI, Path: script.Path, Bucket: script.Bucket },
      example: { CosFileURI: example.CosFileURI },
    })
  }
  const appId = given(script.AppId)
  const host = appId === undefined ? bucket : `${bucket}-${appId}`
  const region = given(script.Region)
  const domain = given(script.Domain) ?? (region === undefined ? '' : `cos.${region}.myqcloud.com`)
  const address = domain === '' ? `cos://${host}` : `https://${host}.${domain}`
  return `${address}/${path.replace(/^\/+/, '')}`
}

interface Wrong {
  /** Of the script; empty for all of them. */
  readonly member: string
  readonly rule: string
  readonly value: unknown
  readonly example: unknown
}

function preExecuted({ member, ...it }: Wrong) {
  return invalid({
    name: `PreExecutedFileSettings${member}`,
    code: 'InvalidParameter.InvalidPreExecutedFile',
    ...it,
  })
}
