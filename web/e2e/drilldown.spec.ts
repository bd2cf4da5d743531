import { expect, test } from '@playwright/test'
import { open, settle } from './pages'

test('a figure tells its definition, and leads to the sales lines behind it', async ({ page }) => {
  await open(page, '/managers')
  await page.locator('tbody th a[href^="/managers/"]').first().click()
  await settle(page)
  const manager = (await page.getByRole('heading', { level: 1 }).textContent()) ?? ''

  await page.getByRole('button', { name: /^Tentang angka/ }).first().click()
  const panel = page.getByRole('dialog').filter({ visible: true })
  await expect(panel).toContainText('Versi data')
  await expect(panel).toContainText('Periode')
  await panel.getByRole('link', { name: /Lihat baris penjualannya/ }).click()

  await settle(page)
  await expect(page).toHaveURL(/\/lines\?from=\d{4}-\d{2}-\d{2}&to=\d{4}-\d{2}-\d{2}&manager=/)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Baris penjualan')
  await expect(page.getByRole('list', { name: 'Filter' })).toContainText(manager)
  const first = page.locator('tbody tr').first()
  await expect(first).toContainText(/baris [\d.]+/)
  await expect(first).toContainText('Impor')
})

test('from a manager to an account, to a product it buys, to the lines', async ({ page }) => {
  await open(page, '/managers')
  await page.locator('tbody th a[href^="/managers/"]').first().click()
  await settle(page)
  await page.locator('section', { has: page.getByRole('heading', { name: 'Akun yang ditangani' }) }).locator('tbody th a').first().click()
  await settle(page)
  await expect(page).toHaveURL(/\/accounts\//)
  await page.locator('section', { has: page.getByRole('heading', { name: 'Produk yang dibeli' }) }).locator('tbody td a').first().click()
  await settle(page)
  await expect(page).toHaveURL(/\/lines\?.*account=/)
  await expect(page).toHaveURL(/product=/)
  expect(await page.locator('tbody tr').count()).toBeGreaterThan(0)

  // A filter can be dropped, and then there are at least as many lines.
  const count = async () => Number(((await page.locator('#count').textContent()) ?? '').replace(/\D/g, ''))
  const narrow = await count()
  await page.getByRole('button', { name: 'Hapus filter Produk' }).click()
  await settle(page)
  expect(await count()).toBeGreaterThanOrEqual(narrow)
})

test('what a manager sold on the page is what the lines add up to', async ({ page }) => {
  await open(page, '/managers')
  const link = page.locator('tbody td a[href^="/lines"]').last()
  const shown = Number(((await link.textContent()) ?? '').replace(/[^\d-]/g, ''))
  const href = (await link.getAttribute('href')) ?? ''
  let sum = 0
  for (let offset = 0; ; offset += 1000) {
    const answer = await page.request.get(`/api${href}&limit=1000&offset=${offset}`)
    const { total, rows } = (await answer.json()) as { total: number; rows: { net: number | null }[] }
    sum += rows.reduce((all, row) => all + (row.net ?? 0), 0)
    if (rows.length === 0 || offset + rows.length >= total) break
  }
  expect(Math.abs(Math.round(sum) - shown)).toBeLessThanOrEqual(1)
})

test('search and groups narrow the accounts', async ({ page }) => {
  await open(page, '/accounts')
  const name = (await page.locator('tbody th a').first().textContent()) ?? ''
  await page.getByRole('searchbox', { name: 'Cari akun' }).fill(name)
  await expect(page).toHaveURL(/search=/)
  await settle(page)
  await expect(page.locator('tbody th').first()).toContainText(name)
  // A pause after a space does not take the space away.
  const box = page.getByRole('searchbox', { name: 'Cari akun' })
  await box.fill('toko ')
  await expect(page).toHaveURL(/search=toko$/)
  await expect(box).toHaveValue('toko ')
  await open(page, '/accounts')
  await page.getByRole('button', { name: 'Wilayah' }).click()
  await expect(page).toHaveURL(/by=region/)
  await settle(page)
  await expect(page.getByRole('columnheader', { name: 'Wilayah' })).toBeVisible()
})
