import type { FastifyInstance } from 'fastify';
import { refuse } from './refuse.ts';

/** What else is asked of a path is refused with what it has (RFC 9110, 15.5.6). */
export function refuseOtherMethods(app: FastifyInstance, url: string, methods: readonly string[]): void {
  const method = app.supportedMethods.filter((name) => !methods.includes(name));
  app.route({
    method,
    url,
    handler: async (request, reply) => {
      const message = `There is no ${request.method} here, but ${methods.join(', ')}.`;
      return refuse(reply.header('allow', methods.join(', ')), 405, message);
    },
  });
}
