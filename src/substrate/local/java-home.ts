/** Where the Java of this machine lies that daemons can run on, by the file that each Java describes itself in: nothing is started. */
import { readdirSync, readFileSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { javaPrograms, type Environment } from './java.ts'
import type { JavaVersions } from './service.ts'

/** Hadoop, ZooKeeper and Kafka run on these; Java 24 has taken away what Hadoop logs in with. */
export const usualJava: JavaVersions = { min: 17, max: 23 }

/** The directory of a Java of such a version: JAVA_HOME's, the first on the path, or one that lies beside these. */
export function findJavaHome(
  env: Environment,
  { min, max }: JavaVersions = usualJava,
): string | undefined {
  return homes(env).find((home) => {
    const version = versionOf(home)
    return version !== undefined && version >= min && version <= max
  })
}

/** What is to be done so that there is one. */
export function unmetJavaHome(
  env: Environment,
  versions: JavaVersions = usualJava,
): string | undefined {
  if (findJavaHome(env, versions) !== undefined) return undefined
  const found = homes(env).map((home) => `${home} is ${versionOf(home) ?? 'of no known version'}`)
  const there = found.length > 0 ? found.join(', ') : 'there is none'
  const { min, max } = versions
  return `it needs Java ${min} to ${max} by JAVA_HOME, on the path or beside one of these, and ${there}`
}

/** Systems put several side by side in one folder, and only one of them on the path. */
function homes(env: Environment): readonly string[] {
  // A program on the path is a link into its Java.
  const named = javaPrograms(env).map((program) => dirname(dirname(realpathSync(program))))
  const beside = [...new Set(named.map((home) => dirname(home)))].flatMap(homesIn)
  return [...new Set([...named, ...beside])]
}

function homesIn(folder: string): readonly string[] {
  try {
    const all = readdirSync(folder)
      .toSorted()
      .map((name) => join(folder, name))
    return all.filter((home) => versionOf(home) !== undefined).map((home) => realpathSync(home))
  } catch {
    return []
  }
}

/** Of the language, such as 17. */
function versionOf(home: string): number | undefined {
  try {
    const text = readFileSync(join(home, 'release'), 'utf8')
    const [, found] = /^JAVA_VERSION="(?:1\.)?(\d+)/m.exec(text) ?? []
    return found === undefined ? undefined : Number(found)
  } catch {
    return undefined
  }
}
