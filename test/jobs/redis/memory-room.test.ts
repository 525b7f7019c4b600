import { describe, expect, it } from 'vitest';
import { memoryRoom } from '../../../src/jobs/redis/memory-room.js';

const open = new AbortController().signal;
const soon = async (entering: Promise<boolean>): Promise<boolean | 'waits'> =>
  Promise.race([entering, new Promise<'waits'>((resolve) => setTimeout(resolve, 5, 'waits'))]);

describe('memory that is shared out', () => {
  it('lets in what fits, and anything that is alone', async () => {
    const room = memoryRoom(10);
    expect(await soon(room.enter(25, open))).toBe(true);
    const [first, second] = [room.enter(6, open), room.enter(5, open)];
    expect(await soon(first)).toBe('waits');
    room.leave(25);
    expect([await soon(first), await soon(second)]).toEqual([true, 'waits']);
    expect(await soon(room.enter(4, open))).toBe(true);
    room.leave(6);
    expect(await soon(second)).toBe(true);
  });

  it('lets go of who waits and is stopped', async () => {
    const room = memoryRoom(10);
    const stop = new AbortController();
    await room.enter(10, open);
    const waiting = room.enter(1, stop.signal);
    stop.abort();
    expect(await soon(waiting)).toBe(false);
    room.leave(10);
    expect(await soon(room.enter(10, open))).toBe(true);
  });
});
