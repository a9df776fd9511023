/* SPDX-License-Identifier: Apache-2.0 */
/* net - the sections interfaces, addresses, dns, routes and neighbours. */
#include "win.h"

#include <iphlpapi.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "facts/inet.h"

#define TRIES 5		/* the list grows between two calls */
#define TCPIP L"SYSTEM\\CurrentControlSet\\Services\\Tcpip\\Parameters"

/* The caller's free(); NULL with *E. */
static IP_ADAPTER_ADDRESSES *
adapters(DWORD *e)
{
	const ULONG flags = GAA_FLAG_SKIP_ANYCAST | GAA_FLAG_SKIP_MULTICAST;
	IP_ADAPTER_ADDRESSES *a = NULL;
	ULONG n = 64u << 10;
	int i;

	for (i = 0; i < TRIES; i++) {
		free(a);
		a = malloc(n);
		*e = a == NULL ? ERROR_NOT_ENOUGH_MEMORY : GetAdaptersAddresses(AF_UNSPEC, flags, NULL, a, &n);
		if (*e != ERROR_BUFFER_OVERFLOW)
			break;
	}
	if (*e == NO_ERROR)
		return a;
	free(a);
	return NULL;
}

static const char *
kind_of(DWORD type)
{
	return type == IF_TYPE_SOFTWARE_LOOPBACK ? "loopback" : type == IF_TYPE_ETHERNET_CSMACD ? "ethernet" :
	    type == IF_TYPE_IEEE80211 ? "wireless" : type == IF_TYPE_TUNNEL ? "tunnel" : type == IF_TYPE_PPP ? "ppp" :
	    type == 243 || type == 244 ? "wwan" : "other";
}

static const char *
state_of(IF_OPER_STATUS s)
{
	return s == IfOperStatusUp ? "up" : s == IfOperStatusDown ? "down" : s == IfOperStatusLowerLayerDown ? "lowerlayerdown" :
	    s == IfOperStatusDormant ? "dormant" : s == IfOperStatusNotPresent ? "notpresent" : "unknown";
}

static void
put_row(struct json_object *item, const IP_ADAPTER_ADDRESSES *a)
{
	MIB_IF_ROW2 row;

	memset(&row, 0, sizeof(row));
	row.InterfaceLuid = a->Luid;
	if (GetIfEntry2(&row) != NO_ERROR)
		return;
	out_bool(item, "admin_up", row.AdminStatus == NET_IF_ADMIN_STATUS_UP);
	out_u64(item, "rx_bytes", row.InOctets);
	out_u64(item, "tx_bytes", row.OutOctets);
}

int
win_interfaces(struct facts_source *src, struct json_object *out, struct facts_err *err)
{
	struct json_object *list, *item;
	IP_ADAPTER_ADDRESSES *all, *a;
	char mac[64];
	DWORD e;

	(void)src;
	all = adapters(&e);
	if (all == NULL)
		return win_fail(err, e, "network adapters");
	list = out_list(out, "items");
	for (a = all; a != NULL && (item = win_item(list, out)) != NULL; a = a->Next) {
		win_put(item, "name", a->FriendlyName);
		out_u64(item, "index", a->IfIndex != 0 ? a->IfIndex : a->Ipv6IfIndex);
		out_cstr(item, "kind", kind_of(a->IfType));
		win_put(item, "alias", a->Description);
		win_mac(a->PhysicalAddress, a->PhysicalAddressLength, mac);
		out_cstr(item, "mac", mac);
		if (a->Mtu != 0 && a->Mtu != UINT32_MAX)
			out_u64(item, "mtu_bytes", a->Mtu);
		out_cstr(item, "operstate", state_of(a->OperStatus));
		if (a->OperStatus == IfOperStatusUp && a->TransmitLinkSpeed != 0 && a->TransmitLinkSpeed != UINT64_MAX)
			out_u64(item, "speed_mbps", a->TransmitLinkSpeed / 1000000);
		put_row(item, a);
	}
	free(all);
	return 0;
}

static const char *
scope_of(const char *text)
{
	if (strncmp(text, "127.", 4) == 0 || strcmp(text, "::1") == 0)
		return "host";
	return strncmp(text, "169.254.", 8) == 0 || strncmp(text, "fe80:", 5) == 0 ? "link" : "global";
}

