import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { route, type Route } from './route.js';
import type { Services } from './services.js';

/**
 * The service's own figures for Prometheus, beside those of the process and of Node:
 * `passportx_writer` (1 in the process that writes), `passportx_log_head`, `passportx_folded` (positions),
 * `passportx_fold_lag` (entries between them),
 * `passportx_snapshots_seq` (position up to which every stored snapshot is right), `passportx_batches`,
 * `passportx_queued_deliveries`, `passportx_quarantined` (items), `passportx_chain_lag_seconds` (age of the tip; absent
 * before the first block), `passportx_chain_stalled` (1 while nothing comes though the node has newer blocks),
 * `passportx_unproven_blocks`, `passportx_reorgs`, `passportx_alerts`, `passportx_alerts_firing`,
 * `passportx_alert_webhooks_pending`, `passportx_alert_webhooks_failed` (given up), `passportx_socket_clients`, `passportx_cache_hits`,
 * `passportx_cache_misses`, and `passportx_http_request_seconds` by method, route and status.
 */
export class HttpMetrics {
  readonly registry = new Registry();
  readonly #requests = new Histogram({
    name: 'passportx_http_request_seconds',
    help: 'Time to answer, by declared route',
    labelNames: ['method', 'route', 'status'],
    registers: [this.registry],
  });

  constructor(
    {
      figures,
      membership,
      chainStatus,
      quarantine,
      alerts,
    }: Pick<Services, 'figures' | 'membership' | 'chainStatus' | 'quarantine' | 'alerts'>,
    cache: () => { hits: number; misses: number },
  ) {
    collectDefaultMetrics({ register: this.registry });
    const gauge = (name: string, help: string, read: () => number | null | Promise<number | null>): void => {
      new Gauge({
        name: `passportx_${name}`,
        help,
        registers: [this.registry],
        async collect() {
          const value = await read();
          if (value === null) this.remove();
          else this.set(value);
        },
      });
    };
    gauge('log_head', 'Log position of the last durable entry', () => figures().head);
    gauge('writer', '1 in the process that writes', () => (membership.part === 'writer' ? 1 : 0));
    gauge('folded', 'Log position that the metrics include', () => figures().folded);
    gauge('fold_lag', 'Durable entries that the metrics do not include yet', () => figures().head - figures().folded);
    gauge('snapshots_seq', 'Log position up to which every stored snapshot is right', () => figures().snapshots);
    gauge('batches', 'Batches folded since the start', () => figures().batches);
    gauge('queued_deliveries', 'Deliveries that wait for the store', () => figures().queued);
    gauge('quarantined', 'Items that were not understood and wait for an admin', () =>
      // A store that fails must not hide the other figures.
      quarantine.count().catch(() => null),
    );
    gauge('socket_clients', 'Connected Socket.IO clients', () => figures().socketClients);
    gauge('chain_lag_seconds', 'Time since the block time of the tip', () => {
      const { lagMs } = chainStatus();
      return lagMs === null ? null : lagMs / 1000;
    });
    gauge('chain_stalled', 'No delivery for CHAINHOOK_STALL_MS though the node has a higher block', () =>
      Number(chainStatus().stalled),
    );
    gauge('unproven_blocks', 'Blocks that count, but that nothing proves', () => chainStatus().unprovenCount);
    gauge('reorgs', 'Reorgs seen', () => chainStatus().reorgs.count);
    // Whoever does not write knows them of the time when it did, or of its start.
    const ofAlerts = (name: string, help: string, which: keyof typeof alerts.figures): void =>
      gauge(name, `${help}; in the process that writes`, () =>
        membership.part === 'writer' ? alerts.figures[which] : null,
      );
    ofAlerts('alerts', 'Alerts that are set', 'alerts');
    ofAlerts('alerts_firing', 'Alerts that fire', 'firing');
    ofAlerts('alert_webhooks_pending', 'Messages of alerts that wait to be delivered', 'pendingWebhooks');
    ofAlerts('alert_webhooks_failed', 'Messages of alerts given up since the start', 'failedWebhooks');
    gauge('cache_hits', 'Live reads answered from the cache', () => cache().hits);
    gauge('cache_misses', 'Live reads computed', () => cache().misses);
  }

  /** @param path the route as declared, never the path that was asked: the label must have few values. */
  answered(method: string, path: string, status: number, seconds: number): void {
    this.#requests.observe({ method, route: path, status }, seconds);
  }
}

export function metricsRoutes({ registry }: HttpMetrics): Route[] {
  return [
    route({
      method: 'get',
      path: '/metrics',
      access: 'open',
      tag: 'operation',
      summary: 'Figures of the service for Prometheus',
      outcomes: { 200: { description: 'Text exposition format 0.0.4', type: 'text/plain' } },
      handle: async () => ({ status: 200, type: registry.contentType, body: await registry.metrics() }),
    }),
  ];
}
