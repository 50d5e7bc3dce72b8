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
import type { TableLoad } from '../../../../domain/inquiry.ts'
import { action } from '../action.ts'
import { clusterId, clusterResource } from '../cluster/cluster-id.ts'
import { pageSizeMax } from '../cluster/listing.ts'
import { LOST, perSecond, tableName } from './hbase-table.ts'
import { unanswered } from './unanswered.ts'

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
  async run(core, call, { InstanceId: id, Offset, Limit, Table = '', OrderField, OrderType }) {
    const { can } = await core.inquiries.of(call, id)
    const found = (await can.tables?.().catch(unanswered(LOST))) ?? []
    const sign = OrderType === 'asc' ? 1 : -1
    const field = FIGURES.find((each) => each === OrderField) ?? 'ReadRequestCount'
    const all = found
      .map(view)
      .filter((each) => each.Table.includes(Table.trim()))
      .toSorted((one, other) => sign * (one[field] - other[field]) || order(one.Table, other.Table))
    return {
      TableMonitorList: all.slice(Offset * Limit, (Offset + 1) * Limit),
      TotalCount: all.length,
      SchemaList: [...columns],
    }
  },
})

function order(one: string, other: string): number {
  return one < other ? -1 : 1
}

function view(load: TableLoad): Static<typeof row> {
  return {
    Table: tableName(load),
    ReadRequestCount: perSecond(load.readsPerSecond),
    WriteRequestCount: perSecond(load.writesPerSecond),
    MemstoreSize: load.memoryBytes,
    StoreFileSize: load.fileBytes,
    Operation: 'regions',
    StoreFileNum: load.files,
  }
}

function named(Name: string, Title: string): Static<typeof column> {
  return { Name, Sortable: false, WithFilter: false, Candidates: null, Clickable: true, Title }
}
