import assert from 'node:assert/strict'
import { test } from 'node:test'
import { refusalBody, successBody } from '../../../../src/dialect/alibaba/wire/envelope.ts'

const around = { RequestId: 'R', HttpStatusCode: 200, Success: true }

test('success stands in the envelope of its action', () => {
  const detail = { AccessDeniedDetail: null }
  const cases: readonly [string, Record<string, unknown>, Record<string, unknown>][] = [
    [
      'CreateInstanceV1',
      { Data: 1 },
      { ...around, ErrCode: null, ErrMessage: null, ...detail, Data: 1 },
    ],
    [
      'DescribeInstances',
      { Data: [], Total: 0 },
      { ...around, ErrCode: null, ErrMessage: null, Data: [], Total: 0 },
    ],
    [
      'DescribeResourceConstraints',
      { Data: {} },
      { ...around, ErrorCode: null, ErrMessage: null, ...detail, Data: {} },
    ],
    ['RenewInstance', { Data: {} }, { ...around, ErrorCode: null, ErrMessage: null, Data: {} }],
    [
      'DescribeInnerIpWhitelistGroups',
      { Data: [] },
      { ...around, ErrCode: null, ErrMessage: null, data: [] },
    ],
    [
      'QueryRefundPrice',
      { Data: 7 },
      {
        requestId: 'R',
        httpStatusCode: 200,
        success: true,
        errCode: null,
        errMessage: null,
        accessDeniedDetail: null,
        data: 7,
      },
    ],
    ['TagResources', {}, { RequestId: 'R' }],
    ['UnTagResources', {}, { RequestId: 'R' }],
  ]
  for (const [action, output, body] of cases)
    assert.deepEqual(successBody(action, 'R', output), body, action)
})

test('a refusal carries the keys that SDKs read and those that scripts read', () => {
  const refusal = { status: 400, code: 'A.B', message: 'm' }
  const request = { requestId: 'R', host: 'h:1' }
  const gateway = {
    RequestId: 'R',
    HostId: 'h:1',
    Code: 'A.B',
    Message: 'm',
    Recommend: 'https://api.aliyun.com/troubleshoot?q=A.B&product=starrocks&requestId=R',
  }
  const product = { HttpStatusCode: 400, Success: false, ErrMessage: 'm' }
  const cases: readonly [string | undefined, Record<string, unknown>][] = [
    [undefined, gateway],
    ['TagResources', gateway],
    ['ReleaseInstance', { ...gateway, ...product, ErrCode: 'A.B' }],
    ['RenewInstance', { ...gateway, ...product, ErrorCode: 'A.B' }],
    [
      'QueryRefundPrice',
      {
        ...gateway,
        requestId: 'R',
        httpStatusCode: 400,
        success: false,
        errCode: 'A.B',
        errMessage: 'm',
      },
    ],
  ]
  for (const [action, body] of cases)
    assert.deepEqual(refusalBody({ ...request, action }, refusal), body, action)
})
