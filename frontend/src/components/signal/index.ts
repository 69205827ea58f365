export { plotData, type PlotData, type Signal } from './data';
export { RangeStrip } from './RangeStrip';
export { SignalPlot } from './SignalPlot';
export { clamp, panBy, partOf, sameRange, span, timeAt, zoomAt, type Range } from './view';
