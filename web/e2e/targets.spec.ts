import { expect, test } from '@playwright/test'
import { open, settle } from './pages'

test('targets are typed, pasted, questioned, kept as drafts, approved, and the history tells', async ({ page }) => {
  await open(page, '/targets?period=2026')
  const grid = page.getByRole('region', { name: /^Target per bulan/ })
  const cell = (row: number, column: number) => page.locator(`#cell-${row}-${column}`)
  const under = (row: number, column: number) => cell(row, column).locator('xpath=..')

  // The chance comes while one types; what cannot be read is said at the cell.
  const usual = page.getByRole('region', { name: /^Usulan/ })
  await expect(usual.getByRole('row').nth(1)).toContainText('kemungkinan')
  await cell(0, 0).fill('besok')
  await expect(under(0, 0)).toContainText('bukan angka')
  await expect(grid.getByRole('button', { name: 'Simpan sebagai draf' })).toBeDisabled()
  await cell(0, 0).press('Escape')
  await expect(grid.getByText(/belum disimpan/)).toHaveCount(0)

  // A block from a spreadsheet, the last column of which falls outside.
  await cell(1, 10).evaluate((input) => {
    const data = new DataTransfer()
    data.setData('text/plain', 'Rp 30.000.000\t31.500.000\t1\n20.000.000\t21.000.000,25\t2\n')
    input.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }))
  })
  await expect(grid.getByText('4 sel belum disimpan')).toBeVisible()
  await expect(grid.getByText(/2 sel yang ditempel jatuh di luar tabel/)).toBeVisible()
  await expect(under(2, 11)).toContainText('%')
  await expect(grid.getByRole('row', { name: /^Jumlah/ })).toContainText('52.500.000')

  // What is typed is not lost without a word: by the menu it is asked, and by another period.
  const asked = page.getByRole('dialog', { name: 'Ada yang belum disimpan' })
  const period = page.locator('select', { has: page.locator('option[value="2026-Q1"]') })
  await page.getByRole('navigation', { name: 'Halaman' }).getByRole('link', { name: 'Prakiraan', exact: true }).click()
  await asked.getByRole('button', { name: 'Batal' }).click()
  await period.selectOption('2026-Q1')
  await asked.getByRole('button', { name: 'Batal' }).click()
  await expect(period).toHaveValue('2026')
  await expect(page).toHaveURL(/period=2026$/)
  await expect(grid.getByText('4 sel belum disimpan')).toBeVisible()

  // Arrows and Enter move.
  await cell(1, 10).focus()
  await cell(1, 10).press('Enter')
  await expect(cell(2, 10)).toBeFocused()
  await cell(2, 10).press('ArrowUp')
  await expect(cell(1, 10)).toBeFocused()

  // Odd ones need a reason of their own.
  await cell(1, 10).fill('9.000.000.000')
  const confirm = grid.getByLabel('Mengapa yang janggal tetap dimaksud')
  await expect(confirm).toBeVisible()
  await grid.getByLabel('Alasan').fill('rencana 2026')
  await expect(grid.getByRole('button', { name: 'Simpan sebagai draf' })).toBeDisabled()
  await confirm.fill('kontrak besar')
  await grid.getByLabel('Nama Anda').fill('Sari')
  await page.screenshot({ path: 'test-results/screens/targets-typed.png', fullPage: true })
  await grid.getByRole('button', { name: 'Simpan sebagai draf' }).click()
  await expect(grid.getByText('4 draf disimpan dan menunggu persetujuan')).toBeVisible()
  await settle(page)
  await expect(under(1, 10)).toContainText('draf')

  const waiting = page.getByRole('region', { name: /^Draf yang menunggu/ })
  await waiting.getByLabel('Pilih semua').check()
  await waiting.getByLabel('Alasan').fill('disepakati')
  await waiting.getByRole('button', { name: 'Setujui' }).click()
  await expect(waiting.getByText('4 draf diputuskan')).toBeVisible()
  await expect(waiting.getByText('Tidak ada draf yang menunggu.')).toBeVisible()
  await waiting.getByText('Riwayat').click()
  const history = waiting.getByRole('row', { name: /9\.000\.000\.000/ })
  await expect(history).toContainText('disetujui')
  await expect(history).toContainText('kontrak besar')
  await settle(page)
  await expect(under(1, 10)).not.toContainText('draf')
  const facts = await page.request.get('/api/facts/targets?period=2026')
  expect(((await facts.json()) as { total: number }).total).toBe(4)
})

test('the company hands down and the gap is closed', async ({ page }) => {
  const suggested = await page.request.get('/api/targets/suggest?period=2026-Q1')
  const { rows, total } = (await suggested.json()) as { total: number; rows: { id: string; suggested: { amount?: number } }[] }
  const keep = async (asked: object) => {
    const answer = await page.request.post('/api/targets/drafts', { data: { ...asked, reason: 'usulan', confirm: 'percobaan' } })
    expect(answer.ok(), await answer.text()).toBe(true)
  }
  await keep({ level: 'company', targets: [{ period: '2026-Q1', value: String(total + 30_000_000) }] })
  const targets = rows.filter((row) => row.suggested.amount)
  await keep({ targets: targets.map((row) => ({ id: row.id, period: '2026-Q1', value: String(row.suggested.amount) })), phase: true })

  await open(page, '/targets?period=2026-Q1')
  const grid = page.getByRole('region', { name: /^Target per bulan/ })
  await expect(grid.getByRole('row', { name: /^Selisih/ })).toContainText('30.000.000')
  await grid.getByLabel('Alasan').fill('disamakan')
  await grid.getByRole('button', { name: 'Tutup selisih' }).click()
  const confirm = grid.getByLabel('Mengapa yang janggal tetap dimaksud')
  const done = grid.getByText(/draf disimpan dan menunggu persetujuan/)
  await expect(confirm.or(done)).toBeVisible()
  if (await confirm.isVisible()) {
    await confirm.fill('percobaan')
    await grid.getByRole('button', { name: 'Tutup selisih' }).click()
  }
  await expect(done).toBeVisible()
  await settle(page)
  await expect(grid.getByRole('row', { name: /^Selisih/ })).toContainText(/Rp\s?0/)
  await expect(grid.getByRole('button', { name: 'Tutup selisih' })).toHaveCount(0)
})

test('the way back asks too, and leads back once it is said so', async ({ page }) => {
  await open(page, '/forecast')
  await page.getByRole('navigation', { name: 'Halaman' }).getByRole('link', { name: 'Target', exact: true }).click()
  await settle(page)
  await page.locator('#cell-0-0').fill('1.000')
  await page.goBack()
  const asked = page.getByRole('dialog', { name: 'Ada yang belum disimpan' })
  await asked.getByRole('button', { name: 'Batal' }).click()
  await expect(page.locator('#cell-0-0')).toHaveValue('1.000')
  await expect(page).toHaveURL(/\/targets$/)
  await page.goBack()
  await asked.getByRole('button', { name: 'Buang dan lanjutkan' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Prakiraan')
  await expect(page).toHaveURL(/\/forecast$/)
})
