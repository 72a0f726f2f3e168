export { type Analytics, createAnalytics } from './analytics.ts';
export type { AnalyticsValue } from './protocol.ts';
export { quoteIdentifier, quoteList, quoteLiteral } from './quote.ts';
