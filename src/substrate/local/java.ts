/** The Java of this machine, for programs that need one: by JAVA_HOME, or on the path. */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'

export type Environment = Readonly<Record<string, string | undefined>>

const ANSWER_MS = 20_000

export interface Java {
  readonly program: string
  /** Of the language, such as 17. */
  readonly version: number
}

/** Undefined where there is none that says its version. */
export async function findJava(env: Environment): Promise<Java | undefined> {
  const [program] = javaPrograms(env)
  if (program === undefined) return undefined
  const version = await versionOf(program)
  return version === undefined ? undefined : { program, version }
}

/** All that there are: JAVA_HOME's, then those on the path. */
export function javaPrograms(env: Environment): readonly string[] {
  const home = env['JAVA_HOME'] ?? ''
  const folders = [
    ...(home === '' ? [] : [join(home, 'bin')]),
    ...(env['PATH'] ?? '').split(delimiter).filter(Boolean),
  ]
  const name = process.platform === 'win32' ? 'java.exe' : 'java'
  return folders.map((folder) => join(folder, name)).filter((path) => existsSync(path))
}

/** By its properties, whose names all makers share: what `-version` alone prints differs. */
async function versionOf(program: string): Promise<number | undefined> {
  try {
    const args = ['-XshowSettings:properties', '-version']
    const { stdout, stderr } = await promisify(execFile)(program, args, { timeout: ANSWER_MS })
    // 1.8 is 8.
    const [, found] = /java\.specification\.version = (?:1\.)?(\d+)/.exec(stderr + stdout) ?? []
    return found === undefined ? undefined : Number(found)
  } catch {
    return undefined
  }
}
