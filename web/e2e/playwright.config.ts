/** The page is tested against a running server: TAKAR_URL says where. No browser is downloaded. */
import { existsSync } from 'node:fs'
import { defineConfig } from '@playwright/test'

const baseURL = process.env['TAKAR_URL'] ?? 'http://127.0.0.1:8080'
const executablePath =
  process.env['CHROMIUM_PATH'] ??
  ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) => existsSync(path))
if (!executablePath) throw new Error('No Chromium found: install the package chromium, or set CHROMIUM_PATH')

export default defineConfig({
  testDir: '.',
  outputDir: '../test-results',
  // One after the other: some tests change the data that others read.
  workers: 1,
  fullyParallel: false,
  forbidOnly: true,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: [['list']],
  use: {
    baseURL,
    locale: 'id-ID',
    timezoneId: 'Asia/Jakarta',
    viewport: { width: 1280, height: 860 },
    screenshot: 'only-on-failure',
    launchOptions: { executablePath, args: ['--no-sandbox'] },
  },
})
