import { expect, test } from '@playwright/test'
import { open } from './pages'

test('satisfaction stands beside sales per manager, and an account opens from its row', async ({ page }) => {
  await open(page, '/satisfaction')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Kepuasan di samping penjualan')
  const said = await (await page.request.get('/api/satisfaction?by=manager', { headers: { 'Accept-Language': 'id' } })).json()
  const table = page.getByRole('region', { name: /Satu per satu/ })
  const account = await table.locator('tbody tr').first().getByRole('link').first().innerText()
  await table.locator('tbody tr').first().getByRole('link').first().click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(account)
  await expect(page.getByRole('heading', { name: 'Penjualan, kepuasan, waktu jawab dan keluhan' })).toBeVisible()
  await page.getByRole('link', { name: 'Buat tindakan' }).click()
  await expect(page).toHaveURL(/kind=relationship/)
  await open(page, '/satisfaction')
  await page.getByRole('combobox', { name: 'Rinci menurut' }).selectOption('manager')
  await expect(table.locator('tbody tr')).toHaveCount(said.rows.length + (said.nobody ? 1 : 0))
  for (const signal of said.first.signals) await expect(page.getByText(signal.verdict).first()).toBeVisible()
})

test('the page of satisfaction reads in English', async ({ page }) => {
  await open(page, '/satisfaction')
  await page.getByRole('button', { name: 'English' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Satisfaction beside sales')
  await expect(page.getByText('is not thereby the cause').first()).toBeVisible()
})
