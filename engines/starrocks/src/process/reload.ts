/**
 * Takes a changed configuration over in a running engine: nodes, threads, memory, quota, version, password, settings, object storage and
 * access. All of it is read and judged before any of it is applied; a refusal changes nothing.
 */
import { fixedChanges, type Settings } from '../execution/configuration-item.ts'
import type { Administration } from '../engine/administration.ts'
import { SqlError } from '../session.ts'
import type { EngineAccess } from './access.ts'
import { ConfigurationError, readConfiguration, refuseFixed } from './configuration.ts'
import type { ConfigurationFiles, EngineConfiguration } from './configuration.ts'
import { limitsOf, settingsOf } from './engine-option.ts'

export type ReloadableEngine = Pick<
  Administration,
  | 'status'
  | 'setLimits'
  | 'setAdminVerifier'
  | 'setNodes'
  | 'setVersion'
  | 'setSettings'
  | 'setObjectStorage'
>

/** Answers the configuration that holds from now on. Throws ConfigurationError for one that cannot be taken over. */
export async function reloadConfiguration(
  engine: ReloadableEngine,
  it: {
    readonly directory: string
    readonly before: EngineConfiguration
    readonly access: Pick<EngineAccess, 'prepare'>
  },
): Promise<EngineConfiguration> {
  const { directory, before, access } = it
  const { configuration, adminVerifier } = readConfiguration(directory)
  refuseFixed(before, configuration)
  const settings = settingsOf(configuration)
  refuseFixedItems(settingsOf(before), settings)
  await refuseQuotaInUse(engine, before, configuration)
  const prepared = await access.prepare(configuration)
  try {
    await applyLimits(engine, configuration)
    await applyVerifier(engine, before, { configuration, adminVerifier })
  } catch (error) {
    prepared.abandon()
    throw error
  }
  await engine.setObjectStorage(configuration.objectStorage)
  engine.setNodes(configuration.nodes, configuration.warehouses)
  engine.setVersion(configuration.version)
  engine.setSettings(settings)
  prepared.takeOver()
  return configuration
}

function refuseFixedItems(before: Settings, after: Settings): void {
  const changed = fixedChanges(before, after)
  if (changed.length > 0)
    throw new ConfigurationError(`${changed.join(', ')} cannot change without a restart`)
}

async function applyVerifier(
  engine: ReloadableEngine,
  before: EngineConfiguration,
  { configuration, adminVerifier }: ConfigurationFiles,
): Promise<void> {
  try {
    await engine.setAdminVerifier(adminVerifier, configuration.passwordNumber ?? 0)
  } catch (error) {
    await engine.setLimits(limitsOf(before))
    throw error
  }
}

/** Data does not shrink with its quota: a lower one that is already exceeded would only make every write fail. */
async function refuseQuotaInUse(
  engine: ReloadableEngine,
  before: EngineConfiguration,
  after: EngineConfiguration,
): Promise<void> {
  if (after.storageBytes >= before.storageBytes) return
  const { usedBytes } = await engine.status()
  if (usedBytes <= after.storageBytes) return
  throw new ConfigurationError(
    `storageBytes cannot be lowered to ${after.storageBytes}: ${usedBytes} bytes are in use`,
  )
}

async function applyLimits(
  engine: ReloadableEngine,
  configuration: EngineConfiguration,
): Promise<void> {
  try {
    await engine.setLimits(limitsOf(configuration))
  } catch (error) {
    if (!(error instanceof SqlError)) throw error
    throw new ConfigurationError(`the limits cannot be taken over now: ${error.message}`)
  }
}
