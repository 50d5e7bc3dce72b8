/**
 * Encryption of clusters: each has a data key of its own, wrapped by a key of its account and sealed among its secrets. It is
 * reopened whenever the cluster starts, so that disabling the wrapping key shows at the next start at the latest.
 *
 * A key is one that the key service knows, or one that the environment vouches for. What the environment declares as absent
 * or unusable is so, whatever the key service says.
 */
import type { Backup } from '../domain/backup.ts'
import type { Cluster } from '../domain/cluster/cluster.ts'
import { assertUsable, DATA_KEY, type KeyReference } from '../domain/encryption-key.ts'
import { declared, identify, type Environment, type Resource } from '../domain/environment.ts'
import type { Sealer } from '../kernel/seal.ts'
import type { Call } from './call.ts'
import type { Environments } from './environment/environments.ts'
import type { ClusterSpec } from '../domain/cluster/spec.ts'
import { limits } from '../limits.ts'
import type { KeyContext, KeyService } from '../port/key-service.ts'
import type { Stored, Writer } from '../store/port.ts'

export interface Encrypted {
  /** The wrapped data key, for the secrets of a new cluster under DATA_KEY. */
  readonly wrapped: string
  /** The key as the environment knows it, for the claims of a new cluster; undefined when only the key service does. */
  readonly uses: Resource | undefined
}

export interface Encryption {
  /** A data key for a new cluster. Throws what the key service's port says. */
  dataKey(call: Call, id: string): Promise<Encrypted>
  /** The data key of a cluster, in the clear; undefined for one without. Throws what the port says. */
  open(cluster: Cluster): Promise<Uint8Array | undefined>
  /** The wrapped data key that a cluster needs which begins with these data; undefined where they are not encrypted. */
  wrappedKeyOf(backup: Backup): string | undefined
}

export interface EncryptionOptions {
  readonly keys: KeyService
  readonly environments: Pick<Environments, 'require'>
  readonly inForce: (product: string) => Environment | undefined
  readonly sealer: Sealer
}

export function encryption(options: EncryptionOptions): Encryption {
  const { keys, environments, inForce, sealer } = options
  return {
    async dataKey(call, id) {
      const { region, product } = call
      const key = { account: call.principal.account, region, id }
      const isDeclared = declaredIn(inForce(product), key) !== undefined
      const state = await keys.describe(key)
      const uses =
        isDeclared || state === undefined
          ? await environments.require(call, { kind: 'encryption-key', id })
          : undefined
      if (state !== undefined) assertUsable(id, state)
      const { wrapped } = await keys.generateDataKey(key, contextOf(key))
      return { wrapped, uses }
    },
    async open(cluster) {
      const sealed = cluster.secrets[DATA_KEY]
      if (cluster.spec.encryption === undefined || sealed === undefined) return undefined
      const { account, region, id: clusterId } = cluster
      const key = { account, region, id: cluster.spec.encryption.key }
      const environment = inForce(cluster.product)
      const found = declaredIn(environment, key)
      if (environment && found)
        identify(environment, { kind: 'encryption-key', id: key.id, region }, undefined)
      const wrapped = sealer.open(sealed, `cluster/${clusterId}/${DATA_KEY}`)
      return keys.decrypt(key, wrapped, contextOf(key))
    },
    wrappedKeyOf({ cluster, origin: { dataKey: sealed } }) {
      return sealed === undefined
        ? undefined
        : sealer.open(sealed, `cluster/${cluster}/${DATA_KEY}`)
    },
  }
}

function declaredIn(
  environment: Environment | undefined,
  { id, region }: KeyReference,
): Resource | undefined {
  return environment && declared(environment, 'encryption-key', id, region)
}

/** The cluster is not among it: the wrapped key is bound to its cluster by the seal around it. */
function contextOf({ account, region }: KeyReference) {
  return { account, region, use: 'cluster' }
}

/** Wraps again, in one transaction, every data key that a key has wrapped: of clusters, and of backups. */
export type RewrapAll = (
  tx: Writer,
  key: KeyReference,
  rewrap: (wrapped: string, context: KeyContext) => string,
) => Promise<void>

export function rewrapDataKeys(sealer: Sealer): RewrapAll {
  return async (tx, key, rewrap) => {
    const again = (sealed: string, cluster: string) => {
      const context = `cluster/${cluster}/${DATA_KEY}`
      return sealer.seal(rewrap(sealer.open(sealed, context), contextOf(key)), context)
    }
    const isOf = ({ encryption: it }: ClusterSpec) => it?.key === key.id
    for await (const found of all(tx, 'cluster', key)) {
      const { id, spec, secrets } = found.document
      const sealed = secrets[DATA_KEY]
      if (!isOf(spec) || sealed === undefined) continue
      const next = { ...secrets, [DATA_KEY]: again(sealed, id) }
      await tx.save('cluster', found, { ...found.document, secrets: next })
    }
    for await (const found of all(tx, 'backup', key)) {
      const { origin, cluster } = found.document
      if (!isOf(origin.spec) || origin.dataKey === undefined) continue
      const next = { ...origin, dataKey: again(origin.dataKey, cluster) }
      await tx.save('backup', found, { ...found.document, origin: next })
    }
  }
}

/** Those of its account and region, page by page. */
async function* all<K extends 'cluster' | 'backup'>(
  tx: Writer,
  kind: K,
  { account, region }: KeyReference,
): AsyncGenerator<Stored<K>, void> {
  for (let behindSeq = 0; ;) {
    const where = { account, region, order: 'oldest', offset: 0, behindSeq } as const
    const { rows } = await tx.list(kind, { ...where, limit: limits.pageSize })
    yield* rows
    const last = rows.at(-1)
    if (!last) return
    behindSeq = last.seq
  }
}
