import assert from 'node:assert/strict'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { findJavaHome, unmetJavaHome } from '../../../src/substrate/local/java-home.ts'
import { temporaryDirectory } from '../../support/process/directory.ts'

/** In a folder of its own, with nothing beside it, where no other is named. */
function javaIn(
  t: TestContext,
  version: string,
  home = join(temporaryDirectory(t), 'java'),
): string {
  mkdirSync(join(home, 'bin'), { recursive: true })
  writeFileSync(join(home, 'bin', 'java'), '')
  if (version !== '') writeFileSync(join(home, 'release'), `X="1"\nJAVA_VERSION="${version}"\n`)
  return home
}

test('JAVA_HOME goes before the path, on which a program may be a link', (t) => {
  const [one, other, links] = [javaIn(t, '17.0.1'), javaIn(t, '21'), temporaryDirectory(t)]
  symlinkSync(join(other, 'bin', 'java'), join(links, 'java'))
  assert.equal(findJavaHome({ JAVA_HOME: one, PATH: links }), one)
  assert.equal(findJavaHome({ PATH: `/nowhere:${links}` }), other)
  assert.equal(unmetJavaHome({ PATH: links }), undefined)
})

test('one that lies beside another is found where that is of another version', (t) => {
  const folder = temporaryDirectory(t)
  const [usual, young] = [
    javaIn(t, '17', join(folder, 'a')),
    javaIn(t, '25.0.3', join(folder, 'b')),
  ]
  mkdirSync(join(folder, 'none'))
  const versions = { min: 24, max: 25 }
  assert.equal(findJavaHome({ JAVA_HOME: usual }, versions), young)
  assert.equal(findJavaHome({ JAVA_HOME: young }), usual)
  assert.equal(unmetJavaHome({ JAVA_HOME: usual }, versions), undefined)
  assert.match(
    unmetJavaHome({ JAVA_HOME: usual }, { min: 30, max: 31 }) ?? '',
    /needs Java 30 to 31/,
  )
})

test('one of another version is skipped, and said where there is no other', (t) => {
  const [old, young, unknown] = [javaIn(t, '1.8.0_292'), javaIn(t, '25'), javaIn(t, '')]
  const env = { JAVA_HOME: old, PATH: [young, unknown].map((each) => join(each, 'bin')).join(':') }
  assert.equal(findJavaHome(env), undefined)
  const unmet = unmetJavaHome(env)
  assert.match(
    unmet ?? '',
    /needs Java 17 to 23 by JAVA_HOME, on the path or beside one of these, and /,
  )
  for (const said of [`${old} is 8`, `${young} is 25`, `${unknown} is of no known version`])
    assert.ok(unmet?.includes(said), unmet)
  assert.match(unmetJavaHome({ PATH: '/nowhere' }) ?? '', /and there is none$/)
})
