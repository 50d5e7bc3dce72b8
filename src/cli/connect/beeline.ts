/** SQL of clusters that speak Hive's protocol: by Beeline, Hive's own command line, which came with what the clusters run of. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { serviceLocks } from '../../substrate/local/lock.ts'
import { findJavaHome, unmetJavaHome } from '../../substrate/local/java-home.ts'
import { cachedModules } from '../../substrate/local/module.ts'
import { CommandProblem } from '../problem.ts'

export interface Beeline {
  readonly cache: string
  readonly host: string
  readonly port: number
  readonly user: string
  /** Where the cluster asks for one. */
  readonly password?: string
  /** To run and end; without it, what the standard input has. */
  readonly sql: string | undefined
  /** Whether a person reads what it prints. */
  readonly shown: boolean
}

/** Its exit code. Throws CommandProblem for what this machine lacks. */
export async function runBeeline(it: Beeline): Promise<number> {
  const secret = it.password === undefined ? undefined : secretFile(it.password)
  const [program, args] = beelineCommand(it, process.env, secret?.path)
  // It answers Ctrl-C itself, by ending its statement.
  const ignore = () => {}
  process.on('SIGINT', ignore)
  try {
    const running = spawn(program, args, { stdio: 'inherit' })
    const [code] = (await once(running, 'exit')) as [number | null]
    return code ?? 1
  } finally {
    process.off('SIGINT', ignore)
    secret?.remove()
  }
}

/** Arguments are everybody's to read. */
function secretFile(text: string): { readonly path: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'emrys-'))
  const path = join(folder, 'password')
  writeFileSync(path, text, { mode: 0o600 })
  return { path, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

export function beelineCommand(
  { cache, host, port, user, sql, shown }: Beeline,
  env: Readonly<Record<string, string | undefined>>,
  passwordFile?: string,
): readonly [program: string, args: readonly string[]] {
  const modules = cachedModules(cache, ...serviceLocks)
  const home = findJavaHome(env)
  const unmet = modules.unmet('spark') ?? unmetJavaHome(env)
  if (unmet !== undefined || home === undefined) throw new CommandProblem(`${unmet}`)
  const java = ['-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1']
  const form = shown ? [] : ['--outputformat=tsv2', '--silent=true', '--verbose=false']
  const work = sql === undefined ? [] : ['-e', ended(sql)]
  const script = sql === undefined && !shown ? ['-f', '/dev/stdin'] : []
  return [
    join(home, 'bin', 'java'),
    [
      ...java,
      '-cp',
      `${modules.folder('spark')}/*`,
      'org.apache.hive.beeline.BeeLine',
      '-u',
      `jdbc:hive2://${host}:${port}/default`,
      '-n',
      user,
      ...(passwordFile === undefined ? [] : ['-w', passwordFile]),
      ...form,
      ...work,
      ...script,
    ],
  ]
}

/** It would ask for the rest of a statement that does not end. A comment ends with its line. */
function ended(sql: string): string {
  return sql.trimEnd().endsWith(';') ? sql : `${sql}\n;`
}
