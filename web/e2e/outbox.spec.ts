import { expect, test } from '@playwright/test'
import { open } from './pages'

test('a way out is added, tried and removed, and its message waits', async ({ page }) => {
  await open(page, '/outbox')
  await page.getByLabel('Jenis').selectOption('webhook')
  await page.getByLabel('Nama saluran').fill('grup')
  await page.getByLabel('Alamat webhook').fill('http://example.com/hook')
  await page.getByLabel('Izinkan alamat di jaringan internal').check()
  await page.getByLabel('peringatan baru').check()
  await page.getByLabel(/^Variabel rahasia/).fill('HOME')
  await page.getByRole('button', { name: 'Simpan saluran' }).click()
  await expect(page.getByRole('alert')).toContainText('TAKAR_')
  await page.getByLabel(/^Variabel rahasia/).fill('TAKAR_OUTBOX_SECRET')
  await page.getByRole('button', { name: 'Simpan saluran' }).click()
  await expect(page.getByRole('alert')).toContainText('https')
  // Nobody listens there: the message waits, with the reason.
  await page.getByLabel('Alamat webhook').fill('http://127.0.0.1:9/hook')
  await page.getByRole('button', { name: 'Simpan saluran' }).click()
  const channel = page.getByRole('region', { name: /^grup/ })
  await expect(channel).toContainText('127.0.0.1:9 · peringatan baru')
  await channel.getByRole('button', { name: 'Coba' }).click()
  await expect(page.getByRole('row', { name: /Uji coba dari Takar/ })).toContainText('Menunggu')
  await page.screenshot({ path: 'test-results/screens/outbox-waiting.png', fullPage: true })
  await channel.getByRole('button', { name: 'Hapus' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Hapus' }).click()
  await expect(channel).toHaveCount(0)
  await expect(page.getByRole('row', { name: /Uji coba dari Takar/ })).toContainText('Gagal')
})
