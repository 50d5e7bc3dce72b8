import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { objectPath, setPath, stateOf } from '../../src/artifact/cache.ts'
import { fetchPart } from '../../src/artifact/fetch.ts'
import type { Artifact, Need } from '../../src/artifact/lock.ts'
import { directorySource, networkSource } from '../../src/artifact/source.ts'
import { sha256Hex } from '../../src/kernel/digest.ts'
import { longNamed, tarOf, type TarEntry } from '../support/fixture/tar.ts'
import { zipOf, type ZipEntry } from '../support/fixture/zip.ts'
import { artifactServer } from '../support/http/artifact-server.ts'
import { temporaryDirectory } from '../support/process/directory.ts'

const PATH = 'part/part.module'
const WHEEL = 'example_part-1.0-py3-none-any.whl'
/** Incompressible, and longer than one piece of a stream. */
const MODULE = randomBytes(400_000)

const pinOf = (content: Buffer) => ({ size: content.length, sha256: sha256Hex(content) })

function wheelWith(entries: readonly ZipEntry[], member = pinOf(MODULE)) {
  const archive = zipOf(entries)
  const artifact: Artifact = {
    ...pinOf(archive),
    origin: { kind: 'python', project: 'Example_Part', version: '1.0', file: WHEEL },
    member: { path: PATH, ...member },
  }
  return { archive, artifact }
}

const usual = wheelWith([
  { name: 'part/__init__.py', content: Buffer.alloc(0) },
  { name: PATH, content: MODULE },
])

function needOf(...artifacts: readonly Artifact[]): Need {
  const part = { name: 'part', version: '1.0', use: 'tests', artifacts }
  return { engine: 'example', part, artifacts }
}

async function cached(t: TestContext, { archive, artifact } = usual) {
  const cache = join(temporaryDirectory(t), 'cache')
  const server = await artifactServer(t)
  server.files.set(`/files/example-part/${WHEEL}`, archive)
  const addresses = { pythonIndex: `${server.url}/simple`, mavenRepository: `${server.url}/maven2` }
  const need = needOf(artifact)
  const progress: number[] = []
  const options = {
    cache,
    source: networkSource(addresses),
    onProgress: (_: Artifact, bytes: number) => void progress.push(bytes),
  }
  const fileOf = () => readFileSync(join(setPath(cache, need), 'part.module'))
  const left = () =>
    readdirSync(cache, { recursive: true, encoding: 'utf8' }).filter((name) =>
      /part\.|\.new/.test(name.replace('part.module', '')),
    )
  const fetches = () => server.seen.filter(({ path }) => path.startsWith('/files/'))
  return { cache, server, need, options, fileOf, left, fetches, progress, addresses }
}

for (const form of ['JSON', 'HTML'])
  test(`a file of an archive comes from an index that answers ${form}, proved and with nothing left beside`, async (t) => {
    const it = await cached(t)
    it.server.json = form === 'JSON'
    assert.equal(stateOf(it.cache, it.need), 'missing')
    assert.equal(await fetchPart(it.need, it.options), 'fetched')
    assert.equal(stateOf(it.cache, it.need), 'ready')
    assert.deepEqual(it.fileOf(), MODULE)
    assert.deepEqual(it.left(), [])
    assert.equal(it.progress.at(-1), usual.artifact.size)
    const { nlink, mode } = statSync(join(setPath(it.cache, it.need), 'part.module'))
    assert.deepEqual([nlink, mode & 0o777], [2, 0o444])
    assert.equal(await fetchPart(it.need, it.options), 'there')
    assert.equal(it.fetches().length, 1)
  })

test('a file of a Maven repository is kept as it is, under its own name', async (t) => {
  const it = await cached(t)
  const path = 'org/example/part/1.0/part-1.0.jar'
  it.server.files.set(`/maven2/${path}`, MODULE)
  const need = needOf({ origin: { kind: 'maven', path }, ...pinOf(MODULE) })
  await fetchPart(need, it.options)
  assert.deepEqual(readFileSync(join(setPath(it.cache, need), 'part-1.0.jar')), MODULE)
  assert.deepEqual(it.left(), [])
})

test('a broken connection is taken up where it broke', async (t) => {
  const it = await cached(t)
  it.server.faults.push({ kind: 'break', after: 150_000 }, { kind: 'status', status: 503 })
  assert.equal(await fetchPart(it.need, it.options), 'fetched')
  const [first, second, third] = it.fetches()
  assert.equal(first?.range, undefined)
  assert.match(second?.range ?? '', /^bytes=[1-9]\d*-$/)
  assert.equal(third?.range, second?.range)
  assert.deepEqual(it.fileOf(), MODULE)
})

