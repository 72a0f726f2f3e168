export { type Analytics, type AnalyticsLog, type AnalyticsOptions, createAnalytics } from './analytics.ts';
export type { QueryOptions } from './pending-query.ts';
export type { AnalyticsParameter, AnalyticsValue } from './protocol.ts';
export { type Literal, quoteIdentifier, quoteList, quoteLiteral } from './quote.ts';
