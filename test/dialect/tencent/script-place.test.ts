import assert from 'node:assert/strict'
import { test } from 'node:test'
import { scriptPlace } from '../../../src/dialect/tencent/script-place.ts'

test('a script lies in a bucket, by either spelling of its name', () => {
  const place = { bucket: 'tools-1250000001', name: 'emr/set up.sh' }
  for (const uri of ['cos://tools-1250000001/emr/setup.sh', 'cosn://tools-1250000001/emr/setup.sh'])
    assert.deepEqual(scriptPlace(uri), { ...place, name: 'emr/setup.sh' })
  const web = 'https://tools-1250000001.cos.ap-guangzhou.myqcloud.com'
  assert.deepEqual(scriptPlace(`${web}/emr/set%20up.sh`), place)
  assert.deepEqual(scriptPlace(`${web}/a%zz`), { ...place, name: 'a%zz' })
})

test('what is no object of a bucket is asked of nobody', () => {
  for (const uri of [
    'https://example.com/setup.sh',
    'https://127.0.0.1/x.cos.ap-guangzhou.myqcloud.com/a',
    'https://tools.cos.ap-guangzhou.myqcloud.com.example.com/a',
    'https://user@tools.cos.ap-guangzhou.myqcloud.com/a',
    'http://tools.cos.ap-guangzhou.myqcloud.com/a',
    'cos://tools/',
    'hadoop jar',
  ])
    assert.equal(scriptPlace(uri), undefined, uri)
})
