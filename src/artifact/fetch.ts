/**
 * Brings the files of a part into the cache: each is found, fetched beside, proved, taken out of its archive, proved again, and only
 * then there under its name. What is there already is proved and not fetched again; what is damaged is fetched again.
 */
import { createWriteStream } from 'node:fs'
import { copyFile, rm, stat } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { forgetSet, isProved, keepObject, makeSet, objectPath, proveSet } from './cache.ts'
import { extractMember, readZip } from './archive.ts'
import { download } from './download.ts'
import { fileNameOf, keptFiles, type Artifact, type Member, type Need } from './lock.ts'
import { claimPart } from './part-file.ts'
import { ArtifactProblem } from './problem.ts'
import type { Source } from './source.ts'
import { readTar } from './tar.ts'

export interface FetchOptions {
  readonly cache: string
  readonly source: Source
  /** Bytes of the file that are there now, of those that it has. */
  readonly onProgress?: (artifact: Artifact, bytes: number) => void
  readonly signal?: AbortSignal
}

/** Whether anything had to be fetched. Throws ArtifactProblem. */
export async function fetchPart(need: Need, options: FetchOptions): Promise<'fetched' | 'there'> {
  const { cache } = options
  if (need.artifacts.length === 0)
    throw new ArtifactProblem(
      `${need.engine}/${need.part.name} ${need.part.version} is not made for this platform`,
    )
  if (await proveSet(cache, need)) return 'there'
  const missing: Artifact[] = []
  for (const artifact of need.artifacts) {
    if (await isKept(cache, artifact)) options.onProgress?.(artifact, artifact.size)
    else missing.push(artifact)
  }
  await fetchMissing(missing, options)
  await forgetSet(cache, need)
  await makeSet(cache, need)
  return 'fetched'
}

/** Whether all that is wanted of it is there. */
async function isKept(cache: string, artifact: Artifact): Promise<boolean> {
  for (const file of keptFiles(artifact))
    if (!(await isProved(objectPath(cache, file), file))) return false
  return true
}

/** Of one part: enough that small files do not wait for each other's round trips. */
const FETCHES_AT_ONCE = 6

/** Ends with the first that cannot be had; those under way are waited for, so that what they leave can be taken up. */
async function fetchMissing(
  missing: readonly Artifact[],
  { source: given, ...options }: FetchOptions,
): Promise<void> {
  const gathered = await given.together?.(missing)
  const source = gathered ?? given
  const queue = [...missing]
  const failures: unknown[] = []
  const work = async () => {
    for (let next = queue.shift(); next && failures.length === 0; next = queue.shift())
      await fetchArtifact(next, { ...options, source }).catch((problem: unknown) =>
        failures.push(problem),
      )
  }
  try {
    await Promise.all(Array.from({ length: FETCHES_AT_ONCE }, work))
  } finally {
    await gathered?.release()
  }
  if (failures.length > 0) throw failures[0]
}

async function fetchArtifact(artifact: Artifact, options: FetchOptions): Promise<void> {
  const { cache, signal } = options
  for (const file of keptFiles(artifact)) await rm(objectPath(cache, file), { force: true })
  const part = await claimPart(objectPath(cache, artifact))
  try {
    await fetchProved(artifact, part.path, options)
    signal?.throwIfAborted()
    if (artifact.members) await takeOutAll(cache, part.path, artifact)
    else if (artifact.member) await takeOut(cache, part.path, artifact.member)
    else await keepObject(cache, part.path, artifact)
    await part.discard()
  } catch (problem) {
    await part.leave()
    throw problem
  }
}

/** What an earlier fetch left may be wrong from its beginning: then all of it is fetched again. */
async function fetchProved(artifact: Artifact, to: string, options: FetchOptions): Promise<void> {
  const before = (await stat(to).catch(() => undefined))?.size ?? 0
  await fetchBytes(artifact, to, options)
  if (await isProved(to, artifact)) return
  await rm(to, { force: true })
  if (before > 0) {
    await fetchBytes(artifact, to, options)
    if (await isProved(to, artifact)) return
    await rm(to, { force: true })
  }
  throw new ArtifactProblem(
    `${fileNameOf(artifact)} is not the file that is pinned: its SHA-256 is another one`,
  )
}

async function fetchBytes(artifact: Artifact, to: string, options: FetchOptions): Promise<void> {
  const { source, onProgress, signal } = options
  const { size } = artifact
  const found = await source.find(artifact)
  if ('location' in found) {
    const onBytes = (bytes: number) => onProgress?.(artifact, bytes)
    return download({ from: found.location, to, size, onBytes, signal })
  }
  try {
    const { size: bytes } = await stat(found.file)
    if (bytes !== size)
      throw new ArtifactProblem(
        `${found.file} is not the file that is pinned: it has ${bytes} bytes, not ${size}`,
      )
    await copyFile(found.file, to)
    onProgress?.(artifact, size)
  } finally {
    await found.release?.()
  }
}

function takeOut(cache: string, archive: string, member: Member): Promise<void> {
  return keepMember(cache, member, (to) => extractMember(archive, member, to))
}

async function takeOutAll(cache: string, archive: string, artifact: Artifact): Promise<void> {
  const { members = [] } = artifact
  const absent = new Set(members)
  const keep = async (member: Member, bytes: AsyncIterable<Buffer>) => {
    const write = (to: string) =>
      pipeline(bytes, createWriteStream(to, { mode: 0o600, flush: true }))
    await keepMember(cache, member, write)
    absent.delete(member)
  }
  try {
    await (isZip(artifact) ? readZip : readTar)(archive, members, keep)
  } catch (problem) {
    if (problem instanceof ArtifactProblem) throw problem
    const { message } = problem as Error
    throw new ArtifactProblem(`the archive cannot be read: ${message}`, { cause: problem })
  }
  for (const { path } of absent) throw new ArtifactProblem(`the archive has no file ${path}`)
}

/** By its name: a wheel is one as well. */
function isZip(artifact: Artifact): boolean {
  return /\.(?:zip|whl)$/.test(fileNameOf(artifact))
}

/** Only what is proved gets its name. */
async function keepMember(
  cache: string,
  member: Member,
  write: (to: string) => Promise<void>,
): Promise<void> {
  const out = await claimPart(objectPath(cache, member))
  try {
    await write(out.path)
    if (!(await isProved(out.path, member)))
      throw new ArtifactProblem(`${member.path} in its archive is not the file that is pinned`)
    await keepObject(cache, out.path, member)
  } finally {
    await out.discard()
  }
}
