/** Composition root, its part for what engines need beside what is installed: where it comes from, by the settings or the machine. */
import { findPip, pipIndex } from '../artifact/pip.ts'
import { findMaven } from '../artifact/maven-client.ts'
import { mavenRepository } from '../artifact/maven.ts'
import type { Addresses } from '../artifact/source.ts'
import type { EnginesConfig } from '../config/config.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** What is set for Emrys goes before what is set for the machine's `pip` and `mvn`. */
export function addressesOf(config: EnginesConfig, env: Environment): Addresses {
  const pythonIndex = config.pythonIndex === '' ? pipIndex(env) : config.pythonIndex
  const pip = pythonIndex === '' ? findPip(env) : undefined
  const repository = config.mavenRepository === '' ? mavenRepository(env) : config.mavenRepository
  const mvn = repository === '' ? findMaven(env) : undefined
  return {
    pythonIndex,
    mavenRepository: repository,
    ...(pip === undefined ? {} : { pip }),
    ...(mvn === undefined ? {} : { mvn }),
  }
}
