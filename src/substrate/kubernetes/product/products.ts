/** All products that are carried by operators; another one is another file beside this, and its name here. */
import { clickhouse } from './clickhouse.ts'
import { doris } from './doris.ts'
import { hbase } from './hbase.ts'
import { kafka } from './kafka.ts'
import type { Product } from './product.ts'
import { zookeeper } from './zookeeper.ts'

export const products: readonly Product[] = [kafka, clickhouse, zookeeper, hbase, doris]
