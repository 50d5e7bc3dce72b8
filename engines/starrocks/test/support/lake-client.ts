/**
 * An engine whose object storage holds Iceberg and Delta tables. `test/lake/table.json` has their objects, as pyiceberg 0.12 and
 * deltalake 1.6 wrote them, each compressed; the metadata of Iceberg is named as its Hadoop catalog names it.
 */
import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { TestContext } from 'node:test'
import { inflateSync } from 'node:zlib'
import { cachedModule, skipWithout } from '../../../../test/support/engine/module.ts'
import { skipWithoutObjectStore } from '../../../../test/support/engine/object-store.ts'
import type { ObjectStoreServer } from '../../../../test/support/engine/object-store.ts'
import { testClient } from './open-engine.ts'
import { sharedObjectStore } from './shared-object-store.ts'

const MODULES = ['httpfs', 'avro', 'iceberg']

export const skipWithoutLake =
  MODULES.map(skipWithout).find((why) => why !== false) || skipWithoutObjectStore()

/** By their names in the bucket `bucket-a`. */
export const lakeObjects = new Map(
  Object.entries(
    JSON.parse(readFileSync(new URL('../lake/table.json', import.meta.url), 'utf8')) as Record<
      string,
      string
    >,
  ).map(([name, content]) => [name, inflateSync(Buffer.from(content, 'base64'))]),
)

export interface LakeOptions {
  readonly modules?: readonly string[]
  /** Servers that catalogs may be read from. */
  readonly icebergRest?: readonly string[]
  readonly hiveMetastores?: readonly string[]
  readonly isEncrypted?: boolean
}

export async function lakeClient(
  t: TestContext,
  {
    modules = MODULES,
    icebergRest = [],
    hiveMetastores = [],
    isEncrypted = false,
  }: LakeOptions = {},
) {
  const store = await sharedObjectStore(t, ['bucket-a', 'bucket-b'])
  const { endpoint, region, keyId, secret } = store
  const rights = ['read', 'list'] as const
  const objects = {
    endpoint,
    region,
    icebergRest,
    hiveMetastores,
    prefixes: ['oss://bucket-a/', 'oss://bucket-b/'].map((name) => ({ name, rights })),
  }
  const opened = await testClient(t, {
    protection: {
      modules: modules.map((name) => cachedModule(name) ?? ''),
      objects,
      ...(isEncrypted && { dataKey: Buffer.alloc(32, 7) }),
    },
  })
  await opened.engine.setObjectKey({ keyId, secret })
  for (const [name, content] of lakeObjects) await putObject(store, `bucket-a/${name}`, content)
  await opened.client.run(`
    CREATE EXTERNAL CATALOG ice PROPERTIES ("type" = "iceberg", "iceberg.catalog.type" = "hadoop",
      "iceberg.catalog.warehouse" = "oss://bucket-a/ice");
    CREATE EXTERNAL CATALOG delta PROPERTIES ("type" = "deltalake", "deltalake.catalog.type" = "hadoop",
      "deltalake.catalog.warehouse" = "oss://bucket-a/delta/")`)
  return {
    ...opened,
    objects,
    put: (name: string, content: string | Uint8Array) => putObject(store, name, content),
  }
}

/** The server lists only what came by its protocol. Signature: AWS, "Signing and authenticating REST requests" (version 2). */
async function putObject(
  { endpoint, keyId, secret }: ObjectStoreServer,
  name: string,
  content: string | Uint8Array,
): Promise<void> {
  const path = name.split('/').map(encodeURIComponent).join('/')
  const date = new Date().toUTCString()
  const type = 'application/octet-stream'
  const signature = createHmac('sha1', secret)
    .update(`PUT\n\n${type}\n${date}\n/${path}`)
    .digest('base64')
  const { status } = await fetch(`${endpoint}/${path}`, {
    method: 'PUT',
    headers: { Date: date, 'Content-Type': type, Authorization: `AWS ${keyId}:${signature}` },
    body: Buffer.from(content),
  })
  if (status !== 200) throw new Error(`PUT ${name}: ${status}`)
}
