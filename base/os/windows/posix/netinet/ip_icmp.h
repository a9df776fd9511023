/* SPDX-License-Identifier: Apache-2.0 */
#define ICMP_ECHO 8
#define ICMP_ECHOREPLY 0
