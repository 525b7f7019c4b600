import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  isLockName,
  lockName,
  removeOwn,
  takeLock,
  type Claimant,
  type LockFiles,
} from '../../src/files/lock-steps.js';

type Take = typeof takeLock<Claimant>;

/** A folder in memory, and processes that take its lock, hold it and give it back, one step at a time; each may die between two steps. */
class World {
  readonly files = new Map<string, Claimant>();
  private readonly dead = new Set<string>();
  private readonly slots: Slot[] = [];
  private born = 0;
  private readonly take: Take;

  constructor(slots: number, take: Take, deadOnes: number) {
    this.take = take;
    let name = lockName;
    for (let i = 0; i < deadOnes; i++) {
      const owner = { token: this.token() };
      this.files.set(name, owner);
      this.dead.add(owner.token);
      name = `${lockName}.${owner.token}`;
    }
    for (let i = 0; i < slots; i++) this.slots.push(this.newcomer());
  }

  /** Whether all are gone, and none had the lock or one left a file. */
  get endedBadly(): boolean {
    const gone = this.slots.every((_, slot) => this.isDone(slot));
    return gone && (this.files.size > 0 || this.slots.every(({ phase }) => phase === 'refused'));
  }

  get holders(): number {
    return this.slots.filter(({ phase }) => phase === 'holds').length;
  }

  /** Everything that what follows depends on. */
  get state(): string {
    const seen = this.slots.map(({ me, phase, trace }) => `${me.token} ${phase} ${trace.join()}`);
    const files = [...this.files].map(([name, { token }]) => `${name}=${token}`).sort();
    return [...seen, ...files, [...this.dead].sort().join(), this.born].join('\n');
  }

  isDone(slot: number): boolean {
    return /done|refused/.test(this.slots[slot]!.phase);
  }

  /** A step of a process: towards the lock, or from holding it to having given it back. */
  step(slot: number): void {
    const it = this.slots[slot]!;
    if (this.isDone(slot)) return;
    if (it.phase === 'holds') [it.phase, it.steps] = ['leaves', removeOwn(it.files, lockName, it.me)];
    const { done, value } = it.steps.next();
    if (done !== true) return;
    if (it.phase === 'leaves') it.phase = 'done';
    else it.phase = value === undefined ? 'holds' : 'refused';
  }

  /** Another process comes in the place of one that has died or is done. */
  replace(slot: number): void {
    if (!this.isDone(slot)) this.dead.add(this.slots[slot]!.me.token);
    this.slots[slot] = this.newcomer();
  }

  private newcomer(): Slot {
    const me = { token: this.token() };
    const trace: string[] = [];
    const files = this.filesOf(trace);
    const steps = this.take(files, me, ({ token }) => this.dead.has(token));
    steps.next(); // to before its first step
    return { me, trace, files, phase: 'takes', steps };
  }

  private token(): string {
    return (this.born++).toString(16).padStart(32, '0');
  }

  private filesOf(trace: string[]): LockFiles<Claimant> {
    const { files } = this;
    const noted = <T>(what: T, text: string): T => {
      trace.push(text);
      return what;
    };
    return {
      read: (name) => noted(files.get(name), files.get(name)?.token ?? '-'),
      create(name, owner) {
        const free = !files.has(name);
        if (free) files.set(name, owner);
        return noted(free, String(free));
      },
      rename(from, to) {
        const owner = files.get(from);
        if (owner === undefined) throw new Error(`${from} was removed from under its holder`);
        files.delete(from);
        files.set(to, owner);
        trace.push('renamed');
      },
      remove(name) {
        files.delete(name);
        trace.push('removed');
      },
      names: () => noted([...files.keys()], [...files.keys()].join()),
    };
  }
}

interface Slot {
  readonly me: Claimant;
  readonly trace: string[];
  readonly files: LockFiles<Claimant>;
  phase: 'takes' | 'holds' | 'leaves' | 'done' | 'refused';
  steps: Generator<void, unknown>;
}

type Move = readonly ['step' | 'die', number];