test('what a fetch left that was cut off is taken up by the next one; a server that cannot continue sends all of it', async (t) => {
  for (const fault of [[], [{ kind: 'whole' } as const]]) {
    const it = await cached(t)
    const part = `${objectPath(it.cache, usual.artifact)}.part`
    mkdirSync(dirname(part), { recursive: true })
    writeFileSync(part, usual.archive.subarray(0, 100_000))
    it.server.faults.push(...fault)
    assert.equal(await fetchPart(it.need, it.options), 'fetched')
    assert.deepEqual(
      it.fetches().map(({ range }) => range),
      ['bytes=100000-'],
    )
    assert.deepEqual(it.fileOf(), MODULE)
    assert.deepEqual(it.left(), [])
  }
})

test('what is left and wrong is fetched again from its beginning', async (t) => {
  const it = await cached(t)
  const part = `${objectPath(it.cache, usual.artifact)}.part`
  mkdirSync(dirname(part), { recursive: true })
  writeFileSync(part, Buffer.alloc(100_000))
  assert.equal(await fetchPart(it.need, it.options), 'fetched')
  assert.deepEqual(
    it.fetches().map(({ range }) => range),
    ['bytes=100000-', undefined],
  )
  assert.deepEqual(it.fileOf(), MODULE)
})

test('bytes that are not the pinned ones are refused, and nothing of them is kept', async (t) => {
  const it = await cached(t)
  const damaged = Buffer.from(usual.archive)
  damaged[200_000] = (damaged[200_000] ?? 0) ^ 1
  it.server.files.set(`/files/example-part/${WHEEL}`, damaged)
  await assert.rejects(fetchPart(it.need, it.options), /its SHA-256 is another one$/)
  assert.equal(stateOf(it.cache, it.need), 'missing')
  assert.deepEqual(it.left(), [])
})

test('a file of another length is refused before more of it is written than was pinned', async (t) => {
  for (const content of [
    usual.archive.subarray(1),
    Buffer.concat([usual.archive, Buffer.alloc(9)]),
  ]) {
    const it = await cached(t)
    it.server.files.set(`/files/example-part/${WHEEL}`, content)
    await assert.rejects(fetchPart(it.need, it.options), /is not the file that is pinned: that has/)
  }
  const it = await cached(t)
  it.server.faults.push({ kind: 'endless' })
  await assert.rejects(fetchPart(it.need, it.options), /is not the file that is pinned: that has/)
  const most = Math.max(0, ...it.left().map((name) => statSync(join(it.cache, name)).size))
  assert.ok(most <= usual.artifact.size, `${most} bytes were written`)
})

test('a redirection is followed, and the password of the index does not go to another host', async (t) => {
  const it = await cached(t)
  const other = await artifactServer(t)
  other.files.set('/elsewhere', usual.archive)
  it.server.faults.push({ kind: 'redirect', to: `${other.url}/elsewhere` })
  const pythonIndex = it.addresses.pythonIndex.replace('http://', 'http://user:p%40ss@')
  const source = networkSource({ ...it.addresses, pythonIndex })
  assert.equal(await fetchPart(it.need, { ...it.options, source }), 'fetched')
  const basic = `Basic ${Buffer.from('user:p@ss').toString('base64')}`
  assert.deepEqual(
    it.server.seen.map(({ authorization }) => authorization),
    [basic, basic],
  )
  assert.deepEqual(other.seen, [{ path: '/elsewhere' }])
})

test('an archive that leads out of its folder, has no such file or claims another length is refused', async (t) => {
  const module = { name: PATH, content: MODULE }
  const cases: [ReturnType<typeof wheelWith>, RegExp][] = [
    [
      wheelWith([{ name: '../../part.module', content: MODULE }, module]),
      /cannot be taken out of its archive: invalid relative path/,
    ],
    [
      wheelWith([{ name: '/part.module', content: MODULE }, module]),
      /cannot be taken out of its archive: absolute path/,
    ],
    [wheelWith([{ name: 'other', content: MODULE }]), /the archive has no file part\/part\.module/],
    [wheelWith([{ ...module, claims: 5 }]), /has 5 bytes, not 400000/],
    [
      wheelWith([{ name: PATH, content: Buffer.concat([MODULE, MODULE]), claims: MODULE.length }]),
      /cannot be taken out|more than/,
    ],
    [
      wheelWith([{ name: PATH, content: Buffer.alloc(MODULE.length) }]),
      /in its archive is not the file that is pinned/,
    ],
  ]
  for (const [made, reason] of cases) {
    const it = await cached(t, made)
    await assert.rejects(fetchPart(it.need, it.options), reason)
    assert.equal(stateOf(it.cache, it.need), 'missing')
    const written = readdirSync(it.cache, { recursive: true, encoding: 'utf8' })
    assert.ok(!written.some((name) => name.endsWith('part.module')))
  }
})

