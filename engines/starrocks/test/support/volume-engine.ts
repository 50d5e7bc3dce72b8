/** Engines with a volume of their own and an object storage in which storage volumes may be made: all of it in one store of a test. */
import { cachedModule } from '../../../../test/support/engine/module.ts'
import type { EngineVolume } from '../../src/engine/shipping.ts'
import type { DuckProtection } from '../../src/storage/duck.ts'
import { bucket } from './memory-store.ts'

interface VolumeStore {
  readonly endpoint: string
}

/** `prefix` is the instance's own; storage volumes may lie below `lake/`, and below `fixed/` nothing may be written. */
export function volumeOptions({ endpoint }: VolumeStore, prefix = 'i-1/') {
  const volume: EngineVolume = {
    endpoint,
    region: 'r',
    bucket,
    prefix,
    key: { keyId: 'id', secret: 'secret' },
    checkpointAt: { bytes: 100_000, records: 20 },
  }
  const protection: DuckProtection = {
    modules: [cachedModule('httpfs') ?? ''],
    objects: {
      endpoint,
      region: 'r',
      prefixes: [
        { name: `oss://${bucket}/lake/`, rights: ['read', 'write', 'list'] },
        { name: `oss://${bucket}/fixed/`, rights: ['read', 'list'] },
      ],
    },
  }
  return { volume, protection }
}

export const createVolume = (name: string, folder = name): string =>
  `CREATE STORAGE VOLUME ${name} TYPE = S3 LOCATIONS = ('s3://${bucket}/lake/${folder}')
    PROPERTIES ("aws.s3.use_instance_profile" = "true")`
