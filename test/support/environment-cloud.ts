/** A server with a declared environment. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import type { Config } from '../../src/config/config.ts'
import { startCloud, type Cloud } from './cloud.ts'
import { temporaryDirectory } from './directory.ts'

export interface CloudEnvironment {
  readonly mode?: Config['environmentMode'] | undefined
  /** Of the environment's file. */
  readonly text?: string | undefined
  readonly more?: Partial<Config>
}

export function environmentCloud(
  t: TestContext,
  { mode = 'open', text, more = {} }: CloudEnvironment,
): Promise<Cloud> {
  const file = text === undefined ? '' : join(temporaryDirectory(t), 'environment.yaml')
  if (text !== undefined) writeFileSync(file, text)
  return startCloud(t, { config: { environmentFile: file, environmentMode: mode, ...more } })
}
