/** The image that `npm run image` writes: the same twice, small, complete, and it runs as it says, on a root that nobody can write to. */
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { chownSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { test, type TestContext } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { writeImage } from '../../scripts/image/image.ts'
import { freePort } from '../../src/substrate/local/loopback-address.ts'
import { wires } from '../support/http/wire.ts'
import { cleanUp } from '../support/process/clean-up.ts'
import { temporaryDirectory } from '../support/process/directory.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const MOST_BYTES = 90_000_000
const USER = 10_001
const START_MS = 120_000
const LOOK_MS = 100

const skip = obstacle()

/** Debian's packages are what it stands on, and only root can be somebody else in a root of its own. */
function obstacle(): string | false {
  const missing = ['apt-get', 'dpkg-deb', 'unshare', 'nsenter'].find(
    (program) => spawnSync(program, ['--version']).status !== 0,
  )
  const how = missing === undefined ? 'only root can run it' : `${missing} is not there`
  const fits = missing === undefined && process.getuid?.() === 0
  if (!fits && process.env['CI']) throw new Error(`the image is not tested: ${how}`)
  return fits ? false : how
}

interface Descriptor {
  readonly mediaType: string
  readonly digest: string
  readonly size: number
}

interface Configuration {
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

test('the image', { skip, timeout: 900_000 }, async (t) => {
  const directory = temporaryDirectory(t)
  const layout = join(directory, 'image')
  const dist = join(directory, 'dist')
  run(process.execPath, [join(ROOT, 'scripts/build.ts'), dist])
  const { digest, layers } = await writeImage({ root: ROOT, dist, to: layout })
  const blob = (of: string) => join(layout, 'blobs', of.replace(':', '/'))
  const read = (of: string) => JSON.parse(readFileSync(blob(of), 'utf8')) as unknown
  const manifest = read(digest) as {
    readonly config: Descriptor
    readonly layers: readonly Descriptor[]
  }
  const configuration = read(manifest.config.digest) as Configuration

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
    mkdirSync(root)
    for (const { digest: of } of manifest.layers)
      run('tar', ['-C', root, '--numeric-owner', '-xpzf', blob(of)])
    const writable = run('find', [root, '-xdev', '-perm', '/022', '-not', '-type', 'l'])
    assert.deepEqual(writable.trim().split('\n'), [join(root, 'tmp')])
    assert.equal(existsSync(join(root, 'bin/sh')), false)
    const container = await startContainer(t_, root, configuration)
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
    const listed = run('tar', ['-tf', join(directory, 'again.tar')])
    for (const file of ['oci-layout', 'index.json', `blobs/${digest.replace(':', '/')}`])
      assert.ok(listed.split('\n').includes(file), file)
  })
})

/** What is done with an image by whoever runs it: its root read-only, its volume and /tmp given, its user, its environment, and no other. */
async function startContainer(t: TestContext, root: string, { config }: Configuration) {
  const [home = ''] = Object.keys(config.Volumes)
  const port = await freePort('127.0.0.1')
  for (const folder of ['proc', 'dev']) mkdirSync(join(root, folder), { recursive: true })
  chownSync(join(root, home), USER, USER)
  const script = [
    'mount --bind "$1" "$1"',
    'mount -o remount,bind,ro "$1"',
    'mount --rbind /dev "$1/dev"',
    'mount -t proc proc "$1/proc"',
    'mount -t tmpfs -o mode=1777 tmpfs "$1/tmp"',
    `mount -t tmpfs -o mode=700,uid=${USER},gid=${USER} tmpfs "$1$2"`,
    'shift 2; exec "$@"',
  ].join(' && ')
  const environment = Object.fromEntries(
    config.Env.map((each): [string, string] => [
      each.replace(/=.*$/s, ''),
      each.replace(/^[^=]*=/, ''),
    ]),
  )
  const env = { ...environment, EMRYS_HOST: '127.0.0.1', EMRYS_PORT: String(port) }
  const inside = (program: readonly string[], more: readonly string[] = []) => [
    '/usr/bin/env',
    '-i',
    ...Object.entries(env).map(([name, value]) => `${name}=${value}`),
    ...more,
    '/usr/sbin/chroot',
    `--userspec=${config.User}`,
    root,
    ...program,
  ]
  const shell = ['/bin/sh', '-c', script, 'sh', root, home]
  const command = [...shell, ...inside([...config.Entrypoint, ...config.Cmd])]
  const child = spawn('unshare', ['--mount', '--pid', '--fork', ...command], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const ended = once(child, 'exit')
  // The first process of its own, by the number that it has out here; it outlives the program that began it.
  const own = () => {
    const path = `/proc/${child.pid}/task/${child.pid}/children`
    return Number(existsSync(path) ? readFileSync(path, 'utf8').trim() : 0)
  }
  cleanUp(t, async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const pid = own()
    process.kill(pid > 0 ? pid : (child.pid ?? 0), 'SIGKILL')
    await ended
  })
  let log = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (log += text))
  for (let passedMs = 0; ; passedMs += LOOK_MS) {
    const ready = await fetch(`http://127.0.0.1:${port}/_emrys/ready`).then(
      ({ ok }) => ok,
      () => false,
    )
    if (ready) break
    if (passedMs > START_MS || child.exitCode !== null) throw new Error(`it does not start: ${log}`)
    await pause(LOOK_MS)
  }
  const pid = own()
  return {
    port,
    execute: (...args: string[]) =>
      run('nsenter', [
        '--target',
        String(pid),
        '--mount',
        '--pid',
        ...inside([...config.Entrypoint, ...args], [`EMRYS_URL=http://127.0.0.1:${port}`]),
      ]),
    async stop() {
      process.kill(pid, 'SIGTERM')
      const [code] = (await ended) as [number | null]
      return code
    },
  }
}

function run(program: string, args: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
  if (error || status !== 0)
    throw new Error(`${program} ${args.join(' ')}: ${String(error ?? stderr)}`)
  return stdout
}
