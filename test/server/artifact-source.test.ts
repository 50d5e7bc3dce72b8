import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addressesOf } from '../../src/server/artifact-source.ts'

const nowhere = { PIP_CONFIG_FILE: '/dev/null', HOME: '/nowhere', MAVEN_HOME: '/nowhere', PATH: '' }
const unset = { cache: '/cache', pythonIndex: '', mavenRepository: '' }

test('what is set for Emrys goes before what the machine’s pip is set to', () => {
  const env = { ...nowhere, PIP_INDEX_URL: 'http://machine/simple' }
  const own = { ...unset, pythonIndex: 'http://own/simple', mavenRepository: 'http://own/maven2' }
  assert.deepEqual(addressesOf(own, env), {
    pythonIndex: 'http://own/simple',
    mavenRepository: 'http://own/maven2',
  })
  assert.equal(addressesOf(unset, env).pythonIndex, 'http://machine/simple')
})

test('no address is known to Emrys itself', () => {
  assert.equal(addressesOf(unset, nowhere).pythonIndex, '')
  assert.equal(addressesOf(unset, nowhere).pip, undefined)
})
