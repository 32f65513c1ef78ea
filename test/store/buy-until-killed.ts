// Buys key after key over REST, changes some of what it bought, and says which keys it was told are bought, until it is killed. Others may buy
// the same keys at the same time. Arguments: the directory, and the first key.
import type { Policy } from '../../src/domain/policy.ts';
import { openDatabase } from '../../src/store/sqlite/connection.ts';
import { storeMethods } from '../../src/store/sqlite/methods-of.ts';
import { NOW, offerOf } from './a-store.ts';

const [directory = '', first = '1'] = process.argv.slice(2);
const store = storeMethods(openDatabase(directory, 'writer'));
const account = store.account('partner');
if (!account) throw new Error('the account is missing');
const owner = { account: account.id, mode: 'test' } as const;
const actor = { kind: 'api_key', name: `from ${first}` } as const;

for (let number = Number(first); ; number++) {
  const offered = store.offerPolicy(offerOf(owner, `key-${number}`));
  if (!offered.ok) throw new Error(offered.message);
  if (number % 5 === 0) continue; // nobody pays this one
  if (offered.value.kind === 'offer') {
    const paid = store.payOffer({ owner, id: offered.value.offer.id, actor, now: NOW });
    if (!paid.ok) throw new Error(paid.message); // paid by another process, it is a duplicate
    if (number % 3 === 0) change(paid.value.policy);
  }
  process.stdout.write(`${number}\n`);
}

function change({ id, revision, status }: Policy): void {
  const change =
    status === 'active'
      ? { action: 'cancelled' as const, reason: 'a test' }
      : { action: 'reactivated' as const };
  store.changePolicy({ id, expected: { revision }, change, actor, now: NOW });
}
