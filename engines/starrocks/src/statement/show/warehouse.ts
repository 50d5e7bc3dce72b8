/** SHOW WAREHOUSES and SHOW NODES FROM WAREHOUSES: the groups of workers that the control plane declares, and what they work on. */
import type { EngineIdentity, NodeDescription } from '../../execution/engine-context.ts'
import type { StatementContext } from '../../execution/statement-context.ts'
import { warehousesOf, workersOf } from '../../execution/warehouse.ts'
import { long, text, virtualColumns } from '../../information/virtual-table.ts'
import type { Cell, VirtualTable } from '../../information/virtual-table.ts'

export function warehouses({ engine }: StatementContext): VirtualTable {
  const columns = virtualColumns({
    Id: long,
    Name: text,
    State: text,
    NodeCount: long,
    CurrentClusterCount: long,
    MaxClusterCount: long,
    StartedClusters: long,
    RunningSql: long,
    QueuedSql: long,
    Comment: text,
  })
  const rows = warehousesOf(engine.identity).map((warehouse, index): Cell[] => {
    const { running, queued } = engine.admission.load(warehouse.name)
    const nodes = workersOf(engine.identity, warehouse).length
    return [index, warehouse.name, 'AVAILABLE', nodes, 1, 1, 1, running, queued, '']
  })
  return { database: '', name: 'warehouses', columns, rows }
}

/** The ports are those of StarRocks, where the nodes answer in name only. */
export function warehouseNodes({ engine }: StatementContext): VirtualTable {
  const columns = virtualColumns({
    WarehouseName: text,
    ClusterId: long,
    WorkerGroupId: long,
    NodeId: long,
    WorkerId: long,
    IP: text,
    HeartbeatPort: long,
    BePort: long,
    HttpPort: long,
    BrpcPort: long,
  })
  const rows = warehousesOf(engine.identity).flatMap((warehouse, index) =>
    workersOf(engine.identity, warehouse).map((node, at): Cell[] => {
      const id = 10_001 + engine.identity.nodes.indexOf(node)
      return [warehouse.name, index, index, id, at + 1, node.host, 9050, 9060, 8040, 8060]
    }),
  )
  return { database: '', name: 'nodes', columns, rows }
}

/** The warehouse that a worker is of. */
export function warehouseOf(identity: EngineIdentity, node: NodeDescription): string {
  const found = warehousesOf(identity).find((each) =>
    workersOf(identity, each).some(({ name }) => name === node.name),
  )
  return found?.name ?? ''
}
