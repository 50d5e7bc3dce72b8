import assert from 'node:assert/strict'
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { findMaven, mavenDownload } from '../../src/artifact/maven-client.ts'
import { networkSource } from '../../src/artifact/source.ts'
import { temporaryDirectory } from '../support/process/directory.ts'

/** A stand-in that notes what it was asked for, and brings what it is set to into the last argument's folder. */
function fakeMaven(t: TestContext, script: string): string {
  const mvn = join(temporaryDirectory(t), 'mvn')
  writeFileSync(
    mvn,
    `#!/bin/sh\necho "$@" > "$0.asked"\nfor last; do :; done\nfolder="\${last#*=}"\n${script}\n`,
  )
  chmodSync(mvn, 0o700)
  return mvn
}

const classified = {
  kind: 'maven',
  path: 'org/example/part/1.2.0/part-1.2.0-jar-with-dependencies.jar',
} as const

test('where Maven has no repository but its own, it fetches the file by its coordinates', async (t) => {
  const mvn = fakeMaven(t, 'echo content > "$folder/part-1.2.0-jar-with-dependencies.jar"')
  const found = await mavenDownload(mvn, classified)
  assert.ok('file' in found)
  assert.equal(readFileSync(found.file, 'utf8'), 'content\n')
  assert.match(
    readFileSync(`${mvn}.asked`, 'utf8'),
    /^--quiet --batch-mode dependency:copy -Dartifact=org\.example:part:1\.2\.0:jar:jar-with-dependencies -DoutputDirectory=\S+\n$/,
  )
  await found.release?.()
  assert.equal(existsSync(found.file), false)
})

test('a file without a classifier has four coordinates', async (t) => {
  const mvn = fakeMaven(t, 'echo content > "$folder/part-1.2.0.jar"')
  const found = await mavenDownload(mvn, { ...classified, path: 'org/part/1.2.0/part-1.2.0.jar' })
  await ('release' in found ? found.release?.() : undefined)
  assert.match(readFileSync(`${mvn}.asked`, 'utf8'), / -Dartifact=org:part:1\.2\.0:jar /)
  const packed = fakeMaven(t, 'echo content > "$folder/part-1.2.0-bin.tar.gz"')
  const tar = { ...classified, path: 'org/part/1.2.0/part-1.2.0-bin.tar.gz' }
  const other = await mavenDownload(packed, tar)
  await ('release' in other ? other.release?.() : undefined)
  assert.match(readFileSync(`${packed}.asked`, 'utf8'), /=org:part:1\.2\.0:tar\.gz:bin /)
})

test('what Maven refuses is said with its first reason, and what is no path of a repository is not asked for', async (t) => {
  const failing = fakeMaven(
    t,
    'echo "[ERROR] Could not find artifact"; echo "[ERROR] [Help 1] somewhere"; exit 1',
  )
  await assert.rejects(
    mavenDownload(failing, classified),
    /`mvn dependency:copy` failed: Could not find artifact$/,
  )
  await assert.rejects(mavenDownload(fakeMaven(t, ''), classified), /brought another file than/)
  for (const path of ['part-1.2.0.jar', 'org/part/1.2.0/other-1.2.0.jar', 'org/part/1/part-1'])
    await assert.rejects(mavenDownload(failing, { kind: 'maven', path }), /is no path of a Maven/)
})

test('Maven is run only where no repository is known', async (t) => {
  const mvn = fakeMaven(t, 'exit 1')
  assert.equal(findMaven({ PATH: `/nowhere:${dirname(mvn)}` }), mvn)
  assert.equal(findMaven({ PATH: '/nowhere' }), undefined)
  const artifact = { origin: classified, size: 1, sha256: '' }
  const known = networkSource({ pythonIndex: '', mavenRepository: 'http://127.0.0.1/maven2', mvn })
  const found = await known.find(artifact)
  assert.deepEqual(found, { location: { url: `http://127.0.0.1/maven2/${classified.path}` } })
  await assert.rejects(networkSource({ pythonIndex: '', mavenRepository: '', mvn }).find(artifact))
})

test('several files are one run of Maven', async (t) => {
  const mvn = fakeMaven(
    t,
    'cp "$4" "$0.pom"; echo a > "$folder/part-1.2.0-tests.jar"; echo b > "$folder/other-3.jar"',
  )
  const paths = ['org/example/part/1.2.0/part-1.2.0-tests.jar', 'org/other/3/other-3.jar']
  const artifacts = paths.map((path) => ({
    origin: { kind: 'maven', path } as const,
    size: 2,
    sha256: '',
  }))
  const source = networkSource({ pythonIndex: '', mavenRepository: '', mvn })
  assert.ok(source.together)
  const gathered = await source.together(artifacts)
  const found = await Promise.all(artifacts.map((each) => gathered.find(each)))
  const files = found.map((each) => ('file' in each ? each.file : ''))
  assert.deepEqual(
    files.map((file) => readFileSync(file, 'utf8')),
    ['a\n', 'b\n'],
  )
  const items = readFileSync(`${mvn}.pom`, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('<artifactItem>'))
  assert.deepEqual(items, [
    '<artifactItem><groupId>org.example</groupId><artifactId>part</artifactId><version>1.2.0</version><type>jar</type><classifier>tests</classifier></artifactItem>',
    '<artifactItem><groupId>org</groupId><artifactId>other</artifactId><version>3</version><type>jar</type></artifactItem>',
  ])
  await gathered.release()
  assert.deepEqual(
    files.map((file) => existsSync(file)),
    [false, false],
  )
})
