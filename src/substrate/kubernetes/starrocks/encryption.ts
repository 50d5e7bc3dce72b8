/**
 * TLS of an instance's front ends: StarRocks' own, with a key store that lies in a Secret of the namespace and is mounted. What fe.conf
 * says of it, which is a ConfigMap, is where it lies and the name of the variable that has its password.
 */
import { isAtLeast } from '../../../kernel/version.ts'
import { randomBytes } from 'node:crypto'
import type { Access } from '../../../domain/cluster/access.ts'
import type { UnmetRequirement } from '../../../domain/cluster/capability.ts'
import { sha256Hex } from '../../../kernel/digest.ts'
import { recordOf } from '../../../kernel/json.ts'
import type { ServerKey } from '../../../kernel/key-store.ts'
import { keyStore } from '../../../kernel/key-store-writer.ts'
import type { KubernetesClient } from '../client.ts'
import { resources } from '../resource.ts'

export const TLS_SECRET = 'sr-tls'
const STORE = 'keystore.p12'
const PASSWORD = 'password'
const VARIABLE = 'EMRYS_TLS_PASSWORD'
const FOLDER = '/etc/starrocks-tls'
/** On the Secret: which certificate it has. */
const CERTIFICATE = 'emrys.dev/certificate'

/** The first version that has it in the images of its project. reference: StarRocks documentation, "SSL Authentication" */
const FIRST = [3, 4, 1] as const

export interface KeptKeyStore {
  /** Which certificate is in it. */
  readonly certificate: string
  /** In base64, both. */
  readonly store: string
  readonly password: string
}

/** Which certificate front ends have; undefined where nobody ever wanted one, empty where nobody does any more. */
export function certificateOf(
  access: Access | undefined,
  was: string | undefined,
): string | undefined {
  const { encryption } = access ?? {}
  if (typeof encryption === 'object') return sha256Hex(encryption.secret).slice(0, 16)
  return was === undefined ? undefined : ''
}

/** `version`: that front ends run. */
export function unmetEncryption(
  access: Access | undefined,
  version: string,
): UnmetRequirement | undefined {
  if (typeof access?.encryption !== 'object' || isAtLeast(version, FIRST)) return undefined
  return {
    what: 'encryption of connections',
    detail: `StarRocks has it from ${FIRST.join('.')} on, and ${version} runs; kubernetes.versions may name another version (starrocks=)`,
  }
}

/** `key`: as it is written down (kernel/key-store.ts). In a sentence, why StarRocks could not read it. */
export function unmetKey(key: string | undefined): string | undefined {
  const password = key === undefined ? undefined : storePassword(JSON.parse(key) as ServerKey)
  if (password === undefined || (password !== '' && password.trim() === password)) return undefined
  return 'a key store whose password is empty, or begins or ends with a blank: StarRocks reads none'
}

function storePassword(key: ServerKey): string | undefined {
  return 'store' in key ? key.password : undefined
}

/** The one that is there, where it has this certificate: a new one of the same would be other bytes. */
export async function keptKeyStore(
  client: KubernetesClient,
  namespace: string,
  it: { readonly certificate: string; readonly key: string },
): Promise<KeptKeyStore> {
  const { certificate } = it
  const found = await client.find({ type: resources.secret, namespace, name: TLS_SECRET })
  const { [STORE]: store, [PASSWORD]: password } = recordOf(found?.['data'])
  if (
    found?.metadata.annotations?.[CERTIFICATE] === certificate &&
    typeof store === 'string' &&
    typeof password === 'string'
  )
    return { certificate, store, password }
  return { certificate, ...(await newKeyStore(JSON.parse(it.key) as ServerKey)) }
}

async function newKeyStore(key: ServerKey): Promise<Omit<KeptKeyStore, 'certificate'>> {
  const encoded = (text: string) => Buffer.from(text, 'utf8').toString('base64')
  if ('store' in key)
    return { store: key.store.replaceAll(/\s/g, ''), password: encoded(key.password) }
  const password = randomBytes(24).toString('base64url')
  return { store: (await keyStore(key, password)).toString('base64'), password: encoded(password) }
}

/** Beside its name: what is said of it, and what is in it. */
export function keyStoreSecret({ certificate, store, password }: KeptKeyStore) {
  return {
    annotations: { [CERTIFICATE]: certificate },
    data: { [STORE]: store, [PASSWORD]: password },
  }
}

/** Once no pod reads it any more. Emrys may remove no Secrets. */
export async function emptyKeyStore(client: KubernetesClient, namespace: string): Promise<void> {
  const key = { type: resources.secret, namespace, name: TLS_SECRET }
  const found = await client.find(key)
  if (found?.['data'] === undefined) return
  await client.merge(key, {
    metadata: { annotations: { [CERTIFICATE]: null } },
    data: { [STORE]: null, [PASSWORD]: null },
  })
}

/** Of fe.conf. StarRocks puts variables of its environment in their places. */
export const encryptionLines: Readonly<Record<string, string>> = {
  ssl_keystore_location: `${FOLDER}/${STORE}`,
  ssl_keystore_password: `\${${VARIABLE}}`,
  ssl_key_password: `\${${VARIABLE}}`,
}

export const encryptionVariable = {
  name: VARIABLE,
  valueFrom: { secretKeyRef: { name: TLS_SECRET, key: PASSWORD } },
}

/** As the operator's resource has it, and as a pod has it. */
export const encryptionMount = { name: TLS_SECRET, mountPath: FOLDER }
export const encryptionVolume = { name: TLS_SECRET, secret: { secretName: TLS_SECRET } }
