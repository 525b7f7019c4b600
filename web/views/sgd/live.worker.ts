import { liveRuns, type LiveRuns } from '../../../src/studies/simulate/live-runs.js';
import { serveTask } from '../../core/serve-task.js';
import { settingAt, type LivePoint, type Plan, type PointRequest } from './messages.js';

/** Where the runs stand: those of a plan can go on, others begin anew. */
let standing: { readonly key: string; readonly runs: LiveRuns; place: number } | undefined;

/** All that the runs depend on up to a place. */
const keyOf = ({ config, changes, recorded }: Plan, place: number): string =>
  JSON.stringify([config, changes.filter(({ from }) => from < (recorded[place] ?? 0)), recorded.slice(0, place + 1)]);

serveTask<PointRequest, LivePoint>(async function* ({ plan, place }) {
  const { config, recorded } = plan;
  if (standing?.place !== place - 1 || standing.key !== keyOf(plan, place - 1))
    standing = { key: '', runs: liveRuns(config), place: -1 };
  const { runs } = standing;
  for (let next = standing.place + 1; next <= place; next++) {
    const point = await runs.to(recorded[next]!, settingAt(plan, recorded[next - 1] ?? 0));
    standing = { key: keyOf(plan, next), runs, place: next };
    yield next === place ? point : undefined;
  }
});
