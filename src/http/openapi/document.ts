// What the APIs are, for programs (`/openapi.json`) and people (`/docs`): made of what stands at the routes.
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';

const DESCRIPTION =
  'What a row of a file buys, in calls. Amounts are integers in minor units. `docs/rest.md` tells it in sentences, with examples.';

/** The page loads nothing from elsewhere and may be framed by nobody; its styles are partly inline. */
const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'";

/** `GET /openapi.json` and `/docs`; routes that are registered after it, and have a tag, are described. */
export function describeApi(app: FastifyInstance): void {
  app.register(swagger, {
    hideUntagged: true,
    refResolver: { buildLocalReference: (schema) => String(schema['$id']) },
    openapi: {
      openapi: '3.1.0',
      info: { title: 'policydrop', version: '1', description: DESCRIPTION },
      components: {
        securitySchemes: {
          basic: { type: 'http', scheme: 'basic', description: 'The secret key as user name, no password' },
          bearer: { type: 'http', scheme: 'bearer', description: 'The secret key' },
        },
      },
    },
  });
  app.register(async (docs) => void docs.get('/openapi.json', async () => app.swagger()));
  app.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: PAGE_POLICY,
    uiConfig: { layout: 'BaseLayout', validatorUrl: null }, // no bar with another project's name
  });
}
