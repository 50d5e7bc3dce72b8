/** When a cluster may be taken care of without being asked: the same hours of every day. Pure. */

export interface Maintenance {
  readonly window: MaintenanceWindow
  /** Whether it is brought to the newest minor version of its major one. */
  readonly autoUpgrade: boolean
  /** When it was last looked after: once in each window, so that what was undone is not begun again at once. */
  readonly doneMs?: number
}

export interface MaintenanceWindow {
  readonly fromHour: number
  /** Above `fromHour`; 24 for the end of the day. */
  readonly toHour: number
  /** How far the clocks that it follows are ahead of UTC. */
  readonly offsetMs: number
}

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** When the window that is open now began, undefined while it is closed; and when the next one begins. */
export function windowAt(
  { fromHour, toHour, offsetMs }: MaintenanceWindow,
  nowMs: number,
): { readonly beganMs: number | undefined; readonly nextMs: number } {
  const beganMs = nowMs - ((nowMs + offsetMs - fromHour * HOUR_MS) % DAY_MS)
  const open = nowMs < beganMs + (toHour - fromHour) * HOUR_MS
  return { beganMs: open ? beganMs : undefined, nextMs: beganMs + DAY_MS }
}
