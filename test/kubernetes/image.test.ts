/** The image that `npm run image` writes: the same twice, small, complete, and it runs as it says, on a root that nobody can write to. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { chownSync, existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { writeImage } from '../../scripts/image/image.ts'
import { freePort } from '../../src/substrate/local/loopback-address.ts'
import { wires } from '../support/http/wire.ts'
import { temporaryDirectory } from '../support/process/directory.ts'
import { builtImage, ROOT, type BuiltImage, type Descriptor } from './built-image.ts'
import { ran, skipWithoutContainers, startContainer } from './container.ts'
import { until } from './until.ts'

const MOST_BYTES = 90_000_000
const USER = 10_001
const START_MS = 120_000

const skip = skipWithoutContainers()

test('the image', { skip, timeout: 900_000 }, async (t) => {
  const directory = temporaryDirectory(t)
  const image = await builtImage(directory)
  const { digest, layers, layout, dist, manifest, configuration, blob } = image

  await t.test('is a layout in which every blob is what its name says', () => {
    const index = JSON.parse(readFileSync(join(layout, 'index.json'), 'utf8')) as {
      readonly manifests: readonly Descriptor[]
    }
    assert.deepEqual(
      index.manifests.map((each) => each.digest),
      [digest],
    )
    const named = [...index.manifests, manifest.config, ...manifest.layers]
    assert.equal(readdirSync(join(layout, 'blobs/sha256')).length, named.length)
    for (const each of named) {
      const bytes = readFileSync(blob(each.digest))
      assert.equal(bytes.length, each.size)
      assert.equal(`sha256:${createHash('sha256').update(bytes).digest('hex')}`, each.digest)
    }
  })

  await t.test('is small, and says what is in it and as whom it runs', () => {
    const bytes = manifest.layers.reduce((sum, { size }) => sum + size, 0)
    assert.ok(bytes < MOST_BYTES, `${bytes} bytes`)
    assert.equal(manifest.layers.length, layers.length)
    const { config, os, rootfs } = configuration
    assert.equal(os, 'linux')
    assert.equal(rootfs.diff_ids.length, layers.length)
    assert.equal(config.User, `${USER}:${USER}`)
    assert.deepEqual(config.Entrypoint, ['/usr/bin/emrys'])
    assert.deepEqual(config.Cmd, ['serve'])
    assert.deepEqual(Object.keys(config.ExposedPorts), ['4580/tcp'])
    assert.deepEqual(Object.keys(config.Volumes), ['/var/lib/emrys'])
    assert.ok(config.Env.includes('EMRYS_DEVELOPMENT_KEY=false'))
    const { Labels } = config
    assert.equal(Labels['org.opencontainers.image.title'], 'emrys')
    assert.match(Labels['org.opencontainers.image.version'] ?? '', /^\d+\.\d+\.\d+$/)
    assert.match(Labels['dev.emrys.debian'] ?? '', /\blibc6=\d/)
  })

  await t.test('runs, and answers a signed request', async (t_) => {
    const root = join(directory, 'root')
    image.unpack(root)
    const writable = ran('find', [root, '-xdev', '-perm', '/022', '-not', '-type', 'l'])
    assert.deepEqual(writable.trim().split('\n'), [join(root, 'tmp')])
    assert.equal(existsSync(join(root, 'bin/sh')), false)
    const container = await startedServer(t_, root, image)
    const made = container.execute(
      'account',
      'add',
      'alibaba',
      'team-a',
      '--number',
      '1000000000000007',
    )
    assert.match(made, /1000000000000007/)
    const key = container.execute('key', 'add', '--account', '1000000000000007')
    const [, keyId = '', secret = ''] = /key id {2}(\S+)\nsecret {2}(\S+)\n/.exec(key) ?? []
    const [ram] = wires
    const answer = await ram!.send(
      container.port,
      'DescribeRegions',
      {},
      { key: { keyId, secret } },
    )
    assert.equal(answer.code, '', answer.text)
    assert.match(container.execute('--version'), /^\d+\.\d+\.\d+$/m)
    assert.equal(await container.stop(), 0, 'SIGTERM ends it in order')
  })

  await t.test('is the same when it is made again, whatever else is different', async () => {
    const was = process.umask(0o077)
    try {
      const again = await writeImage({ root: ROOT, dist, to: join(directory, 'again.tar') })
      assert.equal(again.digest, digest)
    } finally {
      process.umask(was)
    }
    const listed = ran('tar', ['-tf', join(directory, 'again.tar')])
    for (const file of ['oci-layout', 'index.json', `blobs/${digest.replace(':', '/')}`])
      assert.ok(listed.split('\n').includes(file), file)
  })
})

/** What is done with an image by whoever runs it: its root read-only, its volume and /tmp given, its user, its environment, and no other. */
async function startedServer(
  t: TestContext,
  root: string,
  { configuration: { config }, environment }: BuiltImage,
) {
  const [home = ''] = Object.keys(config.Volumes)
  const port = await freePort('127.0.0.1')
  chownSync(join(root, home), USER, USER)
  const container = startContainer(t, {
    root,
    user: config.User,
    environment: { ...environment, EMRYS_HOST: '127.0.0.1', EMRYS_PORT: String(port) },
    command: [...config.Entrypoint, ...config.Cmd],
    mounts: [
      { path: '/tmp', options: 'mode=1777' },
      { path: home, options: `mode=700,uid=${USER},gid=${USER}` },
    ],
  })
  const isReady = () =>
    fetch(`http://127.0.0.1:${port}/_emrys/ready`).then(
      ({ ok }) => ok,
      () => false,
    )
  await until(
    async () => {
      if (!container.running) throw new Error(`it does not start: ${container.log}`)
      return isReady()
    },
    { describe: () => container.log, mostMs: START_MS },
  )
  return {
    port,
    execute: (...args: string[]) =>
      container.execute([...config.Entrypoint, ...args], {
        EMRYS_URL: `http://127.0.0.1:${port}`,
      }),
    async stop() {
      container.signal('SIGTERM')
      return container.ended
    },
  }
}
