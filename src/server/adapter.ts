/**
 * Composition root, its part for what lies outside: the key service and the probe of clients' databases that the
 * configuration asks for.
 */
import { readFileSync } from 'node:fs'
import {
  encryption,
  rewrapDataKeys,
  type Encryption,
  type EncryptionOptions,
} from '../app/encryption.ts'
import { keyLoss } from '../domain/encryption-key.ts'
import { Fault } from '../domain/fault.ts'
import type { KeyService } from '../port/key-service.ts'
import type { MetadataProbe } from '../port/metadata-probe.ts'
import type { Config, KeyServiceConfig } from '../config/config.ts'
import type { Clock } from '../kernel/clock.ts'
import type { Logger } from '../kernel/log.ts'
import { builtInKeys } from '../adapter/kms/built-in.ts'
import { transitKeys } from '../adapter/kms/transit.ts'
import { mysqlProbe } from '../adapter/metadata-probe/mysql.ts'
import type { Store } from '../store/port.ts'

export interface OutsideOptions extends Omit<EncryptionOptions, 'keys'> {
  readonly store: Store
  readonly clock: Clock
  readonly log: Logger
  /** Whether the server listens on loopback only. */
  readonly onLoopback: boolean
}

export interface Outside {
  readonly keys: KeyService
  readonly encryption: Encryption
  readonly metadataProbe: MetadataProbe
}

/** Throws a sentence when a file that the configuration names is not readable. */
export function outsideOf(config: Config, options: OutsideOptions): Outside {
  const keys = keyServiceOf(config.keyService, options)
  return {
    keys,
    encryption: encryption({ ...options, keys }),
    metadataProbe: metadataProbeOf(config, options.onLoopback),
  }
}

/** The data key of a cluster, for a substrate that starts its engine; rejects with the reason as a sentence. */
export async function dataKeyOf(
  store: Store,
  { open }: Encryption,
  id: string,
): Promise<Uint8Array> {
  const found = await store.read((tx) => tx.findById('cluster', id))
  const { encryption: wanted } = found?.document.spec ?? {}
  if (!found || !wanted) throw new Error(`${id} is not an encrypted cluster`)
  try {
    const key = await open(found.document)
    if (key) return key
  } catch (problem) {
    if (!(problem instanceof Fault)) throw problem
    throw new Error(keyLoss(problem, wanted.key).reason, { cause: problem })
  }
  throw new Error(`${id} has no data key`)
}

function keyServiceOf(config: KeyServiceConfig, parts: OutsideOptions): KeyService {
  if (config.driver === 'built-in')
    return builtInKeys({ ...parts, rewrapAll: rewrapDataKeys(parts.sealer) })
  const { address, mount, namespace, caFile } = config
  const token = () =>
    config.tokenFile === '' ? config.token : read(config.tokenFile, 'token').trim()
  token()
  const ca = caFile === '' ? {} : { ca: read(caFile, 'authority') }
  return transitKeys({ address, mount, namespace, token, log: parts.log, ...ca })
}

/**
 * A server that others can reach asks nothing of its own machine for them: what listens on loopback trusts whoever is there.
 * `any` is the word of whoever runs it that this is meant.
 */
function metadataProbeOf(
  { metadataProbe: mode }: Pick<Config, 'metadataProbe'>,
  onLoopback: boolean,
): MetadataProbe {
  return mysqlProbe({ mode: mode === 'loopback' && !onLoopback ? 'off' : mode })
}

function read(file: string, what: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (problem) {
    const why = (problem as Error).message
    throw new Error(`the key service's ${what} file ${file} is not readable: ${why}`, {
      cause: problem,
    })
  }
}
