// What the system keeps, as one interface: each method is one transaction (or one read), so that it can be
// kept in SQLite as well as in PostgreSQL. Instants are milliseconds since 1970 and come from the caller.
import type { AccountStore } from './account-store.ts';
import type { ApiKeyStore } from './api-key-store.ts';
import type { DeliveryStore } from './delivery-store.ts';
import type { EndpointStore } from './endpoint-store.ts';
import type { EventStore } from './event-store.ts';
import type { ImportStore } from './import-store.ts';
import type { PolicyStore } from './policy-store.ts';
import type { ProductStore } from './product-store.ts';
import type { ReplayStore } from './replay-store.ts';
import type { UploadStore } from './upload-store.ts';

export type Store = AccountStore &
  ApiKeyStore &
  UploadStore &
  ImportStore &
  PolicyStore &
  ProductStore &
  EndpointStore &
  EventStore &
  ReplayStore &
  DeliveryStore & {
    /** Answers when the database does; throws when it does not. */
    ping(): Promise<void>;
    /** Commits nothing more, closes every connection and ends the store's threads. */
    close(): Promise<void>;
  };