/** All states that processes can come to, with up to `deaths` deaths, over a chain of `deadOnes`: the most holders of any, and how many end badly. */
function explore(
  take: Take,
  { slots, deadOnes, deaths }: { readonly slots: number; readonly deadOnes: number; readonly deaths: number },
): { readonly states: number; readonly holders: number; readonly badEnds: number } {
  const at = (moves: readonly Move[]): World => {
    const world = new World(slots, take, deadOnes);
    for (const [what, slot] of moves) {
      if (what === 'step') world.step(slot);
      else world.replace(slot);
    }
    return world;
  };
  const seen = new Set<string>();
  const left: (readonly Move[])[] = [[]];
  let [holders, badEnds] = [0, 0];
  for (let moves = left.pop(); moves !== undefined; moves = left.pop()) {
    const world = at(moves);
    const { state } = world;
    if (seen.has(state)) continue;
    seen.add(state);
    holders = Math.max(holders, world.holders);
    const died = moves.filter(([what]) => what === 'die').length;
    if (died === 0 && world.endedBadly) badEnds++;
    for (let slot = 0; slot < slots; slot++) {
      if (world.isDone(slot)) continue;
      left.push([...moves, ['step', slot]]);
      if (died < deaths) left.push([...moves, ['die', slot]]);
    }
  }
  return { states: seen.size, holders, badEnds };
}

/** Takes over as is often done: reads, then removes what may be another's by now. */
const readThenRemove: Take = function* (files, me, isDead) {
  for (;;) {
    yield;
    if (files.create(lockName, me)) return undefined;
    yield;
    const owner = files.read(lockName);
    if (owner !== undefined && !isDead(owner)) return owner;
    yield;
    files.remove(lockName);
  }
};

describe('takeLock', () => {
  it.each([
    { slots: 2, deadOnes: 0, deaths: 1 },
    { slots: 2, deadOnes: 1, deaths: 1 },
    { slots: 2, deadOnes: 3, deaths: 1 },
    { slots: 3, deadOnes: 0, deaths: 0 },
    { slots: 3, deadOnes: 1, deaths: 0 },
  ])('has one holder in every state of $slots processes over $deadOnes dead locks, with $deaths deaths', (sizes) => {
    const { states, holders, badEnds } = explore(takeLock, sizes);
    expect(holders).toBe(1);
    expect(badEnds).toBe(0);
    expect(states).toBeGreaterThan(100);
  });

  it('is told apart by this from reading and then removing, which lets two in', () => {
    expect(explore(readThenRemove, { slots: 2, deadOnes: 1, deaths: 0 }).holders).toBe(2);
  });

  it('has one holder however the steps and deaths of four processes are mixed, and never locks out', () => {
    const moves = fc.array(fc.record({ slot: fc.nat(3), dies: fc.integer({ min: 0, max: 19 }).map((n) => n === 0) }), {
      maxLength: 500,
      size: 'max',
    });
    let takeovers = 0;
    fc.assert(
      fc.property(fc.nat(3), moves, (deadOnes, schedule) => {
        const world = new World(4, takeLock, deadOnes);
        for (const { slot, dies } of schedule) {
          if (dies || world.isDone(slot)) world.replace(slot);
          else world.step(slot);
          if (world.holders > 1) return false;
        }
        for (const slot of [0, 1, 2, 3]) world.replace(slot); // all die
        while (world.holders === 0 && !world.isDone(0)) world.step(0);
        takeovers++;
        if (world.holders !== 1 || [...world.files.keys()].join() !== lockName) return false;
        while (!world.isDone(0)) world.step(0);
        return world.files.size === 0;
      }),
      { numRuns: 1000, seed: 7 },
    );
    expect(takeovers).toBe(1000);
  });
});

describe('isLockName', () => {
  it('knows the lock, its successors and what is in the making, and nothing else', () => {
    const token = '0123456789abcdef0123456789abcdef';
    const ours = [
      '',
      `.${token}`,
      '.0123456789abcdef.tiny-subspace-tmp',
      `.${token}.0123456789abcdef.tiny-subspace-tmp`,
    ];
    expect(ours.map((rest) => isLockName(`tiny-subspace.lock${rest}`))).toEqual(ours.map(() => true));
    const others = [
      'lock',
      'tiny-subspace.lock.bak',
      'tiny-subspace.lock.0123',
      `x.tiny-subspace.lock`,
      `tiny-subspace.lock.${token}.txt`,
    ];
    expect(others.map(isLockName)).toEqual(others.map(() => false));
  });
});
