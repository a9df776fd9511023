/* SPDX-License-Identifier: Apache-2.0 */
/* metrics - figures for a time series database, in OpenMetrics text: one row a figure. */
#ifndef MID_METRICS_H
#define MID_METRICS_H

struct buf;
struct vitals;

/* Appends the whole exposition, "# EOF" included. 0, or -E_FULL at OUT's ceiling. */
int metrics_text(struct buf *out, const struct vitals *v);

#endif
