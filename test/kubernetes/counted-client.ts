/** A client of the API server that counts what it is asked for. */
import type { KubernetesClient } from '../../src/substrate/kubernetes/client.ts'
import { products } from '../../src/substrate/kubernetes/product/products.ts'

export interface Asked {
  requests: number
  watches: number
}

/** One look for what the cluster has: each custom resource that is known, and the storage classes. */
export const DISCOVERY = 2 + products.flatMap(({ types }) => types).length

export function counted(client: KubernetesClient, asked: Asked): KubernetesClient {
  const one =
    <A extends readonly unknown[], R>(verb: (...args: A) => R) =>
    (...args: A): R => {
      asked.requests++
      return verb(...args)
    }
  return {
    ...client,
    find: one(client.find),
    list: one(client.list),
    apply: one(client.apply),
    merge: one(client.merge),
    remove: one(client.remove),
    read: one(client.read),
    create: one(client.create),
    watch(it) {
      asked.watches++
      client.watch(it)
    },
  }
}
