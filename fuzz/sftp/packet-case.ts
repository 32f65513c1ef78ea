import { INIT, NOW } from '../../test/sftp/protocol/a-conversation.ts';
import { Finding } from '../finding.ts';
import { Random } from '../random.ts';
import { checkAnswer, Debts } from './answers.ts';
import { mutated, validRequest } from './packets.ts';
import { Peer } from './peer.ts';
import type { Site } from './site.ts';

const SESSIONS = 3; // at most, at once, of one account
const BATCHES = 12; // of a session, at most
const BATCH = 40; // packets sent without waiting, at most
const MUTATED = 0.4; // of the packets

/**
 * Sessions that send valid and mutated requests in any pieces. Every request must get its one answer, in order; what
 * is no SFTP must end the session; nothing may throw, hang or stay open. Gives how many packets were answered.
 */
export async function packetCase(site: Site, seed: number): Promise<number> {
  const random = new Random(seed);
  const { drop } = await site.partner(() => NOW);
  const sessions = Array.from({ length: 1 + random.below(SESSIONS) }, () => {
    return session(new Peer(drop, () => NOW), new Random(random.uint32()));
  });
  const answered = await Promise.all(sessions);
  if (site.held.size > 0) throw new Finding(`${site.held.size} files are still open after the sessions`);
  return answered.reduce((sum, one) => sum + one, 0);
}

async function session(peer: Peer, random: Random): Promise<number> {
  const debts = new Debts();
  const handles: Buffer[] = [];
  let answered = 0;
  try {
    for (let left = 1 + random.below(BATCHES); left > 0 && !debts.broken; left--) {
      const bytes = batch(random, answered, handles);
      const owed = debts.of(bytes);
      sendInPieces(peer, bytes, random);
      for (const one of owed) {
        const answer = await peer.answer();
        if (!answer) throw new Finding(`the session ended instead of an answer to type ${one.type}`);
        const handle = checkAnswer(answer, one);
        if (handle) handles.push(handle);
        answered++;
      }
    }
    if (debts.broken) await endedByServer(peer);
  } finally {
    await peer.leave(random.chance(0.5) ? 'end' : 'vanish');
  }
  const [fault] = peer.log.lines.filter(({ level }) => level === 'error');
  if (fault) throw new Finding(`the server failed: ${JSON.stringify(fault)}`);
  return answered;
}

function batch(random: Random, answered: number, handles: readonly Buffer[]): Buffer {
  const packets = Array.from({ length: 1 + random.below(BATCH) }, () => {
    const valid = validRequest(random, random.uint32(), handles);
    return random.chance(MUTATED) ? mutated(random, valid) : valid;
  });
  const greeting = random.chance(0.98) ? INIT : mutated(random, INIT);
  return Buffer.concat(answered === 0 ? [greeting, ...packets] : packets);
}

function sendInPieces(peer: Peer, bytes: Buffer, random: Random): void {
  const longest = random.pick([1, 5, 100, 5000, 1_000_000, 1_000_000]);
  let at = Math.max(0, bytes.length - 500 * longest); // in 500 pieces at most, and a first one
  if (at > 0) peer.send(bytes.subarray(0, at));
  while (at < bytes.length) {
    const end = at + 1 + random.below(longest);
    peer.send(bytes.subarray(at, end));
    at = end;
  }
}

async function endedByServer(peer: Peer): Promise<void> {
  const more = await peer.answer();
  if (more) throw new Finding(`an answer nobody asked for: ${more.subarray(0, 100).toString('hex')}`);
}
