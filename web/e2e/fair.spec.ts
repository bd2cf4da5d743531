import { expect, test } from '@playwright/test'
import { open, settle } from './pages'

test('managers stand beside what their portfolios let expect, and every figure says what it means', async ({ page }) => {
  await open(page, '/fair')
  await expect(page.getByText('disesuaikan dengan portofolionya')).toBeVisible()
  await expect(page.locator('.drawing svg')).toBeVisible()
  const table = page.getByRole('region', { name: /Manajer satu per satu/ })
  const said = await (await page.request.get('/api/fair', { headers: { 'Accept-Language': 'id' } })).json()
  await expect(table.locator('tbody tr')).toHaveCount(said.rows.length)

  await page.getByRole('button', { name: 'Tentang angka Indeks disesuaikan' }).click()
  const panel = page.getByRole('dialog', { name: 'Tentang angka Indeks disesuaikan' })
  await expect(panel).toContainText('1,10 berarti 10% di atas harapan')
  await expect(panel).toContainText('Versi data')
  await page.keyboard.press('Escape')

  await page.getByRole('button', { name: 'Lihat sebagai tabel' }).click()
  await expect(page.getByRole('region', { name: /Corong/ }).locator('tbody tr')).toHaveCount(
    said.rows.filter((row: { why: string | null }) => row.why === null).length,
  )

  const first = said.rows[0]
  await table.getByRole('link', { name: first.name }).click()
  await settle(page)
  const section = page.getByRole('region', { name: 'Dibandingkan secara adil' })
  await expect(section.getByRole('heading', { level: 3 }).first()).toHaveText('Kekuatan lebih dahulu')
  await expect(section).toContainText(first.skill_note)
  for (const text of [...first.strengths, ...first.would_help]) await expect(section).toContainText(text)
})
