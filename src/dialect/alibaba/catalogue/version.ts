/**
 * Engine versions. Clients name a major version (`3.3`, in one document `3`) and read it back as they wrote it; an instance
 * runs a minor version such as `3.3.13-1.0-1.7.12`, whose last part is the stack version. Facts: reference
 * alibaba-starrocks.md 4.1, 11.1.
 */

import data from './versions.json' with { type: 'json' }
import { notIn, type Problem } from './problem.ts'
import type { MajorVersion } from './schema.ts'

export interface MinorVersion {
  readonly text: string
  /** `3.3.13` */
  readonly engine: string
  /** `1.7.12` */
  readonly stack: string
}

export const defaultVersion = data.default
const majors = data.majors as unknown as readonly MajorVersion[]
const aliases: Readonly<Record<string, string>> = data.aliases

/** The major version that a minor one is of. */
export function majorOfMinor(version: string): MajorVersion | undefined {
  return majors.find(({ minors }) => minors.includes(version))
}

/**
 * What an instance of a minor version can be brought to without moving its data: later minor versions of its major one, or the
 * next major version of the same generation (there is no way from 2.5 to 3.x).
 */
export function upgradesOf(version: string, kind: 'minor' | 'major'): readonly string[] {
  const major = majorOfMinor(version)
  if (!major) return []
  if (kind === 'minor') return major.minors.slice(major.minors.indexOf(version) + 1)
  const next = majors[majors.indexOf(major) + 1]
  return next?.major.split('.')[0] === major.major.split('.')[0] ? [next?.major ?? ''] : []
}

/** By major version or by its short form. */
export function majorOf(version: string): MajorVersion | undefined {
  const major = Object.hasOwn(aliases, version) ? aliases[version] : version
  return majors.find((row) => row.major === major)
}

/** The major versions that can be bought, ascending. */
export function versionsOnSale(): readonly string[] {
  return majors.filter((row) => row.onSale).map((row) => row.major)
}

export function checkVersion(version: string): readonly Problem[] {
  if (majorOf(version)?.onSale === true) return []
  return notIn('Version', version, versionsOnSale())
}

/** The minor versions of a major one, oldest first; a new instance runs the last. */
export function minorsOf(major: MajorVersion): readonly MinorVersion[] {
  return major.minors.map(minorOf)
}

export function minorOf(text: string): MinorVersion {
  const [engine = '', , stack = ''] = text.split('-')
  return { text, engine, stack }
}

export function newestMinorOf(version: string): MinorVersion | undefined {
  const major = majorOf(version)
  return major === undefined ? undefined : minorsOf(major).at(-1)
}
