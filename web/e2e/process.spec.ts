import { expect, test } from '@playwright/test'
import { open, settle } from './pages'

let pushed: number[] = []

// Contacts of three accounts with answers, taken back afterwards: other tests begin without activities.
test.beforeAll(async ({ request }) => {
  const rows = Array.from({ length: 18 }, (_, place) => ({
    activity_id: `UJI-${place}`,
    date: `2025-0${1 + (place % 9)}-1${place % 10}`,
    account_id: `PLG-00000${1 + (place % 3)}`,
    manager_id: 'SLS-001',
    activity: 'kunjungan',
    response_hours: String(1 + place),
  }))
  const answer = await request.post('/api/facts/activities?all_or_none=true', { data: rows })
  expect(answer.ok()).toBe(true)
  const made = (await (await request.get('/api/imports')).json()) as { id: number; kind: string }[]
  pushed = made.filter((one) => one.kind === 'activities').map((one) => one.id)
})

test.afterAll(async ({ request }) => {
  for (const id of pushed) await request.post(`/api/imports/${id}/undo`)
})

test('the team opens into one manager, with what is behind the figures', async ({ page }) => {
  await open(page, '/process?period=2025')
  const team = page.getByRole('region', { name: /^Tim/ }).first()
  await expect(team.getByRole('columnheader', { name: 'Cakupan kontak' })).toBeVisible()
  // Figures nobody can fill say why instead of showing a zero.
  await expect(page.getByText(/Kepuasan \(CSAT\): belum ada jawaban/)).toBeVisible()
  await team.locator('tbody a[href*="SLS-001"]').click()
  await settle(page)
  await expect(page).toHaveURL(/manager=SLS-/)
  await expect(page.getByRole('heading', { name: /akun tak tersentuh/ })).toBeVisible()
  const measures = page.getByRole('region', { name: 'Semua ukuran' }).first()
  await expect(measures.getByRole('row', { name: /^Cakupan kontak/ })).toContainText(' – ')
  // The charts as tables.
  await page.getByRole('button', { name: /tabel/i }).first().click()
  await expect(page.getByRole('row', { name: /sampai 24 jam/ })).toBeVisible()
})

test('a promise that is changed changes what is kept', async ({ page }) => {
  await open(page, '/process?period=2025')
  const share = page.getByRole('region', { name: 'Semua ukuran' }).getByRole('row', { name: /^Jawaban tepat janji/ })
  const before = await share.first().innerText()
  await page.getByText('Janji dan rencana').click()
  await page.getByLabel('Dijawab dalam (jam)').fill('2')
  await page.getByRole('button', { name: 'Simpan' }).click()
  await expect(page.getByText(/Tersimpan/)).toBeVisible()
  await expect(share.first()).not.toHaveText(before)
  await page.getByLabel('Dijawab dalam (jam)').fill('24')
  await page.getByRole('button', { name: 'Simpan' }).click()
  await expect(share.first()).toContainText('24 jam')
})

test('a lead rates with evidence and corrects by a new rating', async ({ page }) => {
  await open(page, '/process?period=2025&manager=SLS-001')
  const card = page.getByRole('region', { name: 'Rubrik atasan' }).first()
  await card.getByLabel('Kriteria').selectOption('clarity')
  await card.getByRole('combobox', { name: /^Nilai/ }).selectOption('2')
  await card.getByLabel(/^Bukti/).fill('akun salah paham soal tempo')
  await card.getByLabel(/^Hari/).fill('2025-05-05')
  await card.getByLabel('Penilai').fill('Hendra')
  await card.getByLabel(/^Baris data/).fill('offers:TIDAK-ADA')
  await card.getByRole('button', { name: 'Beri nilai' }).click()
  await expect(card.getByRole('alert')).toContainText('TIDAK-ADA')
  await card.getByLabel(/^Baris data/).fill('offers:PNW-1')
  await card.getByRole('button', { name: 'Beri nilai' }).click()
  await expect(card.getByRole('row', { name: /salah paham/ })).toContainText('offers:PNW-1')
  await card.getByRole('button', { name: /^Koreksi penilaian/ }).click()
  await card.getByRole('combobox', { name: /^Nilai/ }).selectOption('4')
  await card.getByLabel(/^Bukti/).fill('akun membaca syaratnya lagi: sudah tertulis')
  await card.getByRole('button', { name: 'Koreksi', exact: true }).click()
  await expect(card.getByRole('row', { name: /salah paham/ })).toContainText('dikoreksi oleh')
  await expect(card.getByRole('row', { name: /^Kejelasan/ })).toContainText('4')
  await page.screenshot({ path: 'test-results/screens/rubric.png', fullPage: true })
})
