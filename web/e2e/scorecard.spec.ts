import { expect, test } from '@playwright/test'
import { open, settle } from './pages'

const asked = { headers: { 'Accept-Language': 'id' } }

test('weights are tried before they are kept, and an earlier version can be taken up again', async ({ page }) => {
  const before = await (await page.request.get('/api/scorecard/weights', asked)).json()
  await open(page, '/scorecard')
  const editor = page.getByRole('region', { name: 'Ubah bobot' })
  const groups = editor.getByLabel('Bobot kelompok, %')
  await expect(editor.getByRole('button', { name: 'Simpan sebagai versi berikutnya' })).toBeDisabled()

  // 110 % is refused in words, and nothing can be saved.
  await groups.first().fill('60')
  await expect(editor.getByText('110 %')).toBeVisible()
  await expect(editor.getByRole('button', { name: 'Simpan sebagai versi berikutnya' })).toBeDisabled()

  // All on quantity: the trial is what the server says of these weights, beside what holds.
  await groups.nth(0).fill('100')
  await groups.nth(1).fill('0')
  await groups.nth(2).fill('0')
  const table = editor.getByRole('region', { name: 'Yang akan berubah' })
  await expect(table.locator('tbody tr').first()).toBeVisible()
  const weights = structuredClone(before.in_use.weights)
  weights.quantity.weight = 100
  weights.process.weight = 0
  weights.communication.weight = 0
  const tried = await (await page.request.post('/api/scorecard/weights/try', { ...asked, data: weights })).json()
  await expect(table.locator('tbody tr')).toHaveCount(tried.managers.length)
  const first = tried.managers.find((card: { whole: { score: number | null } }) => card.whole.score !== null)
  const written = first.whole.score.toFixed(1).replace('.', ',').replace(',0', '')
  await expect(table.locator('tbody tr', { hasText: first.name })).toContainText(written)
  const untouched = await (await page.request.get('/api/scorecard/weights', asked)).json()
  expect(untouched.history.length).toBe(before.history.length)

  await editor.getByRole('button', { name: 'Simpan sebagai versi berikutnya' }).click()
  await expect(editor.getByRole('status')).toContainText('Tersimpan sebagai versi')
  const after = await (await page.request.get('/api/scorecard/weights', asked)).json()
  expect(after.in_use.weights.quantity.weight).toBe(100)
  expect(after.history.length).toBe(before.history.length + 1)

  // What held before is set again, so that other tests find it.
  await page.request.put('/api/scorecard/weights', { ...asked, data: before.in_use.weights })
})

test('accounts stand on the plane, say what is missing, and open into their sales', async ({ page }) => {
  await open(page, '/scorecard')
  await page.getByRole('button', { name: 'Akun', exact: true }).click()
  await settle(page)
  const said = await (await page.request.get('/api/accounts/plane?limit=50', asked)).json()
  const table = page.getByRole('region', { name: 'Akun satu per satu' })
  await expect(table.locator('tbody tr')).toHaveCount(Math.min(50, said.total))
  for (const measure of said.measures) await expect(page.getByText(measure.definition).first()).toBeVisible()
  const first = said.accounts[0]
  await expect(table.locator('tbody tr').first()).toContainText(first.corner ?? first.reason)
  await table.getByRole('link', { name: first.name, exact: true }).first().click()
  await settle(page)
  await expect(page).toHaveURL(new RegExp(`/accounts/${first.id}`))
})
