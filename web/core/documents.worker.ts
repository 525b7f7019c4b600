import { findBoundary } from '../../src/studies/solve/boundary.js';
import { findResponse } from '../../src/studies/solve/response.js';
import { drawnSolutions, solve } from '../../src/studies/solve/solve.js';
import type { DocumentRequest } from './documents.js';
import { serveTask } from './serve-task.js';

serveTask(async function* (request: DocumentRequest) {
  yield undefined; // of several requests that wait only the last is worked on
  switch (request.name) {
    case 'solve':
      yield await solve(request.settings);
      break;
    case 'draws':
      yield await drawnSolutions(request.settings, request.settings.draws);
      break;
    case 'boundary':
      yield findBoundary(request.settings);
      break;
    case 'response':
      yield findResponse(request.settings);
  }
});