test('a damaged file in the cache is noticed by its length at once, by its content with the next fetch, and fetched again', async (t) => {
  for (const damaged of [Buffer.alloc(3), Buffer.alloc(MODULE.length)]) {
    const it = await cached(t)
    await fetchPart(it.need, it.options)
    const file = join(setPath(it.cache, it.need), 'part.module')
    const { chmodSync } = await import('node:fs')
    chmodSync(file, 0o600)
    writeFileSync(file, damaged)
    assert.equal(stateOf(it.cache, it.need), damaged.length === 3 ? 'damaged' : 'ready')
    assert.equal(await fetchPart(it.need, it.options), 'fetched')
    assert.deepEqual(it.fileOf(), MODULE)
  }
})

test('two fetches at once do each other no harm', async (t) => {
  const it = await cached(t)
  const outcomes = await Promise.all([1, 2, 3].map(() => fetchPart(it.need, it.options)))
  assert.ok(outcomes.includes('fetched'))
  assert.deepEqual(it.fileOf(), MODULE)
  assert.deepEqual(it.left(), [])
})

test('a directory gives files by their names or as in a Maven repository, and only the pinned ones', async (t) => {
  const it = await cached(t)
  const directory = temporaryDirectory(t)
  const source = directorySource(directory)
  await assert.rejects(fetchPart(it.need, { ...it.options, source }), /has no file example_part/)
  writeFileSync(join(directory, WHEEL), usual.archive.subarray(5))
  await assert.rejects(
    fetchPart(it.need, { ...it.options, source }),
    /is not the file that is pinned: it has/,
  )
  writeFileSync(join(directory, WHEEL), usual.archive)
  assert.equal(await fetchPart(it.need, { ...it.options, source }), 'fetched')
  const path = 'org/example/part/1.0/part-1.0.jar'
  mkdirSync(join(directory, dirname(path)), { recursive: true })
  writeFileSync(join(directory, path), MODULE)
  const need = needOf({ origin: { kind: 'maven', path }, ...pinOf(MODULE) })
  assert.equal(await fetchPart(need, { ...it.options, source }), 'fetched')
  assert.equal(it.server.seen.length, 0)
})

test('what has no source is refused with what to set, what is for another platform by name', async (t) => {
  const it = await cached(t)
  const source = networkSource({ pythonIndex: '', mavenRepository: '' })
  await assert.rejects(
    fetchPart(it.need, { ...it.options, source }),
    /no Python index is known.*EMRYS_ENGINES_PYTHON_INDEX.*PIP_INDEX_URL.*--from DIR/,
  )
  const maven = needOf({ origin: { kind: 'maven', path: 'a/a.jar' }, ...pinOf(MODULE) })
  await assert.rejects(
    fetchPart(maven, { ...it.options, source }),
    /no Maven repository is known.*EMRYS_ENGINES_MAVEN_REPOSITORY.*settings\.xml.*--from DIR/,
  )
  await assert.rejects(
    fetchPart(needOf(), it.options),
    /example\/part 1\.0 is not made for this platform/,
  )
})

test('an index that does not have the file, or does not answer, is named without its password', async (t) => {
  const it = await cached(t)
  it.server.files.clear()
  it.server.files.set('/files/example-part/other.whl', MODULE)
  await assert.rejects(
    fetchPart(it.need, it.options),
    /\/simple\/example-part\/ has no file example_part/,
  )
  it.server.files.clear()
  const pythonIndex = it.addresses.pythonIndex.replace('http://', 'http://user:secret@')
  const source = networkSource({ ...it.addresses, pythonIndex })
  await assert.rejects(fetchPart(it.need, { ...it.options, source }), (problem: Error) => {
    assert.match(problem.message, /answers 404/)
    assert.doesNotMatch(problem.message, /secret/)
    return true
  })
})

test('many files are fetched side by side, and the rest of a set that was cut off is all that is fetched again', async (t) => {
  const { cache, server, options } = await cached(t)
  const contents = Array.from({ length: 20 }, () => randomBytes(1000))
  const artifacts = contents.map((content, number): Artifact => {
    const path = `org/many/${number}/many-${number}.jar`
    if (number !== 13) server.files.set(`/maven2/${path}`, content)
    return { ...pinOf(content), origin: { kind: 'maven', path } }
  })
  const need = needOf(...artifacts)
  await assert.rejects(fetchPart(need, options), /many-13\.jar answers 404$/)
  const thirteenth = '/maven2/org/many/13/many-13.jar'
  server.files.set(thirteenth, contents[13]!)
  server.seen.length = 0
  assert.equal(await fetchPart(need, options), 'fetched')
  const again = server.seen.map(({ path }) => path)
  assert.ok(again.includes(thirteenth) && again.length < 20, again.join(', '))
  for (const [number, content] of contents.entries())
    assert.deepEqual(readFileSync(join(setPath(cache, need), `many-${number}.jar`)), content)
})

