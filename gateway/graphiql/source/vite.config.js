import { defineConfig } from 'vite';

const prettier = { name: 'format', test: /node_modules[\\/]prettier/ };

// Few files with hashed names: the server lets browsers keep everything but index.html for ever.
export default defineConfig({
  base: '/graphql/assets/',
  build: {
    outDir: '../assets',
    emptyOutDir: true,
    assetsDir: '',
    assetsInlineLimit: 0, // data: addresses would need a wider content security policy
    chunkSizeWarningLimit: 4096,
    cssCodeSplit: false,
    license: { fileName: 'licenses.md' },
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: {
      checks: { moduleLevelDirective: false },
      output: {
        codeSplitting: { groups: [prettier, { name: 'editor', test: /node_modules[\\/]monaco-(editor|graphql)/ }] },
      },
    },
    sourcemap: false,
    target: 'es2022',
  },
  worker: { format: 'es', rolldownOptions: { output: { codeSplitting: false } } },
});
