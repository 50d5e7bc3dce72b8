/** The image of this checkout, as `npm run image` makes it, and what it says of itself. */
import { mkdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { writeImage, type Image } from '../../scripts/image/image.ts'
import { ran } from './container.ts'

export const ROOT = resolve(import.meta.dirname, '../..')

export interface Descriptor {
  readonly mediaType: string
  readonly digest: string
  readonly size: number
}

export interface ImageConfiguration {
  readonly architecture: string
  readonly os: string
  readonly config: {
    readonly User: string
    readonly Env: readonly string[]
    readonly Entrypoint: readonly string[]
    readonly Cmd: readonly string[]
    readonly ExposedPorts: Readonly<Record<string, object>>
    readonly Volumes: Readonly<Record<string, object>>
    readonly Labels: Readonly<Record<string, string>>
  }
  readonly rootfs: { readonly diff_ids: readonly string[] }
}

export interface BuiltImage extends Image {
  /** A layout of OCI. */
  readonly layout: string
  /** The build that is in it. */
  readonly dist: string
  readonly manifest: { readonly config: Descriptor; readonly layers: readonly Descriptor[] }
  readonly configuration: ImageConfiguration
  readonly environment: Readonly<Record<string, string>>
  /** The file of a blob. */
  blob(digest: string): string
  /** Its layers, one over the other, in a new directory. */
  unpack(root: string): void
}

export async function builtImage(directory: string): Promise<BuiltImage> {
  const layout = join(directory, 'image')
  const dist = join(directory, 'dist')
  ran(process.execPath, [join(ROOT, 'scripts/build.ts'), dist])
  const image = await writeImage({ root: ROOT, dist, to: layout })
  const blob = (of: string) => join(layout, 'blobs', of.replace(':', '/'))
  const read = (of: string) => JSON.parse(readFileSync(blob(of), 'utf8')) as unknown
  const manifest = read(image.digest) as BuiltImage['manifest']
  const configuration = read(manifest.config.digest) as ImageConfiguration
  const environment = Object.fromEntries(
    configuration.config.Env.map((each): [string, string] => [
      each.replace(/=.*$/s, ''),
      each.replace(/^[^=]*=/, ''),
    ]),
  )
  return {
    ...image,
    layout,
    dist,
    manifest,
    configuration,
    environment,
    blob,
    unpack(root) {
      mkdirSync(root)
      for (const { digest } of manifest.layers)
        ran('tar', ['-C', root, '--numeric-owner', '-xpzf', blob(digest)])
    },
  }
}
