import { expect, test } from '@playwright/test'
import { open, settle } from './pages'

test('kinds of data are counted, summed up by word and filtered', async ({ page }) => {
  await open(page, '/facts')
  await page.screenshot({ path: 'test-results/screens/facts.png', fullPage: true })
  await page.getByRole('link', { name: /^Penawaran/ }).first().click()
  await settle(page)
  await expect(page.getByRole('heading', { name: '4 baris' })).toBeVisible()
  const won = page.getByRole('button', { name: /menang/ })
  await expect(won).toContainText('2 baris')
  await expect(won).toContainText('16.750.000')
  await page.screenshot({ path: 'test-results/screens/facts-offers.png', fullPage: true })
  await won.click()
  await settle(page)
  await expect(page.getByRole('heading', { name: '2 baris' })).toBeVisible()
  await expect(page).toHaveURL(/word=won/)
  await expect(page.getByRole('row', { name: /PNW-3/ })).toHaveCount(0)
})

test('a row is given in a form, and what is wrong with it is told', async ({ page }) => {
  await open(page, '/facts/activities')
  await expect(page.getByText('Belum ada baris.')).toBeVisible()
  await page.getByRole('button', { name: 'Tambah satu' }).click()
  const form = page.getByRole('form', { name: 'Tambah satu' })
  await form.getByLabel(/^tanggal/).fill('2025-10-20')
  await form.getByLabel(/^jenis aktivitas/).fill('kunjungan')
  await form.getByLabel('jam', { exact: true }).fill('1.5')
  const answer = page.waitForResponse((response) => response.request().method() === 'POST')
  await form.getByRole('button', { name: 'Simpan' }).click()
  // Neither account nor manager.
  await expect(form.getByRole('alert')).toContainText('tidak memuat apa pun yang bisa dipakai')
  await form.getByLabel('kode pelanggan').fill('LEPAS-1')
  await page.screenshot({ path: 'test-results/screens/facts-form.png', fullPage: true })
  await form.getByRole('button', { name: 'Simpan' }).click()
  await expect(form.getByText('Baris disimpan.')).toBeVisible()
  await expect(page.getByRole('cell', { name: 'kunjungan' })).toBeVisible()
  await answer
  const made = (await (await page.request.get('/api/imports')).json()) as { id: number; kind: string }[]
  for (const one of made.filter((one) => one.kind === 'activities')) {
    await page.request.post(`/api/imports/${one.id}/undo`)
  }
})
