// The import rule of ARCHITECTURE.md: imports point one way, and each third-party library has one door.
const mayImport = {
  domain: [],
  product: ['domain'],
  document: ['domain', 'product'],
  purchase: ['domain', 'product'],
  store: ['domain'],
  inbox: ['domain', 'store'],
  import: ['domain', 'product', 'purchase', 'store', 'inbox'],
  webhooks: ['domain', 'store'],
  sftp: ['domain', 'inbox'],
  http: ['domain', 'product', 'document', 'purchase', 'store'],
  config: ['domain'],
  serve: ['domain', 'product', 'document', 'store', 'inbox', 'import', 'webhooks', 'sftp', 'http', 'config'],
  cli: [
    ...['domain', 'product', 'purchase', 'store', 'inbox', 'import', 'webhooks', 'config', 'serve'],
    'sftp/subsystem/pipe-session\\.ts',
  ],
};

const doors = {
  ssh2: 'sftp',
  ajv: 'product',
  'node:sqlite': 'store/sqlite',
  undici: 'webhooks',
  fastify: 'http',
  '@fastify/swagger': 'http/openapi',
  '@fastify/swagger-ui': 'http/openapi',
  'prom-client': 'http',
  commander: 'cli',
  'cli-progress': 'cli',
  re2js: 'product',
  pdfkit: 'document',
  '@expo-google-fonts': 'document',
  yaml: '(product|config)',
  pino: 'serve',
  yauzl: 'import/source/xlsx',
  saxes: 'import/source/xlsx',
  'write-excel-file': 'import/template',
  'csv-parse': '(nowhere)', // the tests' oracle
};

export default {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    ...Object.entries(mayImport).map(([folder, allowed]) => ({
      name: `${folder}-imports-only-what-it-may`,
      severity: 'error',
      from: { path: `^src/${folder}/` },
      to: { path: '^src/', pathNot: [folder, ...allowed].map((name) => `^src/${name}(/|$)`) },
    })),
    ...Object.entries(doors).map(([library, door]) => ({
      name: `${library}-only-in-${door}`,
      severity: 'error',
      from: { path: '^src/', pathNot: `^src/${door}/` },
      to: {
        path: library.startsWith('node:') ? `^${library.slice(5)}$` : `^node_modules/(@types/)?${library}/`,
      },
    })),
    {
      // Loaded anywhere else first, it could not be corrected any more; its types may be imported.
      name: 'ssh2-only-through-its-door',
      severity: 'error',
      from: { path: '^(src|test|bench|faults)/', pathNot: '^src/sftp/transport/ssh2/' },
      to: { path: '^node_modules/ssh2/', dependencyTypesNot: ['type-only', 'type-import'] },
    },
    {
      name: 'a-folder-has-a-place-in-the-rule',
      severity: 'error',
      from: { path: '^src/[^/]+/', pathNot: `^src/(${Object.keys(mayImport).join('|')})/` },
      to: {},
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
