/** What the configuration means to the engine: its limits, and what it reports about itself. */
import type { EngineIdentity, EngineLimits } from '../execution/engine-context.ts'
import { problemOfSettings, type Settings } from '../execution/configuration-item.ts'
import { ConfigurationError } from './configuration.ts'
import type { ConfigurationFiles, EngineConfiguration } from './configuration.ts'

/** Throws ConfigurationError for settings that the engine cannot be run with. */
export function settingsOf({ settings = {} }: EngineConfiguration): Settings {
  const problem = problemOfSettings(settings)
  if (problem !== undefined) throw new ConfigurationError(`settings: ${problem}`)
  return settings
}

export function limitsOf({
  memoryBytes,
  threads,
  storageBytes,
}: EngineConfiguration): EngineLimits {
  return { memoryBytes, threads, storageBytes }
}

export function engineIdentityOf({
  configuration,
  adminVerifier,
}: ConfigurationFiles): EngineIdentity {
  const { instance, version, nodes, warehouses, queryPort, frontPort, timeZone, passwordNumber } =
    configuration
  return {
    instance,
    version,
    nodes,
    settings: settingsOf(configuration),
    ...(warehouses && { warehouses }),
    adminVerifier,
    passwordNumber: passwordNumber ?? 0,
    queryPort,
    httpPort: frontPort,
    timeZone: timeZone ?? 'Asia/Shanghai',
  }
}