static void
put_address(struct json_object *item, const IP_ADAPTER_ADDRESSES *a, const IP_ADAPTER_UNICAST_ADDRESS *u)
{
	bool four = u->Address.lpSockaddr->sa_family == AF_INET;
	char text[64], mask[16];

	win_address(u->Address.lpSockaddr, text);
	win_put(item, "interface", a->FriendlyName);
	out_cstr(item, "address", text);
	out_u64(item, "family", four ? 4 : 6);
	out_u64(item, "prefix_bits", u->OnLinkPrefixLength);
	if (four && u->OnLinkPrefixLength <= 32) {
		inet_text4(inet_mask4(u->OnLinkPrefixLength), mask);
		out_cstr(item, "netmask", mask);
	}
	out_cstr(item, "scope", scope_of(text));
	if (!four && u->SuffixOrigin == IpSuffixOriginRandom && u->PrefixOrigin == IpPrefixOriginRouterAdvertisement)
		out_bool(item, "temporary", true);
	if (u->DadState == IpDadStateDeprecated)
		out_bool(item, "deprecated", true);
	if (u->DadState == IpDadStateTentative || u->DadState == IpDadStateDuplicate)
		out_bool(item, "tentative", true);
}

int
win_addresses(struct facts_source *src, struct json_object *out, struct facts_err *err)
{
	IP_ADAPTER_UNICAST_ADDRESS *u;
	IP_ADAPTER_ADDRESSES *all, *a;
	struct json_object *list;
	DWORD e;

	(void)src;
	all = adapters(&e);
	if (all == NULL)
		return win_fail(err, e, "addresses");
	list = out_list(out, "items");
	for (a = all; a != NULL; a = a->Next)
		for (u = a->FirstUnicastAddress; u != NULL; u = u->Next)
			put_address(win_item(list, out), a, u);
	free(all);
	return 0;
}

static bool
has_text(struct json_object *list, const char *text)
{
	size_t i;

	for (i = 0; i < json_object_array_length(list); i++)
		if (strcmp(json_object_get_string(json_object_array_get_idx(list, i)), text) == 0)
			return true;
	return false;
}

int
win_dns(struct facts_source *src, struct json_object *out, struct facts_err *err)
{
	IP_ADAPTER_DNS_SERVER_ADDRESS *d;
	IP_ADAPTER_ADDRESSES *all, *a;
	struct json_object *servers, *search;
	wchar_t list[WIN_TEXT];
	char text[64], names[WIN_TEXT];
	struct str rest, name;
	DWORD e;

	(void)src;
	all = adapters(&e);
	if (all == NULL)
		return win_fail(err, e, "name servers");
	servers = out_list(out, "servers");
	for (a = all; a != NULL; a = a->Next)
		for (d = a->OperStatus == IfOperStatusUp ? a->FirstDnsServerAddress : NULL; d != NULL; d = d->Next) {
			win_address(d->Address.lpSockaddr, text);
			if (text[0] != '\0' && !has_text(servers, text))
				out_item_text(servers, str_of(text));
		}
	if (win_reg_text(TCPIP, L"SearchList", list, WIN_TEXT) && list[0] != L'\0') {
		search = out_list(out, "search");
		rest = str_of(win_utf8(names, sizeof(names), list));
		while (str_part(&rest, ',', &name))
			out_item_text(search, name);
	}
	free(all);
	return 0;
}

/* --- routes and neighbours ------------------------------------------------------------------ */

static const IP_ADAPTER_ADDRESSES *
adapter_of(const IP_ADAPTER_ADDRESSES *all, const NET_LUID *luid)
{
	while (all != NULL && all->Luid.Value != luid->Value)
		all = all->Next;
	return all;
}

static bool
is_none(const SOCKADDR_INET *a)
{
	static const IN6_ADDR none;

	return a->si_family == AF_INET ? a->Ipv4.sin_addr.s_addr == 0 : memcmp(&a->Ipv6.sin6_addr, &none, sizeof(none)) == 0;
}