const SOURCES = 'example_part-1.0.tar.gz'
const LONG = `example_part-1.0/${'folder/'.repeat(20)}`
const jars = new Map(
  [
    'example_part-1.0/deps/one.jar',
    'example_part-1.0/deps/empty.jar',
    `${LONG}gnu.jar`,
    `${LONG}pax.jar`,
    `example_part-1.0/${'f'.repeat(90)}/ustar.jar`,
  ].map((path, at) => [path, at === 1 ? Buffer.alloc(0) : randomBytes(70_000 + at)] as const),
)

function sourcesWith(entries: readonly TarEntry[], archive = tarOf(entries)) {
  const origin = { kind: 'python', project: 'Example_Part', version: '1.0', file: SOURCES } as const
  const members = [...jars].map(([path, content]) => ({ path, ...pinOf(content) }))
  const artifact: Artifact = { ...pinOf(archive), origin, members }
  return { archive, artifact }
}

/** As a real archive has them, between others. */
const whole: readonly TarEntry[] = [
  { name: 'pax_global_header', type: 'g', content: Buffer.from('11 path=xy\n') },
  { name: 'example_part-1.0/', type: '5', content: Buffer.alloc(0) },
  ...[...jars].flatMap(([name, content]) => {
    const [, form] = /(gnu|pax)\.jar$/.exec(name) ?? []
    return form ? longNamed(form as 'gnu' | 'pax', { name, content }) : [{ name, content }]
  }),
  { name: 'example_part-1.0/setup.py', content: Buffer.from('exit()') },
]

async function sources(t: TestContext, made = sourcesWith(whole)) {
  const it = await cached(t)
  it.server.files.set(`/files/example-part/${SOURCES}`, made.archive)
  const need = needOf(made.artifact)
  const fileOf = (path: string) =>
    readFileSync(join(setPath(it.cache, need), path.slice(path.lastIndexOf('/') + 1)))
  return { ...it, need, fileOf }
}

test('files of a tar archive are taken out together, each proved, and nothing else of it is kept', async (t) => {
  const it = await sources(t)
  assert.equal(await fetchPart(it.need, it.options), 'fetched')
  for (const [path, content] of jars) assert.deepEqual(it.fileOf(path), content)
  assert.equal(readdirSync(setPath(it.cache, it.need)).length, jars.size)
  assert.deepEqual(it.left(), [])
  assert.equal(await fetchPart(it.need, it.options), 'there')
  assert.equal(it.server.seen.filter(({ path }) => path.endsWith(SOURCES)).length, 1)
})

test('a tar archive that lacks a file, has another one under its name, or breaks off is refused', async (t) => {
  const without = (ending: string) => whole.filter(({ name }) => !name.endsWith(ending))
  const [path = '', content = Buffer.alloc(0)] = [...jars][0] ?? []
  const cases: [ReturnType<typeof sourcesWith>, RegExp][] = [
    [sourcesWith(without('one.jar')), /the archive has no file example_part-1\.0\/deps\/one\.jar$/],
    [
      sourcesWith([...without('one.jar'), { name: `../${path}`, content }]),
      /the archive has no file/,
    ],
    // A link leads elsewhere.
    [
      sourcesWith([{ name: path, type: '2', content: Buffer.alloc(0) }, ...without('one.jar')]),
      /the archive has no file/,
    ],
    [
      sourcesWith([{ name: path, content: Buffer.alloc(5) }, ...without('one.jar')]),
      /one\.jar has 5 bytes, not 70000$/,
    ],
    [
      sourcesWith([{ name: path, content: Buffer.alloc(70_000) }, ...without('one.jar')]),
      /one\.jar in its archive is not the file that is pinned$/,
    ],
    [sourcesWith([{ name: 'large', claims: 1e9, content }, ...whole]), /the archive breaks off$/],
    [
      sourcesWith([{ name: 'x', type: 'L', claims: 2e6, content: Buffer.alloc(2e6) }]),
      /too long a name$/,
    ],
    [sourcesWith([], randomBytes(2_000)), /the archive cannot be read: incorrect header check$/],
    [
      sourcesWith([], tarOf(whole).subarray(0, 100_000)),
      /the archive cannot be read: unexpected end/,
    ],
  ]
  for (const [made, reason] of cases) {
    const it = await sources(t, made)
    await assert.rejects(fetchPart(it.need, it.options), reason)
    assert.equal(stateOf(it.cache, it.need), 'missing')
    assert.deepEqual(it.left(), [])
  }
})
