import { InvalidArgumentError, Option } from 'commander';
import { MAX_BATCH, MAX_DESCRIPTION } from '../../domain/endpoint.ts';
import { EVENT_TYPES, type EventType } from '../../domain/event.ts';
import type { Mode } from '../../domain/mode.ts';
import { addEndpoint, newSecrets } from '../../webhooks/endpoints.ts';
import { checkUrl } from '../../webhooks/url.ts';
import { modesOf } from '../modes.ts';
import { printRecord } from '../output.ts';
import { endpointRecord } from '../records.ts';
import { accountNamed, must, type Session, withExistingStore } from '../session.ts';
import { withVault } from '../vault.ts';
import { endpointOf, noSuchEndpoint } from './endpoint.ts';
import { keepSecretNow, secretRecord } from './secrets.ts';

export function batchOption(): Option {
  const meaning = `up to so many events in one request, 1 to ${MAX_BATCH} (default: 1, each by itself)`;
  return new Option('--batch <n>', meaning).argParser((text) => {
    if (/^\d{1,3}$/.test(text) && Number(text) >= 1 && Number(text) <= MAX_BATCH) return Number(text);
    throw new InvalidArgumentError(`A number from 1 to ${MAX_BATCH} is wanted.`);
  });
}

export function descriptionOption(): Option {
  return new Option('--description <text>', 'what it is for').argParser((text) => {
    if (text.length <= MAX_DESCRIPTION) return text;
    throw new InvalidArgumentError(`At most ${MAX_DESCRIPTION} characters are kept.`);
  });
}

type Given = { event?: EventType[]; mode?: Mode | 'both'; batch?: number; description?: string };

export async function add(
  session: Session,
  name: string,
  url: string,
  options: Given & { ed25519?: true },
): Promise<void> {
  const { event: events = EVENT_TYPES, mode = 'both', batch = 1, description = '' } = options;
  const modes = modesOf(mode);
  const address = must(checkUrl(url, { modes, allow: session.config.webhooks.allow }));
  const secrets = newSecrets({ ed25519: options.ed25519 === true });
  await withVault(session, async (opened) => {
    const account = (await accountNamed(opened.store, name)).id;
    const settings = { account, url: address, description, events, modes, batch };
    const endpoint = must(await addEndpoint(opened, { ...settings, secrets, now: Date.now() }));
    printRecord({ ...endpointRecord(endpoint), ...secretRecord(secrets) }, session.json);
  });
  keepSecretNow(session);
}

export async function update(
  session: Session,
  name: string,
  id: string,
  options: Given & { url?: string },
): Promise<void> {
  const { event: events, mode, batch, description } = options;
  await withExistingStore(session, async (store) => {
    const before = await endpointOf(store, name, id);
    const modes = mode === undefined ? before.modes : modesOf(mode);
    const url = must(checkUrl(options.url ?? before.url, { modes, allow: session.config.webhooks.allow }));
    const changes = {
      url,
      modes,
      ...(events && { events }),
      ...(batch !== undefined && { batch }),
      ...(description !== undefined && { description }),
    };
    const account = (await accountNamed(store, name)).id;
    const after = await store.updateEndpoint(account, before.id, changes, Date.now());
    if (!after) throw noSuchEndpoint(name, id);
    printRecord(endpointRecord(after), session.json);
  });
}
