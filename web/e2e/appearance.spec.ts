import AxeBuilder from '@axe-core/playwright'
import { expect, test } from '@playwright/test'
import { everyPage, open, settle } from './pages'

for (const scheme of ['light', 'dark'] as const) {
  test(`every page is clean in axe and looks as it should, ${scheme}`, async ({ page }) => {
    test.setTimeout(600_000)
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' })
    const complaints: string[] = []
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
    page.on('pageerror', (error) => complaints.push(error.message))
    for (const { name, path } of await everyPage(page)) {
      await open(page, path)
      const { violations } = await new AxeBuilder({ page }).analyze()
      const found = violations.map((violation) => `${violation.id}: ${violation.nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`)
      expect.soft(found, `${name}, ${scheme}`).toEqual([])
      await page.screenshot({ path: `test-results/screens/${name}-${scheme}.png`, fullPage: true })
    }
    expect(complaints).toEqual([])
  })
}

test('on a phone no page scrolls sideways, and the menu opens', async ({ page }) => {
  test.setTimeout(600_000)
  await page.setViewportSize({ width: 360, height: 740 })
  for (const { name, path } of await everyPage(page)) {
    await open(page, path)
    const beyond = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
    expect.soft(beyond, name).toBeLessThanOrEqual(0)
    await page.screenshot({ path: `test-results/screens/${name}-phone.png`, fullPage: true })
  }
  await open(page, '/')
  const menu = page.getByRole('button', { name: 'Menu' })
  await expect(menu).toHaveAttribute('aria-expanded', 'false')
  await menu.click()
  await page.getByRole('navigation', { name: 'Halaman' }).getByRole('link', { name: 'Produk' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Produk')
  await expect(menu).toHaveAttribute('aria-expanded', 'false')
})

test('an open panel, a table in place of a chart and English are clean too', async ({ page }) => {
  await open(page, '/?view=table')
  await page.getByRole('button', { name: 'English' }).click()
  await settle(page)
  await page.getByRole('button', { name: /^About the figure/ }).first().click()
  const { violations } = await new AxeBuilder({ page }).analyze()
  expect(violations.map((violation) => violation.id)).toEqual([])
  await page.screenshot({ path: 'test-results/screens/overview-english-panel.png' })
})
