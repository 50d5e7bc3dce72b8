/** Where the Java of this machine lies that daemons can run on, by the file that each Java describes itself in: nothing is started. */
import { readFileSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { javaPrograms, type Environment } from './java.ts'

/** Hadoop, ZooKeeper and Kafka run on these; Java 24 has taken away what Hadoop logs in with. */
const JAVA_MIN = 17
const JAVA_MAX = 23

/** The directory of a Java of a version that daemons run on: JAVA_HOME's, or the first on the path. */
export function findJavaHome(env: Environment): string | undefined {
  return homes(env).find((home) => {
    const version = versionOf(home)
    return version !== undefined && version >= JAVA_MIN && version <= JAVA_MAX
  })
}

/** What is to be done so that there is one. */
export function javaHomeLack(env: Environment): string | undefined {
  if (findJavaHome(env) !== undefined) return undefined
  const found = homes(env).map((home) => `${home} is ${versionOf(home) ?? 'of no known version'}`)
  const there = found.length > 0 ? found.join(', ') : 'there is none'
  return `it needs Java ${JAVA_MIN} to ${JAVA_MAX} by JAVA_HOME or on the path, and ${there}`
}

function homes(env: Environment): readonly string[] {
  // A program on the path is a link into its Java.
  return [...new Set(javaPrograms(env).map((program) => dirname(dirname(realpathSync(program)))))]
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
