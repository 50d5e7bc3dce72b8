import assert from 'node:assert/strict'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { findJavaHome, javaHomeLack } from '../../../src/substrate/local/java-home.ts'
import { temporaryDirectory } from '../../support/process/directory.ts'

function javaIn(t: TestContext, version: string): string {
  const home = temporaryDirectory(t)
  mkdirSync(join(home, 'bin'))
  writeFileSync(join(home, 'bin', 'java'), '')
  if (version !== '') writeFileSync(join(home, 'release'), `X="1"\nJAVA_VERSION="${version}"\n`)
  return home
}

test('JAVA_HOME goes before the path, on which a program may be a link', (t) => {
  const [one, other, links] = [javaIn(t, '17.0.1'), javaIn(t, '21'), temporaryDirectory(t)]
  symlinkSync(join(other, 'bin', 'java'), join(links, 'java'))
  assert.equal(findJavaHome({ JAVA_HOME: one, PATH: links }), one)
  assert.equal(findJavaHome({ PATH: `/nowhere:${links}` }), other)
  assert.equal(javaHomeLack({ PATH: links }), undefined)
})

test('one of another version is passed over, and said where there is no other', (t) => {
  const [old, young, unknown] = [javaIn(t, '1.8.0_292'), javaIn(t, '25'), javaIn(t, '')]
  const env = { JAVA_HOME: old, PATH: [young, unknown].map((each) => join(each, 'bin')).join(':') }
  assert.equal(findJavaHome(env), undefined)
  const lack = javaHomeLack(env)
  assert.match(lack ?? '', /needs Java 17 to 23 by JAVA_HOME or on the path, and /)
  for (const said of [`${old} is 8`, `${young} is 25`, `${unknown} is of no known version`])
    assert.ok(lack?.includes(said), lack)
  assert.match(javaHomeLack({ PATH: '/nowhere' }) ?? '', /and there is none$/)
})
