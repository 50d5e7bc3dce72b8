/**
 * Bootstrap scripts (reference: tencent-emr.md 2.3 PreExecuteFileSettings). A script is named by CosFileURI or, in the form
 * of the founding document's time, by Path in a Bucket. Keys of the storage are secrets of the cluster, never part of this.
 */
import { inOrder, type Script, type ScriptMoment } from '../../../../domain/script.ts'
import type { BootstrapInput } from './create-shape.ts'
import { given, invalid } from '../refusal.ts'

/** In the order in which they run. Throws InvalidPreExecutedFile, or today's InvalidCosFileURI. */
export function readBootstrap(settings: readonly BootstrapInput[] | undefined): readonly Script[] {
  const scripts = settings ?? []
  if (scripts.length > SCRIPTS_MAX) {
    throw preExecuted('', `at most ${SCRIPTS_MAX} scripts are allowed`, scripts.length)
  }
  return inOrder(scripts.map((script, index) => readScript(script, index)))
}

/** The storage keys of the scripts by a name for each; sealed with the cluster's other secrets. */
export function bootstrapSecrets(
  settings: readonly BootstrapInput[] | undefined,
): Record<string, string> {
  const secrets: Record<string, string> = {}
  for (const [index, { CosSecretId, CosSecretKey }] of (settings ?? []).entries()) {
    const id = idOf(index)
    if (given(CosSecretId) !== undefined) secrets[`${id}.keyId`] = CosSecretId ?? ''
    if (given(CosSecretKey) !== undefined) secrets[`${id}.key`] = CosSecretKey ?? ''
  }
  return secrets
}

const SCRIPTS_MAX = 16
/** Documented for the name and the arguments together. */
const TEXT_MAX = 240
const moments: ReadonlyMap<string, ScriptMoment> = new Map([
  ['resourceAfter', 'nodes-ready'],
  ['clusterBefore', 'before-start'],
  ['clusterAfter', 'after-start'],
])
const URI = /^(https|cos|cosn):\/\/[\x21-\x7e]{3,1000}$/

/** By its place in the request: names and addresses may repeat. */
function idOf(index: number): string {
  return `bootstrap.${index}`
}

function readScript(script: BootstrapInput, index: number): Script {
  const at = `.${index}`
  const uri = readUri(script, at)
  const name = given(script.CosFileName) ?? uri.split('/').at(-1) ?? ''
  const args = script.Args ?? []
  if (args.some((arg) => /\s/.test(arg))) {
    throw preExecuted(`${at}.Args`, 'an argument must not contain spaces')
  }
  if ([name, ...args].join('').length >= TEXT_MAX) {
    throw preExecuted(
      `${at}.Args`,
      `name and arguments must be shorter than ${TEXT_MAX} characters`,
    )
  }
  const asked = given(script.WhenRun) ?? 'clusterAfter'
  const moment = moments.get(asked)
  if (moment === undefined) {
    throw preExecuted(`${at}.WhenRun`, `it must be one of ${[...moments.keys()].join(', ')}`, asked)
  }
  const order = script.RunOrder ?? 0
  if (order < 0) throw preExecuted(`${at}.RunOrder`, 'it must not be negative', order)
  return { id: idOf(index), name, uri, args, moment, order, remark: script.Remark ?? '' }
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
    })
  }
  const path = given(script.Path)
  const bucket = given(script.Bucket)
  if (path === undefined || bucket === undefined) {
    throw preExecuted(at, 'CosFileURI, or Path with Bucket, must be given')
  }
  const appId = given(script.AppId)
  const host = appId === undefined ? bucket : `${bucket}-${appId}`
  const region = given(script.Region)
  const domain = given(script.Domain) ?? (region === undefined ? '' : `cos.${region}.myqcloud.com`)
  const address = domain === '' ? `cos://${host}` : `https://${host}.${domain}`
  return `${address}/${path.replace(/^\/+/, '')}`
}

function preExecuted(member: string, rule: string, value?: string | number) {
  return invalid({
    name: `PreExecutedFileSettings${member}`,
    code: 'InvalidParameter.InvalidPreExecutedFile',
    rule,
    ...(value === undefined ? {} : { value }),
  })
}
