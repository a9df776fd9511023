/* SPDX-License-Identifier: Apache-2.0 */
#define ICMP6_ECHO_REQUEST 128
#define ICMP6_ECHO_REPLY 129
