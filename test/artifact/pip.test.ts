import assert from 'node:assert/strict'
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { findPip, pipDownload, pipIndex } from '../../src/artifact/pip.ts'
import { temporaryDirectory } from '../support/process/directory.ts'

function homeWith(t: TestContext, files: Readonly<Record<string, string>>) {
  const home = temporaryDirectory(t)
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(home, path)), { recursive: true })
    writeFileSync(join(home, path), text)
  }
  // Nothing of this machine's own.
  const env = {
    HOME: home,
    XDG_CONFIG_HOME: join(home, '.config'),
    XDG_CONFIG_DIRS: join(home, 'xdg'),
  }
  return { home, env }
}

const set = (url: string) => `[global]\nindex-url = ${url}\n`

test('the index is the one that pip would ask: the variable, then its files, the last one first', (t) => {
  const { home, env } = homeWith(t, {
    'xdg/pip/pip.conf': set('http://all/simple'),
    '.pip/pip.conf': set('http://old/simple'),
    '.config/pip/pip.conf':
      '# mine\n[install]\nindex-url = http://install\n[global]\ntimeout = 5\nindex_url: http://mine/simple\n',
    'venv/pip.conf': set('http://venv/simple'),
    'own.conf': `${set('http://own/simple')}[download]\nindex-url = http://download/simple\n`,
    'silent.conf': '[global]\ntimeout = 3\n',
  })
  const venv = { ...env, VIRTUAL_ENV: join(home, 'venv') }
  assert.equal(pipIndex(env), 'http://mine/simple')
  assert.equal(pipIndex(venv), 'http://venv/simple')
  assert.equal(
    pipIndex({ ...venv, PIP_CONFIG_FILE: join(home, 'own.conf') }),
    'http://download/simple',
  )
  assert.equal(
    pipIndex({ ...venv, PIP_CONFIG_FILE: join(home, 'silent.conf') }),
    'http://venv/simple',
  )
  assert.equal(pipIndex({ ...venv, PIP_CONFIG_FILE: '/dev/null' }), '')
  assert.equal(
    pipIndex({ ...venv, PIP_INDEX_URL: 'http://variable/simple' }),
    'http://variable/simple',
  )
})

/** A stand-in that notes what it was asked for, and brings what it is set to. */
function fakePip(t: TestContext, script: string): string {
  const pip = join(temporaryDirectory(t), 'pip3')
  writeFileSync(
    pip,
    `#!/bin/sh\necho "$@" > "$0.asked"\nfor last; do :; done; cat "$last" > "$0.required"\nwhile [ "$1" != --dest ]; do shift; done\n${script}\n`,
  )
  chmodSync(pip, 0o700)
  return pip
}

const wheel = {
  kind: 'python',
  project: 'example-part',
  version: '1.0',
  file: 'example_part-1.0-py3-none-manylinux_2_17_x86_64.manylinux2014_x86_64.whl',
} as const
const sha256 = 'ab'.repeat(32)
const sources = { ...wheel, file: 'example_part-1.0.tar.gz' } as const

test('where pip has no index but its own, it fetches the wheel of the platform by itself', async (t) => {
  const pip = fakePip(t, `echo content > "$2/${wheel.file}"`)
  const found = await pipDownload(pip, { origin: wheel, sha256 })
  assert.ok('file' in found)
  assert.equal(readFileSync(found.file, 'utf8'), 'content\n')
  const asked = readFileSync(`${pip}.asked`, 'utf8')
  assert.match(
    asked,
    /^download --quiet --no-deps --require-hashes --dest \S+ --only-binary=:all: /,
  )
  assert.match(
    asked,
    /--platform manylinux_2_17_x86_64 --platform manylinux2014_x86_64 --requirement \S+\n$/,
  )
  const required = readFileSync(`${pip}.required`, 'utf8')
  assert.equal(required, `example-part==1.0 --hash=sha256:${sha256}\n`)
  await found.release?.()
  assert.throws(() => readFileSync(found.file))
})

test('of the sources of a project pip itself takes none but the pinned ones, as it may run what is in them', async (t) => {
  const pip = fakePip(t, `echo content > "$2/${sources.file}"`)
  const found = await pipDownload(pip, { origin: sources, sha256 })
  assert.ok('file' in found)
  const asked = readFileSync(`${pip}.asked`, 'utf8')
  assert.match(asked, / --require-hashes .* --no-binary=example-part --requirement \S+\n$/)
  assert.match(readFileSync(`${pip}.required`, 'utf8'), / --hash=sha256:(ab){32}\n$/)
  await found.release?.()
})

test('what pip refuses, and what it cannot fetch as it is, is said with what to do', async (t) => {
  const failing = fakePip(t, 'echo "ERROR: No matching distribution found" >&2; exit 1')
  await assert.rejects(
    pipDownload(failing, { origin: wheel, sha256 }),
    /`pip download` failed: ERROR: No matching distribution found$/,
  )
  await assert.rejects(
    pipDownload(fakePip(t, ''), { origin: wheel, sha256 }),
    /pip brought another file than example_part/,
  )
  const origin = { ...wheel, file: 'example_part-1.0.zip' }
  await assert.rejects(
    pipDownload(failing, { origin, sha256 }),
    /is no wheel.*EMRYS_ENGINES_PYTHON_INDEX/,
  )
})

test('pip is found on the path', (t) => {
  const pip = fakePip(t, '')
  assert.equal(findPip({ PATH: `/nowhere:${dirname(pip)}` }), pip)
  assert.equal(findPip({ PATH: '/nowhere' }), undefined)
})