/* Groups, broadcasts and our own addresses are no routes that people mean. */
static bool
is_noise(const MIB_IPFORWARD_ROW2 *r, const char *text)
{
	bool four = r->DestinationPrefix.Prefix.si_family == AF_INET;

	if (r->Loopback || r->DestinationPrefix.PrefixLength == (four ? 32 : 128))
		return true;
	return four ? atoi(text) >= 224 || strncmp(text, "127.", 4) == 0 : strncmp(text, "ff", 2) == 0;
}

static void
put_route(struct json_object *out, struct json_object *list, const MIB_IPFORWARD_ROW2 *r, const IP_ADAPTER_ADDRESSES *all_adapters)
{
	const IP_ADAPTER_ADDRESSES *a = adapter_of(all_adapters, &r->InterfaceLuid);
	bool four = r->DestinationPrefix.Prefix.si_family == AF_INET;
	struct json_object *item;
	char text[64], all[80];

	win_address((const SOCKADDR *)&r->DestinationPrefix.Prefix, text);
	if (is_noise(r, text) || (item = win_item(list, out)) == NULL)
		return;
	snprintf(all, sizeof(all), "%s/%u", text, r->DestinationPrefix.PrefixLength);
	out_cstr(item, "destination", all);
	out_u64(item, "family", four ? 4 : 6);
	out_bool(item, "default", r->DestinationPrefix.PrefixLength == 0);
	if (!is_none(&r->NextHop)) {
		win_address((const SOCKADDR *)&r->NextHop, text);
		out_cstr(item, "gateway", text);
	}
	if (a != NULL)
		win_put(item, "interface", a->FriendlyName);
	out_u64(item, "metric", r->Metric + (a == NULL ? 0 : four ? a->Ipv4Metric : a->Ipv6Metric));
}

int
win_routes(struct facts_source *src, struct json_object *out, struct facts_err *err)
{
	struct json_object *list = out_list(out, "items");
	static const ADDRESS_FAMILY families[] = { AF_INET, AF_INET6 };
	DWORD e, first = NO_ERROR;
	IP_ADAPTER_ADDRESSES *all = adapters(&e);
	MIB_IPFORWARD_TABLE2 *t;
	size_t k;
	ULONG i;

	(void)src;
	for (k = 0; k < 2; k++) {
		e = GetIpForwardTable2(families[k], &t);
		if (e != NO_ERROR) {
			first = first != NO_ERROR || e == ERROR_NOT_FOUND ? first : e;
			continue;
		}
		for (i = 0; i < t->NumEntries; i++)
			put_route(out, list, &t->Table[i], all);
		FreeMibTable(t);
	}
	free(all);
	return first == NO_ERROR ? 0 : win_fail(err, first, "routes");
}

int
win_neighbours(struct facts_source *src, struct json_object *out, struct facts_err *err)
{
	struct json_object *list = out_list(out, "items"), *item;
	const IP_ADAPTER_ADDRESSES *a;
	IP_ADAPTER_ADDRESSES *all;
	MIB_IPNET_TABLE2 *t;
	char text[64], mac[64];
	DWORD e = GetIpNetTable2(AF_UNSPEC, &t), ignored;
	ULONG i;

	(void)src;
	if (e == ERROR_NOT_FOUND)
		return 0;
	if (e != NO_ERROR)
		return win_fail(err, e, "neighbours");
	all = adapters(&ignored);
	for (i = 0; i < t->NumEntries; i++) {
		const MIB_IPNET_ROW2 *r = &t->Table[i];

		win_mac(r->PhysicalAddress, r->PhysicalAddressLength, mac);
		win_address((const SOCKADDR *)&r->Address, text);
		if (mac[0] == '\0' || r->State < NlnsProbe || atoi(text) >= 224 || strncmp(text, "ff", 2) == 0 || strcmp(mac, "ff:ff:ff:ff:ff:ff") == 0)
			continue;
		item = win_item(list, out);
		out_cstr(item, "address", text);
		out_cstr(item, "mac", mac);
		a = adapter_of(all, &r->InterfaceLuid);
		if (a != NULL)
			win_put(item, "interface", a->FriendlyName);
		if (r->State == NlnsPermanent)
			out_bool(item, "permanent", true);
	}
	FreeMibTable(t);
	free(all);
	return 0;
}
