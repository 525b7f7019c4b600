import { wrongLaws } from '../../../theory/broken/index.js';
import { laws, theorems, verify } from '../../../theory/index.js';
import { serveTask } from '../../core/serve-task.js';
import type { Answer, Question } from './questions.js';

serveTask<Question, Answer>(function* ({ id, isBroken }) {
  const asked = theorems.filter((theorem) => theorem.id === id);
  if (!isBroken) yield { verified: verify(laws, asked).theorems[0]! };
  else
    for (const [wrong, { broken, caughtBy }] of wrongLaws)
      if (caughtBy === id) yield { wrong, verified: verify({ ...laws, ...broken }, asked).theorems[0]! };
});
