/** Which of the vendors' actions are built. */
import { coverageOf } from '../../src/admin/coverage.ts'
import { dialectsOf } from '../../src/server/server.ts'
import { declaredActions } from '../../src/server/vendor.ts'
import { code, page, tableOf } from './markdown.ts'

export function coveragePage(): string {
  const dialects = dialectsOf({ bodyDigest: 'optional', errorCodes: 'seed' })
  const coverage = coverageOf(dialects, declaredActions)
  const sections = coverage.map(({ dialect, product, declared, built, unbuilt }) => {
    const actions = dialects.find(({ name }) => name === dialect)?.actions ?? []
    const rows = built.map((name) => {
      const action = actions.find((each) => each.product === product && each.name === name)
      const route = action?.route ? `${action.route.method} ${action.route.path}` : ''
      return [code(name), code(route), code(action?.permission.action ?? '')]
    })
    return [
      `## ${dialect}, ${product}: ${built.length} of ${declared}`,
      tableOf(['Built', 'Route', 'Permission'], rows),
      `Declared by the vendor and not built; answered with the vendor's "unsupported", by name: ${unbuilt.map(code).join(', ')}.`,
    ].join('\n\n')
  })
  return page('Actions', ...sections)
}
