import { expect, test } from '@playwright/test'
import { open, settle } from './pages'

test('the menu leads to every page, and each says where one is', async ({ page }) => {
  await open(page, '/')
  const entries: [string, string, RegExp][] = [
    ['Manajer akun', 'Manajer akun', /\/managers/],
    ['Perbandingan adil', 'Manajer dibandingkan secara adil', /\/fair/],
    ['Akun', 'Akun', /\/accounts/],
    ['Produk', 'Produk', /\/products/],
    ['Mengapa berubah', 'Mengapa berubah', /\/explain/],
    ['Tren', 'Tren dan pola', /\/trends/],
    ['Prakiraan', 'Prakiraan', /\/forecast/],
    ['Retensi', 'Retensi akun', /\/retention/],
    ['Akun berisiko', 'Akun berisiko', /\/risk/],
    ['Peluang', 'Peluang', /\/opportunities/],
    ['Baris penjualan', 'Baris penjualan', /\/lines/],
    ['Impor data', 'Impor data', /\/imports/],
    ['Penugasan', 'Penugasan akun', /\/assign/],
    ['Ringkasan', 'Ringkasan', /\/$/],
  ]
  const menu = page.getByRole('navigation', { name: 'Halaman' })
  for (const [entry, title, path] of entries) {
    await menu.getByRole('link', { name: new RegExp(`^${entry}( \\d+)?$`) }).click()
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(title)
    await expect(page).toHaveURL(path)
    await expect(page).toHaveTitle(`${title} · Takar`)
    await expect(menu.locator('[aria-current="page"]')).toContainText(entry)
  }
  await page.goBack()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Penugasan akun')
})

test('an address that leads nowhere says so', async ({ page }) => {
  await open(page, '/there/is/nothing')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Halaman tidak ditemukan')
})

