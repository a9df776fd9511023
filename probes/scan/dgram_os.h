/* SPDX-License-Identifier: Apache-2.0 */
/* dgram_os - sockets for datagrams, and what a system tells of packets that did not arrive: os/linux, os/windows. */
#ifndef MID_SCAN_DGRAM_OS_H
#define MID_SCAN_DGRAM_OS_H

#include <stdbool.h>
#include <sys/socket.h>

/* PROTOCOL 0 (UDP), IPPROTO_ICMP or IPPROTO_ICMPV6 for echo requests. <0: errno. Does not block. */
int dgram_open(int family, int protocol);
/* In words, why there is no socket for echo requests. */
const char *dgram_why_no_ping(int error);
/* Whose packet had an error, and which. False: there are no more. */
bool dgram_next_error(int fd, struct sockaddr_storage *to, int *error);

#endif
