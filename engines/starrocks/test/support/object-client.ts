/** An engine with object storage: a real server of the S3 protocol, whose buckets are folders that a test looks into. */
import { createHmac } from 'node:crypto'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { cachedModule, skipWithout } from '../../../../test/support/engine/module.ts'
import {
  skipWithoutObjectStore,
  type ObjectStoreServer,
} from '../../../../test/support/engine/object-store.ts'
import type { ObjectPrefix } from '../../src/storage/object-path.ts'
import { testClient } from './open-engine.ts'
import { sharedObjectStore } from './shared-object-store.ts'

export const skipWithoutObjects = skipWithout('httpfs') || skipWithoutObjectStore()

const PREFIXES: readonly ObjectPrefix[] = [
  { name: 'oss://bucket-a/', rights: ['read', 'write', 'list'] },
  { name: 'oss://bucket-b/in/', rights: ['read', 'list'] },
]

/**
 * `put` writes an object of the bucket bucket-a unless its name begins with another one's. `way` says by which address the engine
 * reaches the store; `own` is the bucket of its own volume, where it has one.
 */
export async function objectClient(
  t: TestContext,
  modules: readonly string[] = ['httpfs'],
  way: (endpoint: string) => Promise<string> = async (endpoint) => endpoint,
  own?: string,
) {
  const store = await sharedObjectStore(t, ['bucket-a', 'bucket-b', 'bucket-c'])
  const { region, keyId, secret } = store
  const endpoint = await way(store.endpoint)
  const opened = await testClient(t, {
    protection: {
      modules: modules.map((name) => cachedModule(name) ?? ''),
      objects: { endpoint, region, prefixes: PREFIXES },
    },
    ...(own !== undefined && {
      volume: { endpoint, region, bucket: own, prefix: 'i/', key: { keyId, secret } },
    }),
  })
  await opened.engine.setObjectKey({ keyId, secret })
  const full = (name: string) => (/^bucket-[abc]\//.test(name) ? name : `bucket-a/${name}`)
  const place = (name: string) => join(store.directory, full(name))
  return {
    ...opened,
    store,
    put: (name: string, content: string | Uint8Array) => putObject(store, full(name), content),
    text: (name: string) => readFileSync(place(name), 'utf8'),
    names: (folder: string) =>
      readdirSync(place(folder), { recursive: true, encoding: 'utf8' })
        .filter((name) => /\.[a-z]+$/.test(name))
        .sort(),
  }
}

/** The server lists only what came by its protocol. Signature: AWS, "Signing and authenticating REST requests" (version 2). */
export async function putObject(
  { endpoint, keyId, secret }: ObjectStoreServer,
  name: string,
  content: string | Uint8Array,
): Promise<void> {
  const date = new Date().toUTCString()
  const signature = createHmac('sha1', secret)
    .update(`PUT\n\napplication/octet-stream\n${date}\n/${name}`)
    .digest('base64')
  const { status } = await fetch(`${endpoint}/${name}`, {
    method: 'PUT',
    headers: {
      Date: date,
      'Content-Type': 'application/octet-stream',
      Authorization: `AWS ${keyId}:${signature}`,
    },
    body: Buffer.from(content),
  })
  if (status !== 200) throw new Error(`PUT ${name}: ${status}`)
}
