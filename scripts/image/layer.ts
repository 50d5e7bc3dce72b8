/**
 * A directory as a layer of an image: an archive that is the same for the same files, whoever packs them, when and where. Owners, times
 * and rights are set, not taken from the disk.
 */
import { createHash, type Hash } from 'node:crypto'
import {
  createReadStream,
  createWriteStream,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { runProgram } from './program.ts'

export interface Layer {
  readonly name: string
  /** Of the archive as it is kept, compressed. */
  readonly digest: string
  readonly size: number
  /** Of the archive itself. */
  readonly diffId: string
}

/** An empty one that not only root writes into. */
export interface OwnDirectory {
  readonly path: string
  readonly owner: number
  readonly mode: string
}

const FORMAT = [
  '--format=posix',
  '--pax-option=exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime',
  '--sort=name',
  '--mtime=@0',
  '--numeric-owner',
  '--hard-dereference',
]
const GZIP_LEVEL = 6

/** Kept in `blobs` by its digest. */
export async function packLayer(
  { name, directory, own = [] }: LayerSource,
  blobs: string,
): Promise<Layer> {
  const archive = join(blobs, `${name}.tar`)
  const ofRoot = ['--owner=0', '--group=0', '--mode=a+rX,u+w,go-w']
  runProgram('tar', ['-C', directory, ...FORMAT, ...ofRoot, '-cf', archive, '.'])
  const empty = mkdtempSync(join(tmpdir(), 'emrys-layer-'))
  for (const { path, owner, mode } of own) {
    mkdirSync(join(empty, path), { recursive: true })
    const ofOwner = [`--owner=${owner}`, `--group=${owner}`, `--mode=${mode}`]
    runProgram('tar', ['-C', empty, ...FORMAT, ...ofOwner, '-rf', archive, `.${path}`])
  }
  rmSync(empty, { recursive: true })
  const [whole, kept] = [createHash('sha256'), createHash('sha256')]
  const compressed = `${archive}.gz`
  await pipeline(
    createReadStream(archive),
    hashing(whole),
    createGzip({ level: GZIP_LEVEL }),
    hashing(kept),
    createWriteStream(compressed),
  )
  rmSync(archive)
  const digest = kept.digest('hex')
  const path = join(blobs, digest)
  renameSync(compressed, path)
  return {
    name,
    digest: `sha256:${digest}`,
    size: statSync(path).size,
    diffId: `sha256:${whole.digest('hex')}`,
  }
}

export interface LayerSource {
  readonly name: string
  readonly directory: string
  readonly own?: readonly OwnDirectory[]
}

function hashing(hash: Hash): Transform {
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk)
      done(null, chunk)
    },
  })
}
