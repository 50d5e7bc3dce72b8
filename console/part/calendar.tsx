/** What is due of a cluster by its scaling rules and backup policies, as the weeks of a calendar. */
import type { OneCluster } from '../../src/console/clusters.ts'
import { locale, t, timeText } from '../texts.ts'

type Calendar = OneCluster['calendar']
type Plan = Calendar['plans'][number]

interface Due {
  readonly plan: Plan
  readonly atMs: number
  readonly nodes: number | null
}

const WEEK = 7
/** A Monday, for the names of days. */
const MONDAY = new Date(2024, 0, 1)

export function CalendarOf({ calendar }: { readonly calendar: Calendar }) {
  const { plans, denied, fromMs, untilMs } = calendar
  const resting = plans.filter(({ events }) => events.length === 0)
  const due = plans
    .flatMap((plan) => plan.events.map((event) => ({ plan, ...event })))
    .toSorted((one, other) => one.atMs - other.atMs)
  return (
    <section aria-labelledby="calendar" class="wide">
      <h2 id="calendar">{t('calendar.title')}</h2>
      {denied && <p>{t('common.denied')}</p>}
      {!denied && plans.length === 0 && <p>{t('calendar.none')}</p>}
      {due.length > 0 && <Weeks weeks={weeksOf(fromMs, untilMs)} due={due} nowMs={fromMs} />}
      {resting.length > 0 && (
        <p>{t('calendar.resting', resting.map(({ name }) => name).join(', '))}</p>
      )}
    </section>
  )
}

function Weeks(props: {
  readonly weeks: readonly (readonly Date[])[]
  readonly due: readonly Due[]
  readonly nowMs: number
}) {
  const format = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale(), options)
  const dayName = format({ weekday: 'short' })
  const date = format({ day: 'numeric', month: 'short' })
  const today = new Date(props.nowMs).toDateString()
  return (
    <div class="table" tabIndex={0} role="region" aria-label={t('calendar.weeks')}>
      <table class="calendar">
        <thead>
          <tr>
            {props.weeks[0]?.map((_, at) => (
              <th key={at} scope="col">
                {dayName.format(dayAfter(MONDAY, at))}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {props.weeks.map((week) => (
            <tr key={week[0]?.getTime()}>
              {week.map((day) => {
                const isToday = day.toDateString() === today
                return (
                  <td key={day.getTime()} aria-current={isToday ? 'date' : undefined}>
                    <small>{date.format(day)}</small>
                    <Events
                      due={props.due.filter(
                        ({ atMs }) => new Date(atMs).toDateString() === day.toDateString(),
                      )}
                    />
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Events({ due }: { readonly due: readonly Due[] }) {
  if (due.length === 0) return null
  const time = new Intl.DateTimeFormat(locale(), { timeStyle: 'short' })
  return (
    <ul>
      {due.map(({ plan, atMs, nodes }) => (
        <li key={`${plan.id} ${atMs}`} class={classOf(nodes)} title={timeText(atMs)}>
          <time>{time.format(atMs)}</time> {plan.name}{' '}
          <strong>
            {plan.kind === 'backup' ? t('calendar.backup') : nodes === null ? '' : nodesText(nodes)}
          </strong>
          {plan.group !== null && <small> {plan.group}</small>}
        </li>
      ))}
    </ul>
  )
}

const classOf = (nodes: number | null) => (nodes === null ? 'due' : nodes > 0 ? 'comes' : 'goes')

const nodesText = (nodes: number) => t('calendar.nodes', nodes > 0 ? `+${nodes}` : `−${-nodes}`)

function weeksOf(fromMs: number, untilMs: number): readonly (readonly Date[])[] {
  const from = new Date(fromMs)
  const monday = dayAfter(from, -((from.getDay() + WEEK - 1) % WEEK))
  const weeks: Date[][] = []
  for (let first = monday; first.getTime() <= untilMs; first = dayAfter(first, WEEK))
    weeks.push(Array.from({ length: WEEK }, (_, at) => dayAfter(first, at)))
  return weeks
}

/** Its beginning: days are not equally long everywhere. */
function dayAfter(date: Date, days: number): Date {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + days)
}