test('where there are no sales yet, a page says so and leads to the import', async ({ page }) => {
  const nothing = { code: 'no_data', message: 'belum ada baris penjualan' }
  await page.route('**/api/evaluation?*', (route) => route.fulfill({ status: 422, json: { error: nothing } }))
  await page.route('**/api/evaluation', (route) => route.fulfill({ status: 422, json: { error: nothing } }))
  await open(page, '/managers')
  await expect(page.getByRole('status').filter({ hasText: nothing.message })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Coba lagi' })).toHaveCount(0)
  await page.getByRole('main').getByRole('link', { name: 'Impor data penjualan' }).click()
  await expect(page).toHaveURL(/\/imports/)
})

test('the language changes at once, stays after a reload, and reaches the server', async ({ page }) => {
  await open(page, '/')
  await expect(page.locator('html')).toHaveAttribute('lang', 'id')
  const asked = page.waitForRequest((request) => request.url().includes('/api/overview') && request.headers()['accept-language'] === 'en')
  await page.getByRole('button', { name: 'English' }).click()
  await asked
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Overview')
  await page.reload()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Overview')
  await expect(page.locator('html')).toHaveAttribute('lang', 'en')
  await page.getByRole('button', { name: 'Bahasa Indonesia' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Ringkasan')
})

test('a browser in English is greeted in English', async ({ browser }) => {
  const page = await browser.newPage({ locale: 'en-GB' })
  await open(page, '/managers')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Account managers')
  await page.close()
})

test('dark and light can be chosen and are remembered', async ({ page }) => {
  await open(page, '/')
  await page.getByRole('button', { name: 'Gelap' }).click()
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  await page.reload()
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  await page.getByRole('button', { name: 'Terang' }).click()
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light')
})

test('the period lives in the address and goes along from page to page', async ({ page }) => {
  await open(page, '/')
  const before = await page.getByLabel('Periode', { exact: true }).inputValue()
  await page.getByRole('button', { name: 'Periode sebelumnya' }).click()
  await expect(page).toHaveURL(/period=\d{4}-\d{2}/)
  await settle(page)
  const after = await page.getByLabel('Periode', { exact: true }).inputValue()
  expect(after < before).toBe(true)
  await page.getByRole('navigation', { name: 'Halaman' }).getByRole('link', { name: 'Manajer akun' }).click()
  await expect(page).toHaveURL(`/managers?period=${after}`)
  await expect(page.getByLabel('Periode', { exact: true })).toHaveValue(after)
})

test('a table is sorted by its heads, and the order is in the address', async ({ page }) => {
  await open(page, '/managers')
  const head = page.getByRole('columnheader', { name: 'Manajer akun' })
  await head.getByRole('button').click()
  await expect(page).toHaveURL(/sort=name/)
  await expect(head).toHaveAttribute('aria-sort', 'ascending')
  const names = await page.locator('tbody th a').allTextContents()
  expect(names).toEqual([...names].sort((a, b) => a.localeCompare(b, 'id', { numeric: true })))
})

test('a chart shows the same figures as a table', async ({ page }) => {
  await open(page, '/')
  await expect(page.locator('.drawing svg').first()).toBeVisible()
  await page.getByRole('button', { name: 'Lihat sebagai tabel' }).first().click()
  await expect(page).toHaveURL(/view=table/)
  const table = page.getByRole('region', { name: /Penjualan 24 bulan terakhir/ }).getByRole('table')
  await expect(table.locator('tbody tr').first()).toBeVisible()
})

test('a chart can be used to choose a month, and everything can be reached by keyboard', async ({ page }) => {
  await open(page, '/')
  await page.keyboard.press('Tab')
  await expect(page.getByRole('link', { name: 'Langsung ke isi' })).toBeFocused()
  const chart = page.locator('.drawing').first()
  await chart.locator('svg').waitFor()
  await chart.scrollIntoViewIfNeeded()
  const box = await chart.boundingBox()
  if (!box) throw new Error('the chart has no box')
  // Not the last bar: that month is shown already.
  await page.mouse.click(box.x + box.width * 0.7, box.y + box.height - 40)
  await expect(page).toHaveURL(/period=/)
})

test('the bars of a chart are as long as the axis says', async ({ page }) => {
  await open(page, '/managers')
  await page.locator('.drawing svg').first().waitFor()
  const { managers } = (await (await page.request.get('/api/evaluation')).json()) as {
    managers: { id: string | null; figures: { kpi: string; value: number | null }[] }[]
  }
  const sales = managers
    .filter((manager) => manager.id !== null)
    .map((manager) => manager.figures.find((figure) => figure.kpi === 'net_sales')?.value ?? 0)
    .sort((left, right) => right - left)
  const colour = await page.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue('--series').trim())
  const widths = await page
    .locator(`.drawing svg path[fill="${colour}"]`)
    .evaluateAll((bars) => bars.map((bar) => (bar as SVGPathElement).getBBox().width).sort((left, right) => right - left))
  test.skip(sales.length < 2 || sales.length > 20 || (sales.at(-1) ?? 0) < 0, 'the chart shows up to twenty bars, none below zero')
  expect(widths).toHaveLength(sales.length)
  // Against the ticks: their labels are as far apart as the amounts they name.
  const ticks = await page.locator('.drawing svg text').evaluateAll((texts) =>
    texts.flatMap((text) => {
      const parts = /^Rp\s?([\d.,]+)(?:\s(rb|jt|M|T))?$/.exec(text.textContent ?? '')
      if (!parts) return []
      const scale = { rb: 1e3, jt: 1e6, M: 1e9, T: 1e12 }[parts[2] ?? ''] ?? 1
      const box = text.getBoundingClientRect()
      return [{ amount: Number((parts[1] ?? '').replaceAll('.', '').replace(',', '.')) * scale, at: box.x + box.width / 2 }]
    }),
  )
  test.skip(ticks.length < 2, 'the amounts are not in rupiah')
  const first = ticks[0]
  const last = ticks.at(-1)
  if (!first || !last) return
  const pixel = (last.at - first.at) / (last.amount - first.amount)
  for (const [place, width] of widths.entries()) expect(Math.abs(width - (sales[place] ?? 0) * pixel)).toBeLessThan(3)
})

test('the rule of credit goes along from page to page, and changes no total', async ({ page }) => {
  await open(page, '/managers?period=2025-10')
  const total = async () => (await (await page.request.get('/api/metrics?period=2025-10')).json()).rows[0].net_sales
  const credited = async (rule: string) => {
    const answer = await page.request.get(`/api/metrics?by=manager&period=2025-10&credit=${rule}`)
    const table = (await answer.json()) as { credit: string; rows: { net_sales: number | null }[] }
    return { ...table, sum: table.rows.reduce((sum, row) => sum + (row.net_sales ?? 0), 0) }
  }
  const asked = page.waitForRequest((request) => request.url().includes('credit=now'))
  await page.getByLabel('Kredit penjualan').selectOption('now')
  await asked
  await expect(page).toHaveURL(/credit=now/)
  await settle(page)
  await page.getByRole('navigation', { name: 'Halaman' }).getByRole('link', { name: 'Akun', exact: true }).click()
  await expect(page).toHaveURL(/\/accounts.*credit=now/)
  await expect(page.locator('main')).toContainText('Pemilik sekarang')
  const now = await credited('now')
  expect(now.credit).toBe('now')
  expect(Math.abs(now.sum - (await total()))).toBeLessThan(0.01)
  await page.locator('main').getByRole('button', { name: /Kredit penjualan/ }).click()
  await expect(page).not.toHaveURL(/credit=/)
  expect((await page.request.get('/api/metrics?credit=mine')).status()).toBe(422)
})
