/** What the machine's `mvn` is configured with: the mirror of the central repository in the settings files that Maven documents. */
import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { unescapeMarkup } from '../kernel/markup.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** Empty where no settings file has one. The user's file goes before the one of the installation. */
export function mavenRepository(env: Environment): string {
  const home = env['MAVEN_HOME'] ?? env['M2_HOME']
  const files = [
    join(env['HOME'] ?? homedir(), '.m2', 'settings.xml'),
    ...(home === undefined ? [] : [join(home, 'conf', 'settings.xml')]),
    '/usr/share/maven/conf/settings.xml',
  ]
  for (const file of files) {
    const found = mirrorIn(file, env)
    if (found !== undefined) return found
  }
  return ''
}

/** `mirrorOf` patterns that hold for a repository called `central`; those that take it out do not begin so. */
const OF_CENTRAL: readonly string[] = ['*', 'external:*', 'central']

function mirrorIn(file: string, env: Environment): string | undefined {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
  const plain = text.replaceAll(/<!--[\s\S]*?-->/g, '')
  for (const [, mirror = ''] of plain.matchAll(/<mirror>([\s\S]*?)<\/mirror>/g)) {
    const of = (/<mirrorOf>([^<]*)</.exec(mirror)?.[1] ?? '').split(',').map((each) => each.trim())
    const url = /<url>\s*([^<\s]+)\s*</.exec(mirror)?.[1]
    const holds = OF_CENTRAL.some((pattern) => of.includes(pattern)) && !of.includes('!central')
    if (url !== undefined && holds) return filled(url, env)
  }
  return undefined
}

/** Maven puts variables of the environment in place of `${env.NAME}`. */
function filled(url: string, env: Environment): string {
  return unescapeMarkup(
    url.replaceAll(/\$\{env\.([A-Za-z0-9_]+)\}/g, (_whole, name: string) => env[name] ?? ''),
  )
}
