/**
 * Takes one file out of a zip archive (a wheel is one). It is written where the caller says, whatever the archive calls it, and
 * never longer than was pinned.
 */
import { createWriteStream } from 'node:fs'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Member } from './lock.ts'
import { ArtifactProblem } from './problem.ts'

/** Far above what is packed in one archive here. */
const ENTRIES_MAX = 100_000

/** Throws ArtifactProblem when the archive has no such file, or another one under its name. */
export async function extractMember(archive: string, member: Member, to: string): Promise<void> {
  try {
    await extract(archive, member, to)
  } catch (problem) {
    if (problem instanceof ArtifactProblem) throw problem
    throw new ArtifactProblem(
      `${member.path} cannot be taken out of its archive: ${(problem as Error).message}`,
      { cause: problem },
    )
  }
}

async function extract(archive: string, { path, size }: Member, to: string): Promise<void> {
  const { openPromise } = await import('yauzl')
  // The library refuses names that are absolute or lead out of a folder.
  const zip = await openPromise(archive)
  try {
    if (zip.entryCount > ENTRIES_MAX)
      throw new ArtifactProblem(`the archive has ${zip.entryCount} files`)
    for await (const entry of zip.eachEntry()) {
      if (entry.fileName !== path) continue
      if (entry.uncompressedSize !== size)
        throw new ArtifactProblem(`${path} has ${entry.uncompressedSize} bytes, not ${size}`)
      const stream = await zip.openReadStreamPromise(entry)
      await pipeline(stream, atMost(size), createWriteStream(to, { mode: 0o600, flush: true }))
      return
    }
  } finally {
    zip.close()
  }
  throw new ArtifactProblem(`the archive has no file ${path}`)
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
