/** Every page there is, found through the page itself, whatever data the server holds. */
import type { Page } from '@playwright/test'

export interface Visit {
  name: string
  path: string
}

export const LISTS: Visit[] = [
  { name: 'overview', path: '/' },
  { name: 'managers', path: '/managers' },
  { name: 'scorecards', path: '/scorecard' },
  { name: 'accounts-plane', path: '/scorecard?of=accounts' },
  { name: 'scorecard', path: '/scorecard/SLS-001' },
  { name: 'fair', path: '/fair' },
  { name: 'accounts', path: '/accounts' },
  { name: 'products', path: '/products' },
  { name: 'stock', path: '/stock' },
  { name: 'explain', path: '/explain' },
  { name: 'miss', path: '/explain?against=miss' },
  { name: 'trends', path: '/trends' },
  { name: 'forecast', path: '/forecast' },
  { name: 'targets', path: '/targets' },
  { name: 'satisfaction', path: '/satisfaction' },
  { name: 'satisfaction-of-managers', path: '/satisfaction?by=manager' },
  { name: 'profit', path: '/profit' },
  { name: 'retention', path: '/retention' },
  { name: 'risk', path: '/risk' },
  { name: 'opportunities', path: '/opportunities' },
  { name: 'opportunities-of-one', path: '/opportunities?manager=SLS-001' },
  { name: 'handovers', path: '/handovers' },
  { name: 'cycles', path: '/cycles' },
  { name: 'evaluations', path: '/evaluations' },
  { name: 'actions', path: '/actions' },
  { name: 'new-action', path: '/actions/new' },
  { name: 'learning', path: '/learning' },
  { name: 'process', path: '/process?period=2025' },
  { name: 'process-of-one', path: '/process?period=2025&manager=SLS-001' },
  { name: 'lines', path: '/lines' },
  { name: 'facts', path: '/facts' },
  { name: 'offers', path: '/facts/offers' },
  { name: 'quality', path: '/quality' },
  { name: 'imports', path: '/imports' },
  { name: 'sources', path: '/sources' },
  { name: 'kpis', path: '/kpis' },
  { name: 'outbox', path: '/outbox' },
  { name: 'alerts', path: '/alerts' },
  { name: 'reports', path: '/reports' },
  { name: 'assign', path: '/assign' },
  { name: 'users', path: '/users' },
  { name: 'me', path: '/me' },
  { name: 'nowhere', path: '/there-is-no-such-page' },
]

/** The list pages and, of each kind, the page of the first thing in the list. */
export async function everyPage(page: Page): Promise<Visit[]> {
  const found = [...LISTS]
  for (const name of ['managers', 'accounts', 'products']) {
    await open(page, `/${name}`)
    const href = await page.locator(`tbody a[href^="/${name}/"]`).first().getAttribute('href')
    if (href) found.push({ name: name.slice(0, -1), path: href })
  }
  const imports = await page.request.get('/api/imports')
  const [first] = (await imports.json()) as { id: string }[]
  if (first) found.push({ name: 'set-aside', path: `/imports/${encodeURIComponent(first.id)}` })
  return found
}

/** Opens a page and waits until everything on it has come. */
export async function open(page: Page, path: string): Promise<void> {
  await page.goto(path)
  await settle(page)
}

export async function settle(page: Page): Promise<void> {
  await page.locator('main h1').waitFor()
  await page.waitForFunction(() => !document.querySelector('.skeleton, [aria-busy="true"]'))
  await page.waitForLoadState('networkidle')
}
