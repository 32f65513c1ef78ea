// Documents behind links that were signed here and expire: `domain/links.ts`. Whoever has the link needs no key.
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Printer } from '../../document/printer.ts';
import type { PolicyId } from '../../domain/ids.ts';
import { CERTIFICATE_FILE, standingOf } from '../../domain/links.ts';
import type { Policy } from '../../domain/policy.ts';
import type { PolicyStore } from '../../store/policy-store.ts';
import type { ProductStore } from '../../store/product-store.ts';
import { problem } from '../problem.ts';

const BUSY = 5; // seconds until the certificates that wait now are done

export type DocumentDeps = {
  readonly store: Pick<PolicyStore, 'policy'> & Pick<ProductStore, 'product'>;
  readonly printer: Pick<Printer, 'print'>;
  readonly documentKey: Uint8Array;
  readonly clock: () => number;
};

type Link = {
  Params: { id: PolicyId };
  Querystring: { expires?: string | string[]; signature?: string | string[] };
};

/** `GET /documents/ID/policy_document.pdf`: the certificate of a policy as it is now, drawn when it is asked for. */
export async function documentRoutes(app: FastifyInstance, deps: DocumentDeps): Promise<void> {
  const { store, printer, documentKey, clock } = deps;

  app.get<Link>(`/documents/:id/${CERTIFICATE_FILE}`, async (request, reply) => {
    const { id } = request.params;
    const { expires = '', signature = '' } = request.query;
    const link = { id, expires: String(expires), signature: String(signature) };
    const standing = standingOf(link, documentKey, clock());
    if (standing === 'expired') return problem(reply, 410, EXPIRED);
    const policy = standing === 'good' ? await store.policy(id) : undefined;
    if (!policy) return problem(reply, 404, UNKNOWN);
    const tag = `"${policy.revision}"`;
    reply.headers({ etag: tag, 'cache-control': 'private, no-cache', 'x-robots-tag': 'noindex' });
    if (request.headers['if-none-match'] === tag) return reply.code(304).send();
    const pdf = await printer.print(policy, await definitionOf(policy));
    if (!pdf) return busy(reply);
    return reply.headers(pdfHeaders(policy)).send(Buffer.from(pdf));
  });

  async function definitionOf({ product_id, product_version }: Policy): Promise<string> {
    const product = await store.product(product_id, product_version);
    if (!product) throw new Error(`${product_id} has no version ${product_version}`);
    return product.definition;
  }
}

const UNKNOWN = 'This link leads to no document: it was not made here, or not copied whole.';
const EXPIRED =
  'This link has expired. GET /policies/ID gives a new one, and so does every webhook about the policy.';

function pdfHeaders({ policy_number }: Policy) {
  const name = policy_number.replaceAll(/[^\w.-]/g, '_'); // as a file's name, wherever it is saved
  return { 'content-type': 'application/pdf', 'content-disposition': `inline; filename="${name}.pdf"` };
}

function busy(reply: FastifyReply): FastifyReply {
  reply.headers({ 'retry-after': BUSY, 'cache-control': 'no-store' }).removeHeader('etag');
  return problem(reply, 503, 'Too many documents are being drawn: try again in some seconds.');
}
