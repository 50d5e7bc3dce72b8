/** `emrys engines`, as whoever prepares a machine uses it. */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { needsOf } from '../../src/artifact/lock.ts'
import { unmetJavaHome, usualJava } from '../../src/substrate/local/java-home.ts'
import { engineLocks } from '../../src/substrate/local/lock.ts'
import { services } from '../../src/substrate/local/service-list.ts'
import { artifactServer } from '../support/http/artifact-server.ts'
import { temporaryDirectory } from '../support/process/directory.ts'
import { emrys } from '../support/process/emrys-command.ts'

const needs = needsOf(engineLocks)
const programs = services.flatMap(({ program }) => program ?? [])
const httpfs = needs.find(({ part }) => part.name === 'httpfs')?.artifacts[0]
const skip = httpfs === undefined && 'there is none for this platform'

test('what parts need is listed, for people and for programs', async (t) => {
  const settings = { EMRYS_ENGINES_CACHE: temporaryDirectory(t), PATH: '/nowhere' }
  const shown = await emrys(t, ['engines'], settings)
  assert.match(
    shown.out,
    /^PART +ENGINE +VERSION +STATE +FETCHES +JAVA +MEMORY +NEEDED FOR\nhttpfs +starrocks +/,
  )
  // Of which Java a machine has none, and who needs it.
  const without = { ...settings, JAVA_HOME: '/nowhere' }
  const lines = (await emrys(t, ['engines'], without)).out.split('\n')
  for (const versions of [usualJava, { min: 24, max: 25 }]) {
    const unmet = unmetJavaHome(without, versions)
    const said = lines.filter(
      (line) => line.startsWith('no Java for ') && line.endsWith(`: ${unmet}`),
    )
    assert.equal(said.length, 1, lines.join('\n'))
  }
  const { out } = await emrys(t, ['engines', '--json'], settings)
  const rows = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
  assert.deepEqual(
    rows.map(({ part }) => part),
    [...needs.map(({ part }) => part.name), ...programs.map(({ name }) => name)],
  )
  assert.ok(rows.every(({ state, path }) => state !== 'ready' && path === null))
  const rowOf = (part: string) => rows.find((row) => row['part'] === part)
  assert.deepEqual(rowOf('trino')?.['java'], { min: 24, max: 25 })
  assert.deepEqual(rowOf('s3proxy')?.['java'], { min: 17 })
  // HDFS and YARN of a master and two cores: what their daemons were measured to keep, by which creates are judged.
  assert.equal(rowOf('hadoop')?.['memoryMib'], 240 + 2 * 170 + 260 + 2 * 190 + 180)
  assert.match(shown.out, /^hadoop +hadoop .* 17-23 +\d+ MiB +HDFS and YARN/m)
  assert.match(shown.out, /^httpfs .* MB +- +- +encrypted/m)
  assert.match(shown.out, /^slapd +openldap .*`apt-get install slapd` brings it$/m)
  assert.match(shown.out, /^clickhouse-server +clickhouse +18\.16\.1 +not there /m)
})

test(
  'a file that is not the pinned one is refused, from an index and from a directory',
  { skip },
  async (t) => {
    const server = await artifactServer(t)
    const directory = temporaryDirectory(t)
    const { origin } = httpfs!
    assert.ok(origin.kind === 'python')
    server.files.set(`/files/${origin.project}/${origin.file}`, Buffer.alloc(9))
    writeFileSync(join(directory, origin.file), Buffer.alloc(9))
    const settings = {
      EMRYS_ENGINES_CACHE: temporaryDirectory(t),
      EMRYS_ENGINES_PYTHON_INDEX: `${server.url}/simple`,
    }
    const fetched = await emrys(t, ['engines', 'fetch', 'httpfs'], settings)
    assert.equal(fetched.code, 1)
    assert.match(
      fetched.err,
      /^Python index: http:\/\/127\.0\.0\.1:\d+\/simple; Maven repository: /,
    )
    assert.match(fetched.err, /emrys: .* is not the file that is pinned: that has \d+ bytes\n$/)
    const copied = await emrys(t, ['engines', 'fetch', 'httpfs', '--from', directory], settings)
    assert.equal(copied.code, 1)
    assert.match(copied.err, /^emrys: .* is not the file that is pinned: it has 9 bytes/)
  },
)

test('without an index it is refused with what to set, a misspelt part with what was meant', async (t) => {
  const empty = {
    EMRYS_ENGINES_CACHE: temporaryDirectory(t),
    PIP_CONFIG_FILE: '/dev/null',
    PIP_INDEX_URL: '',
    PATH: '',
  }
  const { code, err } = await emrys(t, ['engines', 'fetch', 'starrocks'], empty)
  assert.equal(code, 1)
  assert.match(err, /no Python index is known.*set engines\.python-index/)
  const misspelt = await emrys(t, ['engines', 'fetch', 'htpfs'])
  assert.equal(
    misspelt.err,
    'emrys: no engine and no part of one is called htpfs; did you mean httpfs?\n',
  )
  const own = await emrys(t, ['engines', 'fetch', 'openldap'])
  assert.match(own.err, /^emrys: slapd is a program of this machine's own, .*apt-get install slapd/)
  const wrong = { EMRYS_ENGINES_PYTHON_INDEX: 'http://user:secret@127.0.0.1/simple' }
  const refused = await emrys(t, ['engines'], wrong)
  assert.match(refused.err, /engines\.python-index .*must not hold a name or password/)
})
