/** The suite that every file of SQL functions runs: expressions with the value and the type that StarRocks gives them. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openDuck } from '../support/translated-duck.ts'
import type { Cell, Duck } from '../support/translated-duck.ts'

/** Expression, its value as text, and its type where that is the point. */
export type Case = readonly [expression: string, value: Cell, type?: string]

export interface SqlFunctionSuite {
  /** Declares a test: each expression has the value (and type) that its case says. */
  holds(name: string, cases: readonly Case[]): void
  /** The DuckDB of this file; open while its tests run. */
  duck(): Duck
}

export function sqlFunctionSuite(): SqlFunctionSuite {
  let duck: Duck | undefined
  before(async () => {
    duck = await openDuck()
  })
  after(() => duck?.close())
  const opened = (): Duck => duck ?? assert.fail('DuckDB is open while tests run only')
  return {
    duck: opened,
    holds(name, cases) {
      test(name, async () => {
        assert.ok(cases.length > 0)
        for (const [expression, expected, type] of cases) {
          const found = await opened().value(expression)
          assert.equal(found.value, expected, expression)
          if (type !== undefined) assert.equal(found.type, type, `the type of ${expression}`)
        }
      })
    },
  }
}
