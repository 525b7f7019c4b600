import { laws, theorems, verify } from '../../theory/index.js';
import { leaveSignalsToParent } from '../files/stop-signals.js';

/** What the process is asked: a theorem by its id, and the seed of its random cases. It answers with the theorem verified. */
export interface VerifyQuestion {
  readonly id: string;
  readonly seed: number;
}

leaveSignalsToParent(['SIGTERM']);
process.on('message', ({ id, seed }: VerifyQuestion) => {
  const asked = theorems.filter((theorem) => theorem.id === id);
  process.send!(verify(laws, asked, seed).theorems[0]!);
});
