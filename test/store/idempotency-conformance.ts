/** What every store owes for idempotency tokens, and for what expires. */
import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { limits } from '../../src/limits.ts'
import type { Store } from '../../src/store/port.ts'

export function idempotencyConformance(
  name: string,
  open: (t: TestContext) => Promise<Store>,
): void {
  const suite = (sentence: string, run: (store: Store) => Promise<void>) =>
    test(`${name}: ${sentence}`, async (t) => run(await open(t)))

  suite('tokens are kept by account and action until they are pruned', async (store) => {
    const token = {
      account: 'a',
      action: 'Create',
      token: 't',
      fingerprint: 'f',
      answer: '{}',
      expiresMs: 10,
    }
    await store.write((tx) => tx.putToken(token))
    const find = (account: string, action: string) =>
      store.read((tx) => tx.findToken(account, action, 't'))
    assert.deepEqual({ ...(await find('a', 'Create')) }, token)
    assert.equal(await find('b', 'Create'), undefined)
    assert.equal(await find('a', 'Other'), undefined)
    await store.write((tx) => tx.prune(9, 0))
    assert.ok(await find('a', 'Create'))
    await store.write((tx) => tx.prune(10, 0))
    assert.equal(await find('a', 'Create'), undefined)
  })

  suite('what has expired goes the oldest first, so many at once', async (store) => {
    const most = limits.prunedAtOnce
    await store.write(async (tx) => {
      for (let n = 0; n <= most; n++) {
        const token = `t-${n}`
        const fields = { account: 'a', action: 'Create', fingerprint: 'f', answer: '{}' }
        await tx.putToken({ ...fields, token, expiresMs: most - n })
        const audited = { account: 'a', principal: 'p', action: 'Create', requestId: token }
        await tx.addAudit({ ...audited, atMs: n, region: 'r', subject: 's' })
      }
    })
    const prune = (nowMs: number, auditBeforeMs: number) =>
      store.write((tx) => tx.prune(nowMs, auditBeforeMs))
    const left = () =>
      store.read(async (tx) => ({
        first: await tx.findToken('a', 'Create', 't-0'),
        last: await tx.findToken('a', 'Create', `t-${most}`),
        audit: (await tx.audit('a', 2 * most)).map(({ atMs }) => atMs).toReversed(),
      }))
    assert.equal(await prune(-1, 1), 2)
    assert.equal(await prune(most, most - 1), most + most - 2)
    const { first, last, audit } = await left()
    assert.deepEqual([first?.token, last, audit], ['t-0', undefined, [most]])
    assert.equal(await prune(most, most), 2)
    assert.equal(await prune(most, most), 0)
    assert.deepEqual(await left(), { first: undefined, last: undefined, audit: [] })
  })

  suite('a token is claimed by one, until it expires', async (store) => {
    const own = { account: 'a', action: 'Create', token: 't', fingerprint: 'f', expiresMs: 10 }
    const claim = (answer: string, nowMs: number) =>
      store.write((tx) => tx.claimToken({ ...own, answer, expiresMs: nowMs + 10 }, nowMs))
    assert.equal(await claim('first', 0), undefined)
    assert.deepEqual({ ...(await claim('second', 9)) }, { ...own, answer: 'first' })
    assert.equal(await claim('third', 10), undefined)
    assert.equal((await claim('fourth', 11))?.answer, 'third')
  })
}
