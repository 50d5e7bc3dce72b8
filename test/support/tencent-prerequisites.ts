import type { Prerequisites } from '../../src/dialect/tencent/emr/cluster/prerequisites.ts'

const nothing = async () => {}

/** Has everything and enough of it: for tests of the rules that a request breaks by itself. */
export const satisfiedPrerequisites: Prerequisites = {
  uses: [],
  account: nothing,
  product: nothing,
  keyPair: nothing,
  place: nothing,
  network: nothing,
  securityGroup: nothing,
  placementGroups: nothing,
  bucket: nothing,
  supply: nothing,
  metadata: async () => '',
  tags: nothing,
  roles: nothing,
  price: nothing,
  order: nothing,
  dataKey: async () => ({ key: 'KMS-CBS', wrapped: 'wrapped' }),
}
