/**
 * In which hours the service looks after an instance: six at night, or one of the others, by its clocks in UTC+8. An instance of
 * which nothing was said is in the first of them and keeps its version. Facts: reference alibaba-starrocks.md 3.2, 6.1.
 */
import type { Cluster } from '../../../../domain/cluster/cluster.ts'
import type { Maintenance } from '../../../../domain/cluster/maintenance.ts'

const OFFSET_MS = 8 * 3_600_000

const hours: readonly (readonly [from: number, to: number])[] = [
  [0, 6],
  ...Array.from({ length: 18 }, (_, at): [number, number] => [at + 6, at + 7]),
]

export const maintainablePeriods: readonly string[] = hours.map(periodOf)

export function maintenanceOf({ maintenance }: Pick<Cluster, 'maintenance'>): Maintenance {
  return maintenance ?? { window: windowOf(maintainablePeriods[0] ?? ''), autoUpgrade: false }
}

/** As it is sent and read back. */
export function maintainablePeriod(cluster: Pick<Cluster, 'maintenance'>): string {
  const { fromHour, toHour } = maintenanceOf(cluster).window
  return periodOf([fromHour, toHour])
}

/** `period` is one of them. */
export function windowOf(period: string): Maintenance['window'] {
  const [fromHour, toHour] = hours[maintainablePeriods.indexOf(period)] ?? [0, 6]
  return { fromHour, toHour, offsetMs: OFFSET_MS }
}

function periodOf([from, to]: readonly [number, number]): string {
  const text = (hour: number) => `${String(hour).padStart(2, '0')}:00`
  return `${text(from)}-${text(to)}`
}
