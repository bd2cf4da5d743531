import { execFileSync } from 'node:child_process'
import { expect, test } from '@playwright/test'
import { open } from './pages'

test('a database is added, synced, compared and removed', async ({ page }) => {
  await open(page, '/sources')
  const address = page.getByLabel(/^Alamat basis data/)
  const show = page.getByRole('button', { name: 'Lihat tabel' })

  // What is no address, or holds a password, is refused with what to do.
  await address.fill('oracle://server/erp')
  await show.click()
  await expect(page.getByRole('alert')).toContainText('bukan alamat basis data')
  await address.fill('postgres://budi:rahasia@127.0.0.1/erp')
  await show.click()
  await expect(page.getByRole('alert')).toContainText('kata sandi tidak boleh ada dalam alamat')
  await expect(page.getByRole('alert')).not.toContainText('rahasia')

  await address.fill(`sqlite:${process.env['TAKAR_SHOP'] ?? ''}`)
  await show.click()
  await page.getByRole('combobox', { name: /^Tabel/ }).selectOption('faktur')
  await expect(page.getByRole('heading', { name: 'Kolom akan dibaca sebagai' })).toBeVisible()
  await page.getByLabel(/^Kolom penanda perubahan/).selectOption('diubah')
  await page.getByLabel('Nama sumber').fill('toko')
  await page.screenshot({ path: 'test-results/screens/sources-add.png', fullPage: true })
  await page.getByRole('button', { name: 'Simpan sumber' }).click()
  await expect(page.getByText('Sumber "toko" disimpan.')).toBeVisible()

  const answer = page.waitForResponse((response) => response.url().endsWith('/sync'))
  const source = page.getByRole('region', { name: 'toko' })
  await source.getByRole('button', { name: 'Sinkronkan' }).click()
  await expect(page.getByText('toko: 3 baris masuk, 0 menggantikan, 0 sudah ada.')).toBeVisible()
  await expect(source.getByText('Baik')).toBeVisible()
  await source.getByRole('button', { name: 'Cocokkan' }).click()
  await expect(page.getByText('Cocok di semua 1 bulan.')).toBeVisible()
  await page.screenshot({ path: 'test-results/screens/sources.png', fullPage: true })

  // A row that goes away there is found, and taken out here only when that is asked for.
  execFileSync('sqlite3', [process.env['TAKAR_SHOP'] ?? '', 'DELETE FROM faktur WHERE rowid = (SELECT max(rowid) FROM faktur)'])
  await source.getByRole('button', { name: 'Cocokkan' }).click()
  await expect(page.getByText('1 baris di sini sudah tidak ada di sumber.')).toBeVisible()
  await page.screenshot({ path: 'test-results/screens/sources-differ.png', fullPage: true })
  await page.getByRole('button', { name: 'Samakan dengan sumber' }).click()
  const applied = page.waitForResponse((response) => response.url().endsWith('/reconcile'))
  await page.getByRole('dialog').getByRole('button', { name: 'Samakan dengan sumber' }).click()
  await expect(page.getByText(/^Data kini sama dengan toko/)).toBeVisible()
  const { applied: import_ } = (await (await applied).json()) as { applied: number }
  expect((await page.request.post(`/api/imports/${import_}/undo`)).ok()).toBe(true)

  // What a sync is at shows, whoever runs it, until it ends.
  const { import: made } = (await (await answer).json()) as { import: { id: number } }
  await page.route('**/api/sources', async (route) => {
    const listed = await route.fetch()
    const rows = (await listed.json()) as { running: unknown }[]
    for (const row of rows) row.running = { step: 'reading', rows: 1234567, kept: 200000, about: 5000000, per_second: 310000, share: 0.25 }
    await route.fulfill({ response: listed, json: rows })
  })
  await page.reload()
  await expect(source.getByText('Sedang membaca: 1.234.567 baris, 310.000 per detik.')).toBeVisible()
  await expect(source.getByRole('progressbar')).toHaveAttribute('value', '0.25')
  await page.screenshot({ path: 'test-results/screens/sources-running.png', fullPage: true })
  await page.unroute('**/api/sources')
  await expect(source.getByText('Baik')).toBeVisible()

  await source.getByLabel('Jadwal').selectOption('setiap jam')
  await expect(source.getByText(/^Berikutnya/)).toBeVisible()
  await page.screenshot({ path: 'test-results/screens/sources-schedule.png', fullPage: true })

  await source.getByRole('button', { name: 'Hapus' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Hapus' }).click()
  await expect(source).toHaveCount(0)
  const undone = await page.request.post(`/api/imports/${made.id}/undo`)
  expect(undone.ok()).toBe(true)
})
