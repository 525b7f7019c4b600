export {
  afterSwitch,
  meanEnergies,
  type AfterSwitch,
  type MeanEnergies,
  type Switch,
  type SwitchedLoss,
} from './after-switch.js';
export { energiesAlong, networkLevels } from './network-levels.js';
export { modelLevels, type ModelLevels } from './model-levels.js';
export {
  relaxed,
  relaxedEnergies,
  shareOfTop,
  type RelaxedEnergies,
  type RelaxingLevel,
  type SwitchedGradient,
  type SwitchedRule,
} from './relaxation.js';
