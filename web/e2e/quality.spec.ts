import { expect, test } from '@playwright/test'
import { open, settle } from './pages'

test('two ids that mean one are found, merged and taken apart again', async ({ page }) => {
  const line = (invoice: string, account: string, net: number) => ({
    invoice_no: invoice, date: '2025-10-20', account_id: account, account_name: 'Warung Mutu Sejahtera',
    manager_id: 'SLS-001', product_id: 'MUTU', product_name: 'Kopi Mutu', quantity: 1, net_amount: net,
  })
  const pushed = await page.request.post('/api/facts/sales?source=mutu', {
    data: [line('M-1', 'MUTU-1', 900_000), line('M-2', 'MUTU-2', 250_000)],
  })
  const { import: made } = (await pushed.json()) as { import: number }

  await open(page, '/quality')
  const pair = page.getByRole('listitem').filter({ hasText: 'MUTU-2' }).filter({ hasText: 'MUTU-1' })
  await expect(pair).toContainText('nama sama')
  await page.screenshot({ path: 'test-results/screens/quality-found.png', fullPage: true })
  await page.getByRole('button', { name: 'Gabungkan MUTU-2 ke MUTU-1' }).click()
  await expect(page.getByText('MUTU-2 kini dibaca sebagai MUTU-1.')).toBeVisible()
  await settle(page)
  await expect(pair).toHaveCount(0)
  const net = async (account: string) => {
    const answer = await page.request.get(`/api/metrics?by=account&kpi=net_sales&where=${encodeURIComponent(`account = '${account}'`)}`)
    return ((await answer.json()) as { rows: { net_sales: number }[] }).rows[0]?.net_sales
  }
  expect(await net('MUTU-1')).toBe(1_150_000)
  await page.getByRole('status').getByRole('button', { name: 'Batalkan' }).click()
  await settle(page)
  await expect(pair).toHaveCount(1)
  expect(await net('MUTU-1')).toBe(900_000)

  // What an undo would touch is shown first; it can be brought back.
  await open(page, '/imports')
  const row = page.getByRole('row').filter({ hasText: 'mutu' })
  await row.getByRole('button', { name: /Batalkan impor/ }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText('2 baris dari api tidak dihitung lagi')
  await expect(dialog.getByRole('cell', { name: 'M-1' })).toBeVisible()
  await page.screenshot({ path: 'test-results/screens/imports-undo.png' })
  await dialog.getByRole('button', { name: 'Ya, batalkan impor' }).click()
  await expect(page.getByText('Impor dibatalkan: 2 baris ditarik')).toBeVisible()
  await page.getByRole('row').filter({ hasText: 'mutu' }).getByRole('button', { name: /Kembalikan impor/ }).first().click()
  await expect(page.getByText(/Dikembalikan sebagai impor \d+: 2 baris dihitung lagi/)).toBeVisible()
  await open(page, `/imports/${made}`)
  await expect(page.getByRole('heading', { name: /Penjualan · mutu/ })).toBeVisible()
  await page.screenshot({ path: 'test-results/screens/import-detail.png', fullPage: true })
  const all = (await (await page.request.get('/api/imports')).json()) as { id: number; source: string; state: string }[]
  for (const one of all.filter((one) => one.source === 'mutu' && one.state === 'done')) {
    await page.request.post(`/api/imports/${one.id}/undo`)
  }
})
