/** Where artifacts come from: a directory, a Python index and a Maven repository, or the machine's own `pip` and `mvn`. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { shown, type Location } from './download.ts'
import { fileNameOf, type Artifact, type Origin } from './lock.ts'
import { mavenDownload, mavenDownloadAll } from './maven-client.ts'
import { pipDownload } from './pip.ts'
import { ArtifactProblem } from './problem.ts'
import { locateInIndex, withCredentials } from './python-index.ts'

/** A file that is there already, which is copied; or where one is to be fetched. */
export type Found =
  | { readonly file: string; readonly release?: () => Promise<void> }
  | { readonly location: Location }

export interface Source {
  /** Throws ArtifactProblem. */
  find(artifact: Artifact): Promise<Found>
  /** The same source once it has brought those of these together that it can; absent where each is found for itself. */
  together?(artifacts: readonly Artifact[]): Promise<Gathered>
}

export interface Gathered extends Source {
  release(): Promise<void>
}

export interface Addresses {
  /** Of a Python index, and of a Maven repository; empty where none is known. */
  readonly pythonIndex: string
  readonly mavenRepository: string
  /** Run where no index, or no repository, is known; absent where there is none. */
  readonly pip?: string | undefined
  readonly mvn?: string | undefined
}

/** Files lie in `directory` by their names, or as in a Maven repository. */
export function directorySource(directory: string): Source {
  return {
    async find(artifact) {
      const name = fileNameOf(artifact)
      const { origin } = artifact
      const places = [name, ...(origin.kind === 'maven' ? [origin.path] : [])]
      const found = places.map((place) => join(directory, place)).find((path) => existsSync(path))
      if (found === undefined) throw new ArtifactProblem(`${directory} has no file ${name}`)
      return { file: found }
    },
  }
}

export function networkSource({ pythonIndex, mavenRepository, pip, mvn }: Addresses): Source {
  const client = mavenRepository === '' ? mvn : undefined
  const find: Source['find'] = async ({ origin, sha256 }) => {
    if (origin.kind === 'maven')
      return client === undefined
        ? { location: inRepository(mavenRepository, origin) }
        : mavenDownload(client, origin)
    if (pythonIndex !== '') return { location: await locateInIndex(pythonIndex, origin) }
    if (pip !== undefined) return pipDownload(pip, { origin, sha256 })
    throw new ArtifactProblem(
      `no Python index is known, and ${origin.file} comes from one; set engines.python-index (EMRYS_ENGINES_PYTHON_INDEX) or PIP_INDEX_URL, or name a directory that has the file: --from DIR`,
    )
  }
  if (client === undefined) return { find }
  return { find, together: (artifacts) => byMaven(client, find, artifacts) }
}

async function byMaven(
  client: string,
  find: Source['find'],
  artifacts: readonly Artifact[],
): Promise<Gathered> {
  const origins = artifacts.flatMap(({ origin }) => (origin.kind === 'maven' ? [origin] : []))
  if (origins.length < 2) return { find, release: async () => {} }
  const { fileOf, release } = await mavenDownloadAll(client, origins)
  return {
    find: async (artifact) =>
      artifact.origin.kind === 'maven' ? { file: fileOf(artifact.origin) } : find(artifact),
    release,
  }
}

function inRepository(repository: string, { path }: Extract<Origin, { kind: 'maven' }>): Location {
  if (repository === '')
    throw new ArtifactProblem(
      `no Maven repository is known, and ${path} comes from one; set engines.maven-repository (EMRYS_ENGINES_MAVEN_REPOSITORY) or a mirror in Maven's settings.xml, or name a directory that has the file: --from DIR`,
    )
  const { base, authorization } = withCredentials(repository)
  const location = { url: new URL(path, base).href }
  return authorization === undefined ? location : { ...location, authorization }
}

/** What stands for it in a sentence. */
export function sourceName({ pythonIndex, mavenRepository, pip, mvn }: Addresses): string {
  const of = (address: string, client: string | undefined, verb: string) =>
    address === '' ? (client ? `${client} ${verb}` : 'none') : shown(address)
  const index = of(pythonIndex, pip, 'download')
  return `Python index: ${index}; Maven repository: ${of(mavenRepository, mvn, 'dependency:copy')}`
}
