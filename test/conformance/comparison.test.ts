import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  clientText,
  decimalText,
  durationText,
  errorText,
  floatText,
} from '../../scripts/conformance/client-text.ts'
import { compareResult, compareShell } from '../../scripts/conformance/comparison.ts'
import { parseCurl } from '../../scripts/conformance/curl.ts'

const verdict = (expected: string, actual: string, ordered = false) =>
  compareResult({ expected, ordered }, actual)

test('rows are compared in any order unless the statement says otherwise', () => {
  assert.equal(verdict('1\n2\n2', '2\n1\n2'), 'same')
  assert.equal(verdict('1\n2', '2\n1', true), 'wrong')
  assert.equal(verdict('1\n2\n2', '1\n1\n2'), 'wrong')
  assert.equal(verdict('1', '1\n1'), 'wrong')
})

test('an empty expectation wants no more than no error', () => {
  assert.equal(verdict('', '7'), 'same')
  assert.equal(verdict('', "E: (1064, 'no')"), 'refused')
})

test('errors are compared as such, and their texts are no difference', () => {
  assert.equal(verdict("E: (1064, 'a')", "E: (1064, 'b')"), 'same')
  assert.equal(verdict("E: (1064, 'a')", '1'), 'lenient')
  assert.equal(verdict('1', "E: (1064, 'a')"), 'refused')
})

test('numbers may differ from the tenth digit on, whole ones and dates may not', () => {
  assert.equal(verdict('0.30000000000000004\tx', '0.3\tx'), 'near')
  assert.equal(verdict('2.5\n1.5', '1.5000000001\n2.5'), 'near')
  assert.equal(verdict('0.31', '0.3'), 'wrong')
  assert.equal(verdict('12345678901', '12345678902'), 'wrong')
})

test('one list alone is a value: spaces and the spelling of NULL do not count', () => {
  assert.equal(verdict('[1,2,null]', '[1, 2, None]'), 'same')
  assert.equal(verdict('[1.0,"a b"]', '[1,"a b"]'), 'same')
  assert.equal(verdict('["a b"]', '["ab"]'), 'wrong')
  assert.equal(verdict('{"a": 1, "b": [2]}', '{"b":[2],"a":1}'), 'same')
})

test('a pattern is looked for', () => {
  assert.equal(verdict('[REGEX].*b{2}', 'abba'), 'same')
  assert.equal(verdict('[REGEX]^b', 'abba'), 'wrong')
})

test('commands answer a code, and members of JSON or a text', () => {
  assert.equal(compareShell('0\n{"a": 1}', 0, '{"a":1,"b":2}'), 'same')
  assert.equal(compareShell('0\n{"a": 1}', 0, '{"a":2}'), 'wrong')
  assert.equal(compareShell('', 1, 'no'), 'refused')
  assert.equal(compareShell('0\nab.', 0, 'abc'), 'same')
})

test('values are printed as the client of the suite prints them', () => {
  assert.deepEqual(
    ['5', '0', '-0', '1e16', '123456789012345680', '0.0001', '1e-5', '1.25e300', 'inf', 'nan'].map(
      floatText,
    ),
    [
      '5.0',
      '0.0',
      '-0.0',
      '1e+16',
      '1.2345678901234568e+17',
      '0.0001',
      '1e-05',
      '1.25e+300',
      'inf',
      'nan',
    ],
  )
  assert.deepEqual(['1.50', '0.000000', '0.0000000', '0.00000012', '-7', '007'].map(decimalText), [
    '1.50',
    '0.000000',
    '0E-7',
    '1.2E-7',
    '-7',
    '7',
  ])
  assert.deepEqual(['00:00:01', '30:00:00', '-00:00:01', '00:00:00.5'].map(durationText), [
    '0:00:01',
    '1 day, 6:00:00',
    '-1 day, 23:59:59',
    '0:00:00.500000',
  ])
  assert.equal(
    clientText('DATETIME', Buffer.from('2024-01-02 03:04:05.100')),
    '2024-01-02 03:04:05.100000',
  )
  assert.equal(clientText('VAR_STRING', null), 'None')
  assert.equal(clientText('BLOB', Buffer.from([0xab, 0x61])), "b'\\xaba'")
  assert.equal(errorText(1064, "it's"), `E: (1064, "it's")`)
})

test('of commands, only one plain curl is run', () => {
  assert.deepEqual(
    parseCurl(`curl --location-trusted -u root: -T a.csv -XPUT -H 'label: x' http://h/api`),
    {
      url: 'http://h/api',
      method: 'PUT',
      headers: [['label', 'x']],
      user: 'root:',
      file: 'a.csv',
    },
  )
  assert.equal(parseCurl('curl http://h/ | grep x'), undefined)
  assert.equal(parseCurl('rm -rf x'), undefined)
  assert.equal(parseCurl('curl --data-binary @x http://h/'), undefined)
})
