/** The machine's `mvn`, which has a repository of its own where nobody set a mirror: a file as Maven's own client fetches it. */
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Origin } from './lock.ts'
import { ArtifactProblem } from './problem.ts'
import { findProgram, runProgram } from './program.ts'
import type { Found } from './source.ts'

type MavenOrigin = Extract<Origin, { kind: 'maven' }>
type Release = () => Promise<void>
type Environment = Readonly<Record<string, string | undefined>>

/** The first that is on the path. */
export function findMaven(env: Environment): string | undefined {
  return findProgram(env, process.platform === 'win32' ? ['mvn.cmd'] : ['mvn'])
}

/** The file by its coordinates, in a folder of its own until it is released. */
export async function mavenDownload(mvn: string, { path }: MavenOrigin): Promise<Found> {
  const { group, artifact, version, type, classifier, file } = coordinatesOf(path)
  const folder = await mkdtemp(join(tmpdir(), 'emrys-mvn-'))
  const release = () => rm(folder, { recursive: true, force: true })
  const args = [
    '--quiet',
    '--batch-mode',
    'dependency:copy',
    `-Dartifact=${[group, artifact, version, type, ...(classifier ? [classifier] : [])].join(':')}`,
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

/** All of them with one run, which is seconds for each less, in a folder of their own until they are released. */
export async function mavenDownloadAll(
  mvn: string,
  origins: readonly MavenOrigin[],
): Promise<{ readonly fileOf: (origin: MavenOrigin) => string; readonly release: Release }> {
  const folder = await mkdtemp(join(tmpdir(), 'emrys-mvn-'))
  const release = () => rm(folder, { recursive: true, force: true })
  const pom = join(folder, 'pom.xml')
  const args = ['--quiet', '--batch-mode', '--file', pom, 'dependency:copy']
  const into = `-DoutputDirectory=${folder}`
  try {
    await writeFile(pom, projectOf(origins))
    await runProgram({
      program: mvn,
      args: [...args, into],
      shown: 'mvn dependency:copy',
      reasonIn,
    })
    return { fileOf: ({ path }) => join(folder, coordinatesOf(path).file), release }
  } catch (problem) {
    await release()
    throw problem
  }
}

/** A project that does nothing but copy these; what they depend on is not its affair. */
function projectOf(origins: readonly MavenOrigin[]): string {
  const items = origins.map(({ path }) => {
    const { group, artifact, version, type, classifier } = coordinatesOf(path)
    const members = { groupId: group, artifactId: artifact, version, type, classifier }
    const elements = Object.entries(members)
      .filter(([, text]) => text !== undefined)
      .map(([name, text]) => `<${name}>${text}</${name}>`)
    return `<artifactItem>${elements.join('')}</artifactItem>`
  })
  return `<project xmlns="http://maven.apache.org/POM/4.0.0">
<modelVersion>4.0.0</modelVersion>
<groupId>emrys</groupId><artifactId>fetch</artifactId><version>1</version><packaging>pom</packaging>
<build><plugins><plugin><artifactId>maven-dependency-plugin</artifactId><configuration><artifactItems>
${items.join('\n')}
</artifactItems></configuration></plugin></plugins></build>
</project>
`
}

/** A path in a repository is `GROUP/…/ARTIFACT/VERSION/ARTIFACT-VERSION[-CLASSIFIER].TYPE` (maven.apache.org, "Repository Layout"). */
function coordinatesOf(path: string) {
  const parts = path.split('/')
  const [artifact = '', version = '', file = ''] = parts.slice(-3)
  const group = parts.slice(0, -3).join('.')
  const base = `${artifact}-${version}`
  const [, classifier, type = ''] =
    /^(?:-([\w-]+))?\.(\w+|tar\.gz)$/.exec(file.slice(base.length)) ?? []
  if (group === '' || !file.startsWith(base) || type === '' || !COORDINATE.test(group + base))
    throw new ArtifactProblem(`${path} is no path of a Maven repository`)
  return { group, artifact, version, type, classifier, file }
}

/** What can stand in a project as it is. */
const COORDINATE = /^[\w.-]+$/

/** Its first error says what is wrong; those that follow say where help is. */
function reasonIn(lines: readonly string[]): string | undefined {
  return lines.find((line) => line.startsWith('[ERROR] '))?.slice('[ERROR] '.length)
}
