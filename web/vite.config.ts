import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vite'

// While developing, the page is served by Vite and the answers come from a running `takar serve`.
const server = process.env['TAKAR_URL'] ?? 'http://127.0.0.1:8080'

export default defineConfig({
  plugins: [svelte()],
  server: { host: '127.0.0.1', port: 5173, proxy: { '/api': server } },
  build: { outDir: 'dist', emptyOutDir: true, sourcemap: false, chunkSizeWarningLimit: 700 },
})
