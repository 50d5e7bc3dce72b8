import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { mavenRepository } from '../../src/artifact/maven.ts'
import { temporaryDirectory } from '../support/process/directory.ts'

function homeWith(t: TestContext, files: Readonly<Record<string, string>>) {
  const HOME = temporaryDirectory(t)
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(HOME, path)), { recursive: true })
    writeFileSync(join(HOME, path), text)
  }
  return { HOME, MAVEN_HOME: join(HOME, 'maven') }
}

const mirror = (of: string, url: string) =>
  `<mirror><id>m</id><mirrorOf>${of}</mirrorOf><url>${url}</url></mirror>`
const settings = (...mirrors: readonly string[]) =>
  `<settings><mirrors>${mirrors.join('')}</mirrors></settings>`

test('the repository is the mirror of central, of the user before the one of the installation', (t) => {
  const installation = {
    'maven/conf/settings.xml': settings(mirror('central', 'http://all/maven2')),
  }
  assert.equal(mavenRepository(homeWith(t, installation)), 'http://all/maven2')
  const user = settings(
    `<!-- ${mirror('*', 'http://example/comment')} -->`,
    mirror('other', 'http://other/maven2'),
    mirror('*,!central', 'http://not/maven2'),
    mirror('external:*, !own', 'http://${env.REPOSITORY}/maven2?a=1&amp;b=2'),
  )
  const env = homeWith(t, { ...installation, '.m2/settings.xml': user })
  assert.equal(mavenRepository({ ...env, REPOSITORY: 'mine' }), 'http://mine/maven2?a=1&b=2')
})
