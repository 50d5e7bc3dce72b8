/**
 * Takes files out of a zip archive (a wheel is one). Each is the caller's to write, whatever the archive calls it, and never longer
 * than was pinned.
 */
import { createWriteStream } from 'node:fs'
import { Transform, type Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Member } from './lock.ts'
import { ArtifactProblem } from './problem.ts'

/** Far above what is packed in one archive here. */
const ENTRIES_MAX = 100_000

/** Throws ArtifactProblem when the archive has no such file, or another one under its name. */
export async function extractMember(archive: string, member: Member, to: string): Promise<void> {
  let found = false
  try {
    await readZip(archive, [member], async (_member, bytes) => {
      found = true
      await pipeline(bytes, createWriteStream(to, { mode: 0o600, flush: true }))
    })
  } catch (problem) {
    if (problem instanceof ArtifactProblem) throw problem
    throw new ArtifactProblem(
      `${member.path} cannot be taken out of its archive: ${(problem as Error).message}`,
      { cause: problem },
    )
  }
  if (!found) throw new ArtifactProblem(`the archive has no file ${member.path}`)
}

/** Hands over those of `wanted` that the archive has, in its order, each as all of its bytes. Throws ArtifactProblem. */
export async function readZip(
  archive: string,
  wanted: readonly Member[],
  take: (member: Member, bytes: Readable) => Promise<void>,
): Promise<void> {
  const { openPromise } = await import('yauzl')
  const byPath = new Map(wanted.map((member) => [member.path, member]))
  // The library refuses names that are absolute or lead out of a folder.
  const zip = await openPromise(archive)
  try {
    if (zip.entryCount > ENTRIES_MAX)
      throw new ArtifactProblem(`the archive has ${zip.entryCount} files`)
    for await (const entry of zip.eachEntry()) {
      const member = byPath.get(entry.fileName)
      if (!member) continue
      const { path, size } = member
      if (entry.uncompressedSize !== size)
        throw new ArtifactProblem(`${path} has ${entry.uncompressedSize} bytes, not ${size}`)
      byPath.delete(path)
      const stream = await zip.openReadStreamPromise(entry)
      const bytes = atMost(size)
      await Promise.all([pipeline(stream, bytes), take(member, bytes)])
      if (byPath.size === 0) return
    }
  } finally {
    zip.close()
  }
}

function atMost(size: number): Transform {
  let passed = 0
  return new Transform({
    transform(piece: Buffer, _encoding, done) {
      passed += piece.length
      if (passed > size) done(new ArtifactProblem(`there are more than ${size} bytes`))
      else done(null, piece)
    },
  })
}
