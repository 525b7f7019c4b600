export { conditionText, isOfRun, parseCondition, type Condition } from './condition.js';
export { errorKinds, halfBar, pointMean, type ErrorKind, type Moments, type PointMean } from './point-mean.js';
export {
  cellText,
  columnCalled,
  distinct,
  findColumn,
  findQuantity,
  cellList,
  quantityCalled,
  type Ends,
  type Quantity,
} from './quantity.js';
export { selectPoints, type Grouping, type SelectedPoint, type Selection } from './select-points.js';
