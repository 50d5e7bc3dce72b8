/**
 * Takes files out of a tar archive that gzip has packed (a source distribution of a Python index is one), in one pass and with nothing
 * kept in memory but a block. Each is the caller's to write, whatever the archive calls it, and has as many bytes
 * as were pinned.
 */
import { createReadStream } from 'node:fs'
import { createGunzip } from 'node:zlib'
import type { Member } from './lock.ts'
import { ArtifactProblem } from './problem.ts'

/** Of a tar archive (POSIX, "ustar Interchange Format"): everything begins at a multiple of it. */
const BLOCK = 512
/** Far above what is packed in one archive here. */
const ENTRIES_MAX = 100_000
const UNPACKED_MAX = 8 * 1024 ** 3
/** Of what only says more of the next entry. */
const REMARK_MAX = 1_048_576

interface Entry {
  readonly name: string
  readonly size: number
  /** `0` is a file. */
  readonly type: string
}

/** Hands over those of `wanted` that the archive has, in its order, each as all of its bytes. Throws ArtifactProblem. */
export async function readTar(
  archive: string,
  wanted: readonly Member[],
  take: (member: Member, bytes: AsyncIterable<Buffer>) => Promise<void>,
): Promise<void> {
  const bytes = unpackedBytes(archive)
  const byPath = new Map(wanted.map((member) => [member.path, member]))
  let longName: string | undefined
  try {
    for (let entries = 0; byPath.size > 0; entries++) {
      if (entries > ENTRIES_MAX) throw new ArtifactProblem('the archive has too many files')
      const header = await bytes.take(BLOCK)
      // Two empty blocks end it, and so does its end.
      if (header.length < BLOCK || header.every((byte) => byte === 0)) return
      const entry = entryOf(header)
      if (REMARKS.includes(entry.type)) {
        if (entry.size > REMARK_MAX) throw new ArtifactProblem('the archive has too long a name')
        const text = await bytes.take(padded(entry.size))
        // What is said of all entries names none.
        if (entry.type !== GLOBAL) longName = nameIn(entry.type, text.subarray(0, entry.size))
        continue
      }
      const member = FILES.includes(entry.type) ? byPath.get(longName ?? entry.name) : undefined
      longName = undefined
      if (member) {
        if (entry.size !== member.size)
          throw new ArtifactProblem(`${member.path} has ${entry.size} bytes, not ${member.size}`)
        byPath.delete(member.path)
        await take(member, bytes.next(entry.size))
      }
      for await (const _ of bytes.next(padded(entry.size) - (member ? entry.size : 0)));
    }
  } finally {
    bytes.close()
  }
}

const FILES: readonly string[] = ['0', '\0']
const GLOBAL = 'g'
/** Of the next entry: its name (GNU), its properties (POSIX). */
const REMARKS: readonly string[] = ['L', 'x', GLOBAL]

function padded(size: number): number {
  return Math.ceil(size / BLOCK) * BLOCK
}

function entryOf(header: Buffer): Entry {
  const text = (at: number, length: number) => {
    const [found = ''] = header.toString('utf8', at, at + length).split('\0')
    return found
  }
  const size = Number.parseInt(text(124, 12).trim(), 8)
  // Larger ones than the field has digits for are written in another way, and are none of ours.
  if (!Number.isSafeInteger(size) || size < 0)
    throw new ArtifactProblem('the archive is no tar archive')
  if (sumOf(header) !== Number.parseInt(text(148, 8).trim(), 8))
    throw new ArtifactProblem('the archive is no tar archive')
  const prefix = text(257, 5) === 'ustar' ? text(345, 155) : ''
  const name = text(0, 100)
  return { name: prefix === '' ? name : `${prefix}/${name}`, size, type: text(156, 1) || '\0' }
}

/** Of all bytes, with spaces where the sum itself stands. */
function sumOf(header: Buffer): number {
  return header.reduce((sum, byte, at) => sum + (at >= 148 && at < 156 ? 32 : byte), 0)
}

/** Undefined where it says nothing of the name. */
function nameIn(type: string, text: Buffer): string | undefined {
  if (type === 'L') return text.toString('utf8').split('\0')[0]
  // Each line is its own length in bytes, a name, `=` and a value.
  for (let at = 0; at < text.length;) {
    const space = text.indexOf(32, at)
    const length = Number(text.toString('utf8', at, space))
    if (space < 0 || !(length > 0)) throw new ArtifactProblem('the archive is no tar archive')
    const line = text.toString('utf8', space + 1, at + length - 1)
    if (line.startsWith('path=')) return line.slice(5)
    at += length
  }
  return undefined
}

/** The unpacked bytes of an archive, as many at a time as are wanted. */
function unpackedBytes(archive: string) {
  const source = createReadStream(archive)
  const unpacked = createGunzip()
  source.on('error', (problem) => unpacked.destroy(problem))
  const pieces = source.pipe(unpacked)[Symbol.asyncIterator]() as AsyncIterator<Buffer>
  let rest: Buffer = Buffer.alloc(0)
  let passed = 0
  /** At most so many, as they come; fewer only at the end. */
  async function* some(size: number): AsyncGenerator<Buffer> {
    for (let left = size; left > 0;) {
      if (rest.length === 0) {
        const { value, done } = await pieces.next()
        if (done) return
        rest = value
        passed += value.length
        if (passed > UNPACKED_MAX) throw new ArtifactProblem('the archive has too much in it')
      }
      const piece = rest.subarray(0, left)
      rest = rest.subarray(piece.length)
      left -= piece.length
      yield piece
    }
  }
  return {
    /** Exactly so many. */
    async *next(size: number): AsyncGenerator<Buffer> {
      let seen = 0
      for await (const piece of some(size)) {
        seen += piece.length
        yield piece
      }
      if (seen < size) throw new ArtifactProblem('the archive breaks off')
    },
    async take(size: number): Promise<Buffer> {
      const found: Buffer[] = []
      for await (const piece of some(size)) found.push(piece)
      return Buffer.concat(found)
    },
    close() {
      source.destroy()
      unpacked.destroy()
    },
  }
}
