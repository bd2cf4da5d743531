/** Which page an address shows. Folders here are named as the paths. */
import type { Component } from 'svelte'
import Account from './accounts/Account.svelte'
import Accounts from './accounts/Accounts.svelte'
import Action from './actions/Action.svelte'
import Actions from './actions/Actions.svelte'
import Alert from './alerts/Alert.svelte'
import Alerts from './alerts/Alerts.svelte'
import Assign from './assign/Assign.svelte'
import Cycle from './cycles/Cycle.svelte'
import Cycles from './cycles/Cycles.svelte'
import Evaluation from './evaluations/Evaluation.svelte'
import Evaluations from './evaluations/Evaluations.svelte'
import Decisions from './decisions/Decisions.svelte'
import Explain from './explain/Explain.svelte'
import Fact from './facts/Fact.svelte'
import Facts from './facts/Facts.svelte'
import Fair from './fair/Fair.svelte'
import Forecast from './forecast/Forecast.svelte'
import Handovers from './handovers/Handovers.svelte'
import Imports from './imports/Imports.svelte'
import SetAside from './imports/SetAside.svelte'
import Kpis from './kpis/Kpis.svelte'
import Learning from './learning/Learning.svelte'
import Lines from './lines/Lines.svelte'
import Manager from './managers/Manager.svelte'
import Managers from './managers/Managers.svelte'
import Me from './me/Me.svelte'
import NotFound from './NotFound.svelte'
import Opportunities from './opportunities/Opportunities.svelte'
import Outbox from './outbox/Outbox.svelte'
import Overview from './overview/Overview.svelte'
import Process from './process/Process.svelte'
import Product from './products/Product.svelte'
import Products from './products/Products.svelte'
import Profit from './profit/Profit.svelte'
import Quality from './quality/Quality.svelte'
import Reports from './reports/Reports.svelte'
import Retention from './retention/Retention.svelte'
import Risk from './risk/Risk.svelte'
import OfAccount from './satisfaction/OfAccount.svelte'
import Satisfaction from './satisfaction/Satisfaction.svelte'
import Scorecard from './scorecard/Scorecard.svelte'
import Scorecards from './scorecard/Scorecards.svelte'
import Sources from './sources/Sources.svelte'
import Stock from './stock/Stock.svelte'
import Targets from './targets/Targets.svelte'
import Trends from './trends/Trends.svelte'
import Users from './users/Users.svelte'

type ListPage = Component<Record<string, never>>
type OnePage = Component<{ id: string }>

/** A list page, or the page of one thing with the part of the path that names it. */
export type Route = { key: string } & ({ list: ListPage } | { one: OnePage; id: string })

const PAGES: Record<string, { list: ListPage; one?: OnePage }> = {
  '': { list: Overview },
  managers: { list: Managers, one: Manager },
  fair: { list: Fair },
  scorecard: { list: Scorecards, one: Scorecard },
  cycles: { list: Cycles, one: Cycle },
  evaluations: { list: Evaluations, one: Evaluation },
  accounts: { list: Accounts, one: Account },
  products: { list: Products, one: Product },
  stock: { list: Stock },
  explain: { list: Explain },
  trends: { list: Trends },
  forecast: { list: Forecast },
  targets: { list: Targets },
  retention: { list: Retention },
  risk: { list: Risk },
  opportunities: { list: Opportunities },
  handovers: { list: Handovers },
  decisions: { list: Decisions },
  actions: { list: Actions, one: Action },
  learning: { list: Learning },
  process: { list: Process },
  lines: { list: Lines },
  facts: { list: Facts, one: Fact },
  satisfaction: { list: Satisfaction, one: OfAccount },
  profit: { list: Profit },
  quality: { list: Quality },
  kpis: { list: Kpis },
  imports: { list: Imports, one: SetAside },
  sources: { list: Sources },
  outbox: { list: Outbox },
  alerts: { list: Alerts, one: Alert },
  reports: { list: Reports },
  assign: { list: Assign },
  users: { list: Users },
  me: { list: Me },
}

export function routeOf(path: string): Route {
  const [section = '', name = '', ...rest] = path.split('/').filter((part) => part !== '')
  const pages = PAGES[section]
  if (!pages || rest.length > 0 || (name && !pages.one)) return { key: 'nowhere', list: NotFound }
  const id = decoded(name)
  return id && pages.one ? { key: `${section}/${id}`, one: pages.one, id } : { key: section, list: pages.list }
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
