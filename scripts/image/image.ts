/**
 * An OCI image (image-spec 1.1) of Emrys: layers from below to above, what is started and as whom, and the files that make it a layout
 * which other programs copy and run. The same checkout with the same packages of Debian has the same digest.
 */
import { createHash } from 'node:crypto'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { HOME, makeBase, USER } from './base.ts'
import { COMMAND, makeApplication, makeDependencies, makeNode } from './content.ts'
import { packLayer, type Layer, type OwnDirectory } from './layer.ts'
import { runProgram } from './program.ts'

export interface ImageOptions {
  readonly root: string
  /** What `npm run build` made of it. */
  readonly dist: string
  /** A directory, or a file that ends with `.tar`; what is there is replaced. */
  readonly to: string
}

export interface Image {
  readonly digest: string
  readonly layers: readonly Layer[]
}

const PORT = 4580
const MEDIA = 'application/vnd.oci.image'
const EPOCH = '1970-01-01T00:00:00Z'
/** By Node's word for it, that of images. */
const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' }

export async function writeImage({ root, dist, to }: ImageOptions): Promise<Image> {
  const architecture = ARCHITECTURES[process.arch]
  if (process.platform !== 'linux' || architecture === undefined)
    throw new Error(`no image is made for ${process.platform} on ${process.arch}`)
  const scratch = mkdtempSync(join(tmpdir(), 'emrys-image-'))
  try {
    const layout = join(scratch, 'layout')
    const blobs = join(layout, 'blobs/sha256')
    mkdirSync(blobs, { recursive: true })
    const { layers, packages } = await packLayers({ root, dist, scratch, blobs })
    const about = readFileSync(join(root, 'package.json'), 'utf8')
    const labels = labelsOf(JSON.parse(about) as About, packages)
    const config = writeBlob(blobs, configOf(layers, { architecture, labels }))
    const manifest = writeBlob(blobs, manifestOf(layers, config, labels))
    writeLayout(layout, { ...manifest, architecture, labels })
    place(layout, to)
    return { digest: manifest.digest, layers }
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

interface About {
  readonly version: string
  readonly description: string
  readonly license: string
  readonly devDependencies: { readonly node: string }
}

const OWN: readonly OwnDirectory[] = [
  { path: '/tmp', owner: 0, mode: '1777' },
  { path: HOME, owner: USER, mode: '0700' },
]

type Labels = Readonly<Record<string, string>>

interface Workplace {
  readonly root: string
  readonly dist: string
  readonly scratch: string
  readonly blobs: string
}

/** What changes least lies lowest, so that a new version is little to fetch. */
async function packLayers({ root, dist, scratch, blobs }: Workplace): Promise<{
  readonly layers: readonly Layer[]
  readonly packages: readonly string[]
}> {
  let packages: readonly string[] = []
  const makers: readonly (readonly [string, (directory: string) => void])[] = [
    ['base', (directory) => (packages = makeBase(directory, scratch))],
    ['node', (directory) => makeNode(root, directory)],
    ['dependencies', (directory) => makeDependencies(root, directory)],
    ['emrys', (directory) => makeApplication(root, dist, directory)],
  ]
  const layers: Layer[] = []
  for (const [name, make] of makers) {
    const directory = join(scratch, name)
    mkdirSync(directory)
    make(directory)
    const own = name === 'base' ? OWN : []
    layers.push(await packLayer({ name, directory, own }, blobs))
    rmSync(directory, { recursive: true })
  }
  return { layers, packages }
}

function labelsOf(
  { version, description, license, devDependencies }: About,
  packages: readonly string[],
): Labels {
  const standard = 'org.opencontainers.image'
  return {
    [`${standard}.title`]: 'emrys',
    [`${standard}.description`]: description,
    [`${standard}.version`]: version,
    [`${standard}.licenses`]: license,
    'dev.emrys.node': devDependencies.node,
    'dev.emrys.debian': packages.join(' '),
  }
}

interface Facts {
  readonly architecture: string
  readonly labels: Labels
}

/** It listens for everybody who reaches the container, so that the key that everybody knows is off. */
export const IMAGE_ENVIRONMENT: Readonly<Record<string, string>> = {
  PATH: '/usr/bin',
  HOME,
  EMRYS_DATA_DIR: `${HOME}/data`,
  EMRYS_HOST: '0.0.0.0',
  EMRYS_PORT: String(PORT),
  EMRYS_DEVELOPMENT_KEY: 'false',
}

function configOf(layers: readonly Layer[], { architecture, labels }: Facts): object {
  return {
    created: EPOCH,
    architecture,
    os: 'linux',
    config: {
      User: `${USER}:${USER}`,
      ExposedPorts: { [`${PORT}/tcp`]: {} },
      Env: Object.entries(IMAGE_ENVIRONMENT).map(([name, value]) => `${name}=${value}`),
      Entrypoint: [COMMAND],
      Cmd: ['serve'],
      Volumes: { [HOME]: {} },
      WorkingDir: HOME,
      StopSignal: 'SIGTERM',
      Labels: labels,
    },
    rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) },
    history: layers.map(({ name }) => ({
      created: EPOCH,
      created_by: 'npm run image',
      comment: name,
    })),
  }
}

interface Blob {
  readonly digest: string
  readonly size: number
}

function manifestOf(layers: readonly Layer[], config: Blob, labels: Labels): object {
  return {
    schemaVersion: 2,
    mediaType: `${MEDIA}.manifest.v1+json`,
    config: { mediaType: `${MEDIA}.config.v1+json`, ...config },
    layers: layers.map(({ digest, size }) => ({
      mediaType: `${MEDIA}.layer.v1.tar+gzip`,
      digest,
      size,
    })),
    annotations: labels,
  }
}

function writeBlob(blobs: string, value: object): Blob {
  const text = JSON.stringify(value)
  const hash = createHash('sha256').update(text).digest('hex')
  writeFileSync(join(blobs, hash), text)
  return { digest: `sha256:${hash}`, size: Buffer.byteLength(text) }
}

function writeLayout(layout: string, { digest, size, architecture, labels }: Blob & Facts): void {
  const version = labels['org.opencontainers.image.version'] ?? ''
  const index = {
    schemaVersion: 2,
    mediaType: `${MEDIA}.index.v1+json`,
    manifests: [
      {
        mediaType: `${MEDIA}.manifest.v1+json`,
        digest,
        size,
        platform: { architecture, os: 'linux' },
        annotations: {
          'org.opencontainers.image.ref.name': version,
          // By which containerd and Docker name what they import.
          'io.containerd.image.name': `docker.io/library/emrys:${version}`,
        },
      },
    ],
  }
  writeFileSync(join(layout, 'index.json'), JSON.stringify(index))
  writeFileSync(join(layout, 'oci-layout'), JSON.stringify({ imageLayoutVersion: '1.0.0' }))
}

function place(layout: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true })
  rmSync(to, { recursive: true, force: true })
  if (to.endsWith('.tar'))
    runProgram('tar', ['-C', layout, '-cf', to, 'oci-layout', 'index.json', 'blobs'])
  else cpSync(layout, to, { recursive: true })
}
