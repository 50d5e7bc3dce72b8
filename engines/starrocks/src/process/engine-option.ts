/** What the configuration means to the engine: its limits, and what it reports about itself. */
import type { EngineIdentity, EngineLimits } from '../execution/engine-context.ts'
import type { ConfigurationFiles, EngineConfiguration } from './configuration.ts'

/** 3 days, as StarRocks' label_keep_max_second. */
const LABEL_RETENTION_SECONDS = 259_200

export function limitsOf(configuration: EngineConfiguration): EngineLimits {
  const { memoryBytes, threads, storageBytes, labelRetentionSeconds } = configuration
  return {
    memoryBytes,
    threads,
    storageBytes,
    labelRetentionMs: (labelRetentionSeconds ?? LABEL_RETENTION_SECONDS) * 1000,
  }
}

export function identityOf({ configuration, adminVerifier }: ConfigurationFiles): EngineIdentity {
  const { instance, version, nodes, warehouses, queryPort, frontPort, timeZone, passwordNumber } =
    configuration
  return {
    instance,
    version,
    nodes,
    ...(warehouses && { warehouses }),
    adminVerifier,
    passwordNumber: passwordNumber ?? 0,
    queryPort,
    httpPort: frontPort,
    timeZone: timeZone ?? 'Asia/Shanghai',
  }
}
