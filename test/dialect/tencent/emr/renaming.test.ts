import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Fault, refuse } from '../../../../src/domain/fault.ts'
import { renaming } from '../../../../src/dialect/tencent/emr/renaming.ts'

const NAMES = [
  ['Spec.Core.Disks', 'Spec.Core.DataDisk'],
  ['Spec', 'Resource'],
] as const

function nameIn(fault: Fault): string {
  let seen: unknown
  assert.throws(
    () =>
      renaming({ names: NAMES }, () => {
        throw fault
      }),
    (problem) => ((seen = problem), true),
  )
  const { facts } = seen as { facts: Record<string, unknown> }
  const [refusal] = (facts['refusals'] ?? []) as { name: string }[]
  return String(refusal?.name ?? facts['parameter'] ?? facts['what'])
}

test('a refusal names what the client wrote; the first entry that fits decides', () => {
  const named = (name: string) => nameIn(refuse({ name, problem: 'missing' }))
  assert.equal(named('Spec.Core.Disks.0.Count'), 'Spec.Core.DataDisk.0.Count')
  assert.equal(named('Spec.Core'), 'Resource.Core')
  assert.equal(named('Special'), 'Special')
  assert.equal(nameIn(new Fault('NotSupported', { what: 'Spec', detail: '' })), 'Resource')
})

test('a resource that is missing is named by the parameter that named it, and other problems pass', async () => {
  const missing = new Fault('ResourceMissing', { what: 'subnet', id: 's', parameter: 'Spec.Net' })
  assert.equal(nameIn(missing), 'Resource.Net')
  const problem = new Error('unrelated')
  await assert.rejects(
    renaming({ names: NAMES }, () => Promise.reject(problem)),
    problem,
  )
  assert.equal(await renaming({ names: NAMES }, () => Promise.resolve(7)), 7)
})

test('an action says its own code where it has one', () => {
  const codes = new Map([['InvalidParameter.Older', 'InvalidParameter.Newer']])
  const codeOf = (code: string) => {
    try {
      renaming({ names: NAMES, codes }, () => {
        throw refuse({ name: 'Spec', problem: 'value', code })
      })
    } catch (problem) {
      return (problem as Fault<'ParametersRefused'>).facts.refusals[0]?.code
    }
    return undefined
  }
  assert.equal(codeOf('InvalidParameter.Older'), 'InvalidParameter.Newer')
  assert.equal(codeOf('InvalidParameter.Other'), 'InvalidParameter.Other')
})
