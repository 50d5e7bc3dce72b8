/** Every generated page by its name, made from the declarations that the server runs by. */
import { configPage } from './config-page.ts'
import { coveragePage } from './coverage-page.ts'
import { faultsPage } from './fault-page.ts'
import { kubernetesPage } from './kubernetes-page.ts'
import { lifecyclesPage } from './lifecycle-page.ts'
import { starrocksSqlPage } from './starrocks-sql-page.ts'

export function generatedDocs(): ReadonlyMap<string, string> {
  return new Map([
    ['config.md', configPage()],
    ['coverage.md', coveragePage()],
    ['faults.md', faultsPage()],
    ['kubernetes-products.md', kubernetesPage()],
    ['lifecycles.md', lifecyclesPage()],
    ['starrocks-sql.md', starrocksSqlPage()],
  ])
}
