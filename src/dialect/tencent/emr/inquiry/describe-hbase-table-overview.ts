/** DescribeHBaseTableOverview: the tables of HBase with their load, and what the columns are called (reference: api.json, examples.json). */
import {
  choice,
  decimal,
  flag,
  integer,
  list,
  nullable,
  object,
  optional,
  text,
  type Static,
} from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { clusterId, clusterResource } from '../cluster/cluster-id.ts'
import { pageSizeMax } from '../cluster/listing.ts'

const row = object({
  Table: text(),
  ReadRequestCount: decimal(),
  WriteRequestCount: decimal(),
  MemstoreSize: decimal(),
  StoreFileSize: decimal(),
  Operation: text(),
  StoreFileNum: decimal(),
})

const column = object({
  Name: text(),
  Sortable: flag(),
  WithFilter: flag(),
  Candidates: nullable(list(text())),
  Clickable: flag(),
  Title: text(),
})

const FIGURES = ['ReadRequestCount', 'WriteRequestCount', 'MemstoreSize', 'StoreFileSize'] as const

const titles: { readonly [name in (typeof FIGURES)[number]]: string } = {
  ReadRequestCount: '读请求量（个/s）',
  WriteRequestCount: '写请求量（个/s）',
  MemstoreSize: 'Memstore大小（byte）',
  StoreFileSize: 'Storefile大小（byte）',
}

const columns: readonly Static<typeof column>[] = [
  named('Table', '表名'),
  ...FIGURES.map((name) => ({
    ...named(name, titles[name]),
    Sortable: true,
    Clickable: false,
  })),
  named('Operation', '操作'),
]

export const describeHbaseTableOverview = action({
  name: 'DescribeHBaseTableOverview',
  input: {
    InstanceId: clusterId('InvalidParameterValue'),
    Offset: integer({ min: 0 }),
    Limit: integer({ min: 1, max: pageSizeMax }),
    Table: optional(text({ max: 512 })),
    // Clients send empty texts for what they leave open.
    OrderField: optional(choice(['', ...FIGURES])),
    OrderType: optional(choice(['', 'asc', 'desc'])),
  },
  output: { TableMonitorList: list(row), TotalCount: integer(), SchemaList: list(column) },
  faults: ['ClusterNotFound'],
  resources: (call, { InstanceId: id }) => [clusterResource(call, id)],
  async run(core, call, { InstanceId: id }) {
    await core.clusters.get(call, id)
    return { TableMonitorList: [], TotalCount: 0, SchemaList: [...columns] }
  },
})

function named(Name: string, Title: string): Static<typeof column> {
  return { Name, Sortable: false, WithFilter: false, Candidates: null, Clickable: true, Title }
}
