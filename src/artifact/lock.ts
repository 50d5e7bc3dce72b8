/**
 * What engines on this machine need and do not bring: files of a Python index or a Maven repository, each pinned by size and
 * SHA-256. Which index and which repository is the machine's affair: no lock names a host.
 */

/** A file of a project of a Python index, or of a Maven repository by its path there. */
export type Origin =
  | {
      readonly kind: 'python'
      readonly project: string
      readonly version: string
      readonly file: string
    }
  | { readonly kind: 'maven'; readonly path: string }

/** What a file is known by. */
export interface Pin {
  readonly size: number
  readonly sha256: string
}

export interface Artifact extends Pin {
  readonly origin: Origin
  /** As `platformName` spells it; absent for a file that every platform can use. */
  readonly platform?: string
  /** The one file of the zip archive that is wanted; without it, the artifact is wanted as it is. */
  readonly member?: Member
  /** The files of the archive, tar or zip, that are wanted, instead. */
  readonly members?: readonly Member[]
}

/** A file of an archive, by its name there. */
export interface Member extends Pin {
  readonly path: string
}

/** What one part of an engine needs: all of it is there, or the part cannot be used. */
export interface EnginePart {
  readonly name: string
  /** What it is asked for by as well. */
  readonly also?: readonly string[]
  readonly version: string
  /** What cannot be done without it, for people. */
  readonly use: string
  readonly artifacts: readonly Artifact[]
}

export interface EngineLock {
  readonly engine: string
  readonly parts: readonly EnginePart[]
}

/** A part with the engine that it is of, for one platform. */
export interface Need {
  readonly engine: string
  readonly part: EnginePart
  /** Those of the platform; empty where there are none. */
  readonly artifacts: readonly Artifact[]
}

export function needsOf(locks: readonly EngineLock[], platform = platformName()): readonly Need[] {
  return locks.flatMap(({ engine, parts }) =>
    parts.map((part) => ({
      engine,
      part,
      artifacts: part.artifacts.filter((each) => (each.platform ?? platform) === platform),
    })),
  )
}

let known: string | undefined

/**
 * Operating system and processor as Node names them, and the C library where it is another than the usual one. Asked once: the
 * report that says so describes every open connection too, with the names of its ends.
 */
function platformName(): string {
  known ??= platformNow()
  return known
}

function platformNow(): string {
  const name = `${process.platform}-${process.arch}`
  if (process.platform !== 'linux') return name
  const { header } = process.report.getReport() as {
    readonly header?: { readonly glibcVersionRuntime?: string }
  }
  return header?.glibcVersionRuntime === undefined ? `${name}-musl` : name
}

/** A file that is kept, by the name that it has beside the others of its part. */
export interface KeptFile extends Pin {
  readonly name: string
}

/** What is kept of it: itself, or what is wanted of the archive that it is. */
export function keptFiles({
  origin,
  size,
  sha256,
  member,
  members,
}: Artifact): readonly KeptFile[] {
  const path = origin.kind === 'python' ? origin.file : origin.path
  const files = members ?? [member ?? { path, size, sha256 }]
  return files.map((file) => ({ name: nameOf(file), size: file.size, sha256: file.sha256 }))
}

function nameOf({ path }: Member): string {
  const name = path.slice(path.lastIndexOf('/') + 1)
  if (!FILE_NAME.test(name)) throw new Error(`${name} cannot be the name of a file`)
  return name
}

const FILE_NAME = /^[A-Za-z0-9_+-][A-Za-z0-9._+-]{0,254}$/

export function fileNameOf({ origin }: Artifact): string {
  return origin.kind === 'python'
    ? origin.file
    : origin.path.slice(origin.path.lastIndexOf('/') + 1)
}
