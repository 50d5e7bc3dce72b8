/** Trino: SQL over the tables of the cluster, by a coordinator on the first master and a worker on each core and task node. */
import type { Service } from '../../src/substrate/local/service.ts'
import { plugins } from './src/catalog.ts'
import { coordinator } from './src/coordinator.ts'
import { queryInquiries } from './src/inquiry.ts'
import { CONFIG_FILE, configFixed, coordinatorsOf } from './src/node.ts'
import { worker } from './src/worker.ts'

export const trino: Service = {
  name: 'trino',
  // Its name until it was renamed: the products have both.
  title: 'PRESTOSQL',
  components: ['trino', 'prestosql'],
  version: '476',
  part: 'trino',
  java: { min: 24, max: 25 },
  plugins,
  configurable: { [CONFIG_FILE]: configFixed },
  daemons: [coordinator, worker],
  inquiries: (plan) => {
    const [address] = coordinatorsOf(plan)
    return address ? queryInquiries(address) : {}
  },
}
