/** The machine's `mvn`, which has a repository of its own where nobody set a mirror: a file as Maven's own client fetches it. */
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Origin } from './lock.ts'
import { ArtifactProblem } from './problem.ts'
import { findProgram, runProgram } from './program.ts'
import type { Found } from './source.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** The first that is on the path. */
export function findMaven(env: Environment): string | undefined {
  return findProgram(env, process.platform === 'win32' ? ['mvn.cmd'] : ['mvn'])
}

/** The file by its coordinates, in a folder of its own until it is released. */
export async function mavenDownload(
  mvn: string,
  { path }: Extract<Origin, { kind: 'maven' }>,
): Promise<Found> {
  const { coordinates, file } = coordinatesOf(path)
  const folder = await mkdtemp(join(tmpdir(), 'emrys-mvn-'))
  const release = () => rm(folder, { recursive: true, force: true })
  const args = [
    '--quiet',
    '--batch-mode',
    'dependency:copy',
    `-Dartifact=${coordinates}`,
    `-DoutputDirectory=${folder}`,
  ]
  try {
    await runProgram({ program: mvn, args, shown: 'mvn dependency:copy', reasonIn })
    const found = join(folder, file)
    if (!existsSync(found)) throw new ArtifactProblem(`mvn brought another file than ${file}`)
    return { file: found, release }
  } catch (problem) {
    await release()
    throw problem
  }
}

/** A path in a repository is `GROUP/…/ARTIFACT/VERSION/ARTIFACT-VERSION[-CLASSIFIER].TYPE` (maven.apache.org, "Repository Layout"). */
function coordinatesOf(path: string): { readonly coordinates: string; readonly file: string } {
  const parts = path.split('/')
  const [artifact = '', version = '', file = ''] = parts.slice(-3)
  const group = parts.slice(0, -3).join('.')
  const base = `${artifact}-${version}`
  const [, classifier, type = ''] = /^(?:-([\w-]+))?\.(\w+)$/.exec(file.slice(base.length)) ?? []
  if (group === '' || !file.startsWith(base) || type === '')
    throw new ArtifactProblem(`${path} is no path of a Maven repository`)
  const coordinates = [group, artifact, version, type, ...(classifier ? [classifier] : [])]
  return { coordinates: coordinates.join(':'), file }
}

/** Its first error says what is wrong; those that follow say where help is. */
function reasonIn(lines: readonly string[]): string | undefined {
  return lines.find((line) => line.startsWith('[ERROR] '))?.slice('[ERROR] '.length)
}
