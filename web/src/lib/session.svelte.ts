/** What every page needs: the state of the data and the definitions of the KPIs. Made once, in the shell. */
import { getContext, setContext } from 'svelte'
import { api } from './api'
import { Resource } from './resource.svelte'
import { location } from './router.svelte'
import type { Kpi, Overview, Status } from './types'

export class Session {
  status = new Resource<Status>((signal) => api.status(signal))
  kpis = new Resource<Kpi[]>((signal) => api.kpis(signal))
  #byId = $derived(new Map((this.kpis.data ?? []).map((kpi) => [kpi.id, kpi])))

  kpi(id: string): Kpi | undefined {
    return this.#byId.get(id)
  }

  get currency(): string | null {
    return this.status.data?.currency ?? null
  }
}

const KEY = Symbol('session')
export const provideSession = (): Session => setContext(KEY, new Session())
export const useSession = (): Session => getContext<Session>(KEY)

export interface DefaultPeriod {
  /** Empty while it is not known, and where there are no sales. */
  readonly period: string
  /** The question for it, where the status does not tell. */
  readonly asked: Resource<Overview>
}

/** The period a page shows when its address names none: the server's choice. */
export function useDefaultPeriod(): DefaultPeriod {
  const session = useSession()
  const told = $derived(session.status.data?.default_period ?? '')
  // A server whose status does not tell is asked for its overview.
  const chosen = new Resource<Overview>((signal) =>
    location.get('period') || told || !session.status.data || session.status.data.empty ? null : api.overview({}, signal),
  )
  return {
    get period() {
      return told || (chosen.data?.default_period ?? '')
    },
    asked: chosen,
  }
}
