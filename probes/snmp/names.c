/* SPDX-License-Identifier: Apache-2.0 */
/* names - see names.h. A row names an object and those right below it, from 1 on; "-" is one without a name. */
#include "names.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct row {
	const char *oid, *name, *below;
} rows[] = {
	{ "1", "iso", "- - org" },
	{ "1.3", "org", "- - - - - dod" },
	{ "1.3.6", "dod", "internet" },
	{ "1.3.6.1", "internet", "directory mgmt experimental private security snmpV2" },
	{ "1.3.6.1.2", "mgmt", "mib-2" },
	{ "1.3.6.1.4", "private", "enterprises" },
	{ "1.3.6.1.4.1", "enterprises", "" },
	{ "1.3.6.1.4.1.9", "cisco", "ciscoProducts" },
	{ "1.3.6.1.6.3", "snmpModules", "" },
	{ "1.3.6.1.2.1", "mib-2", "system interfaces at ip icmp tcp udp egp - transmission snmp - - ospf bgp rmon dot1dBridge" },
	{ "1.3.6.1.2.1.1", "system", "sysDescr sysObjectID sysUpTime sysContact sysName sysLocation sysServices sysORLastChange sysORTable" },
	{ "1.3.6.1.2.1.1.9.1", "sysOREntry", "sysORIndex sysORID sysORDescr sysORUpTime" },
	{ "1.3.6.1.2.1.2", "interfaces", "ifNumber ifTable" },
	{ "1.3.6.1.2.1.2.2.1", "ifEntry", "ifIndex ifDescr ifType ifMtu ifSpeed ifPhysAddress ifAdminStatus ifOperStatus ifLastChange "
	    "ifInOctets ifInUcastPkts ifInNUcastPkts ifInDiscards ifInErrors ifInUnknownProtos ifOutOctets ifOutUcastPkts "
	    "ifOutNUcastPkts ifOutDiscards ifOutErrors ifOutQLen ifSpecific" },
	{ "1.3.6.1.2.1.3.1.1", "atEntry", "atIfIndex atPhysAddress atNetAddress" },
	{ "1.3.6.1.2.1.4", "ip", "ipForwarding ipDefaultTTL ipInReceives ipInHdrErrors ipInAddrErrors ipForwDatagrams ipInUnknownProtos "
	    "ipInDiscards ipInDelivers ipOutRequests ipOutDiscards ipOutNoRoutes ipReasmTimeout ipReasmReqds ipReasmOKs ipReasmFails "
	    "ipFragOKs ipFragFails ipFragCreates ipAddrTable ipRouteTable ipNetToMediaTable ipRoutingDiscards ipForward" },
	{ "1.3.6.1.2.1.4.20.1", "ipAddrEntry", "ipAdEntAddr ipAdEntIfIndex ipAdEntNetMask ipAdEntBcastAddr ipAdEntReasmMaxSize" },
	{ "1.3.6.1.2.1.4.21.1", "ipRouteEntry", "ipRouteDest ipRouteIfIndex ipRouteMetric1 ipRouteMetric2 ipRouteMetric3 ipRouteMetric4 "
	    "ipRouteNextHop ipRouteType ipRouteProto ipRouteAge ipRouteMask ipRouteMetric5 ipRouteInfo" },
	{ "1.3.6.1.2.1.4.22.1", "ipNetToMediaEntry", "ipNetToMediaIfIndex ipNetToMediaPhysAddress ipNetToMediaNetAddress ipNetToMediaType" },
	{ "1.3.6.1.2.1.4.24", "ipForward", "ipForwardNumber ipForwardTable inetCidrRouteNumber ipCidrRouteTable - - inetCidrRouteTable" },
	{ "1.3.6.1.2.1.4.24.4.1", "ipCidrRouteEntry", "ipCidrRouteDest ipCidrRouteMask ipCidrRouteTos ipCidrRouteNextHop ipCidrRouteIfIndex "
	    "ipCidrRouteType ipCidrRouteProto ipCidrRouteAge ipCidrRouteInfo ipCidrRouteNextHopAS ipCidrRouteMetric1" },
	{ "1.3.6.1.2.1.4.34", "ipAddressTable", "ipAddressEntry" },
	{ "1.3.6.1.2.1.4.34.1", "ipAddressEntry", "ipAddressAddrType ipAddressAddr ipAddressIfIndex ipAddressType ipAddressPrefix "
	    "ipAddressOrigin ipAddressStatus" },
	{ "1.3.6.1.2.1.4.35", "ipNetToPhysicalTable", "ipNetToPhysicalEntry" },
	{ "1.3.6.1.2.1.4.35.1", "ipNetToPhysicalEntry", "ipNetToPhysicalIfIndex ipNetToPhysicalNetAddressType ipNetToPhysicalNetAddress "
	    "ipNetToPhysicalPhysAddress" },
	{ "1.3.6.1.2.1.6", "tcp", "tcpRtoAlgorithm tcpRtoMin tcpRtoMax tcpMaxConn tcpActiveOpens tcpPassiveOpens tcpAttemptFails "
	    "tcpEstabResets tcpCurrEstab tcpInSegs tcpOutSegs tcpRetransSegs tcpConnTable" },
	{ "1.3.6.1.2.1.6.13.1", "tcpConnEntry", "tcpConnState tcpConnLocalAddress tcpConnLocalPort tcpConnRemAddress tcpConnRemPort" },
	{ "1.3.6.1.2.1.15", "bgp", "bgpVersion bgpLocalAs bgpPeerTable bgpIdentifier" },
	{ "1.3.6.1.2.1.15.3.1", "bgpPeerEntry", "bgpPeerIdentifier bgpPeerState bgpPeerAdminStatus bgpPeerNegotiatedVersion bgpPeerLocalAddr "
	    "bgpPeerLocalPort bgpPeerRemoteAddr bgpPeerRemotePort bgpPeerRemoteAs" },
	{ "1.3.6.1.2.1.17", "dot1dBridge", "dot1dBase dot1dStp dot1dSr dot1dTp dot1dStatic pBridgeMIB qBridgeMIB" },
	{ "1.3.6.1.2.1.17.1", "dot1dBase", "dot1dBaseBridgeAddress dot1dBaseNumPorts dot1dBaseType dot1dBasePortTable" },
	{ "1.3.6.1.2.1.17.1.4.1", "dot1dBasePortEntry", "dot1dBasePort dot1dBasePortIfIndex dot1dBasePortCircuit" },
	{ "1.3.6.1.2.1.17.2", "dot1dStp", "dot1dStpProtocolSpecification dot1dStpPriority dot1dStpTimeSinceTopologyChange dot1dStpTopChanges "
	    "dot1dStpDesignatedRoot dot1dStpRootCost dot1dStpRootPort - - - - - - - dot1dStpPortTable" },
	{ "1.3.6.1.2.1.17.2.15.1", "dot1dStpPortEntry", "dot1dStpPort dot1dStpPortPriority dot1dStpPortState dot1dStpPortEnable "
	    "dot1dStpPortPathCost dot1dStpPortDesignatedRoot dot1dStpPortDesignatedCost dot1dStpPortDesignatedBridge dot1dStpPortDesignatedPort" },
	{ "1.3.6.1.2.1.17.4", "dot1dTp", "dot1dTpLearnedEntryDiscards dot1dTpAgingTime dot1dTpFdbTable dot1dTpPortTable" },
	{ "1.3.6.1.2.1.17.4.3.1", "dot1dTpFdbEntry", "dot1dTpFdbAddress dot1dTpFdbPort dot1dTpFdbStatus" },
	{ "1.3.6.1.2.1.17.7.1.2.2", "dot1qTpFdbTable", "dot1qTpFdbEntry" },
	{ "1.3.6.1.2.1.17.7.1.2.2.1", "dot1qTpFdbEntry", "dot1qTpFdbAddress dot1qTpFdbPort dot1qTpFdbStatus" },
	{ "1.3.6.1.2.1.17.7.1.4.2", "dot1qVlanCurrentTable", "dot1qVlanCurrentEntry" },
	{ "1.3.6.1.2.1.17.7.1.4.2.1", "dot1qVlanCurrentEntry", "dot1qVlanTimeMark dot1qVlanIndex dot1qVlanFdbId dot1qVlanCurrentEgressPorts "
	    "dot1qVlanCurrentUntaggedPorts dot1qVlanStatus" },
	{ "1.3.6.1.2.1.17.7.1.4.3", "dot1qVlanStaticTable", "dot1qVlanStaticEntry" },
	{ "1.3.6.1.2.1.17.7.1.4.3.1", "dot1qVlanStaticEntry", "dot1qVlanStaticName dot1qVlanStaticEgressPorts dot1qVlanForbiddenEgressPorts "
	    "dot1qVlanStaticUntaggedPorts dot1qVlanStaticRowStatus" },
	{ "1.3.6.1.2.1.25", "host", "hrSystem hrStorage hrDevice hrSWRun hrSWRunPerf hrSWInstalled" },
	{ "1.3.6.1.2.1.25.1", "hrSystem", "hrSystemUptime hrSystemDate hrSystemInitialLoadDevice hrSystemInitialLoadParameters hrSystemNumUsers "
	    "hrSystemProcesses hrSystemMaxProcesses" },
	{ "1.3.6.1.2.1.25.2", "hrStorage", "hrStorageTypes hrMemorySize hrStorageTable" },
	{ "1.3.6.1.2.1.25.2.3.1", "hrStorageEntry", "hrStorageIndex hrStorageType hrStorageDescr hrStorageAllocationUnits hrStorageSize "
	    "hrStorageUsed hrStorageAllocationFailures" },
	{ "1.3.6.1.2.1.25.3", "hrDevice", "hrDeviceTypes hrDeviceTable hrProcessorTable hrNetworkTable hrPrinterTable hrDiskStorageTable" },
	{ "1.3.6.1.2.1.25.3.2.1", "hrDeviceEntry", "hrDeviceIndex hrDeviceType hrDeviceDescr hrDeviceID hrDeviceStatus hrDeviceErrors" },
	{ "1.3.6.1.2.1.25.3.5.1", "hrPrinterEntry", "hrPrinterStatus hrPrinterDetectedErrorState" },
	{ "1.3.6.1.2.1.25.4.2", "hrSWRunTable", "hrSWRunEntry" },
	{ "1.3.6.1.2.1.25.4.2.1", "hrSWRunEntry", "hrSWRunIndex hrSWRunName hrSWRunID hrSWRunPath hrSWRunParameters hrSWRunType hrSWRunStatus" },
	{ "1.3.6.1.2.1.25.6.3", "hrSWInstalledTable", "hrSWInstalledEntry" },
	{ "1.3.6.1.2.1.25.6.3.1", "hrSWInstalledEntry", "hrSWInstalledIndex hrSWInstalledName hrSWInstalledID hrSWInstalledType hrSWInstalledDate" },
	{ "1.3.6.1.2.1.31.1", "ifMIBObjects", "ifXTable ifStackTable" },
	{ "1.3.6.1.2.1.31.1.1.1", "ifXEntry", "ifName ifInMulticastPkts ifInBroadcastPkts ifOutMulticastPkts ifOutBroadcastPkts ifHCInOctets "
	    "ifHCInUcastPkts ifHCInMulticastPkts ifHCInBroadcastPkts ifHCOutOctets ifHCOutUcastPkts ifHCOutMulticastPkts "
	    "ifHCOutBroadcastPkts ifLinkUpDownTrapEnable ifHighSpeed ifPromiscuousMode ifConnectorPresent ifAlias ifCounterDiscontinuityTime" },
	{ "1.3.6.1.2.1.31.1.2.1", "ifStackEntry", "ifStackHigherLayer ifStackLowerLayer ifStackStatus" },
	{ "1.3.6.1.2.1.33.1", "upsObjects", "upsIdent upsBattery upsInput upsOutput" },
	{ "1.3.6.1.2.1.33.1.1", "upsIdent", "upsIdentManufacturer upsIdentModel upsIdentUPSSoftwareVersion upsIdentAgentSoftwareVersion upsIdentName" },
	{ "1.3.6.1.2.1.43", "printmib", "- - - - prtGeneral - - prtInput prtOutput prtMarker prtMarkerSupplies" },
	{ "1.3.6.1.2.1.43.5.1.1", "prtGeneralEntry", "prtGeneralConfigChanges prtGeneralCurrentLocalization prtGeneralReset - - - - - - - - - - - - "
	    "prtGeneralPrinterName prtGeneralSerialNumber" },
	{ "1.3.6.1.2.1.43.10.2.1", "prtMarkerEntry", "prtMarkerIndex prtMarkerMarkTech prtMarkerCounterUnit prtMarkerLifeCount prtMarkerPowerOnCount" },
	{ "1.3.6.1.2.1.43.11.1.1", "prtMarkerSuppliesEntry", "prtMarkerSuppliesIndex prtMarkerSuppliesMarkerIndex prtMarkerSuppliesColorantIndex "
	    "prtMarkerSuppliesClass prtMarkerSuppliesType prtMarkerSuppliesDescription prtMarkerSuppliesSupplyUnit "
	    "prtMarkerSuppliesMaxCapacity prtMarkerSuppliesLevel" },
	{ "1.3.6.1.2.1.47.1.1.1", "entPhysicalTable", "entPhysicalEntry" },
	{ "1.3.6.1.2.1.47.1.1.1.1", "entPhysicalEntry", "entPhysicalIndex entPhysicalDescr entPhysicalVendorType entPhysicalContainedIn "
	    "entPhysicalClass entPhysicalParentRelPos entPhysicalName entPhysicalHardwareRev entPhysicalFirmwareRev entPhysicalSoftwareRev "
	    "entPhysicalSerialNum entPhysicalMfgName entPhysicalModelName entPhysicalAlias entPhysicalAssetID entPhysicalIsFRU" },
	{ "1.3.6.1.2.1.47.1.3.2.1", "entAliasMappingEntry", "entAliasLogicalIndexOrZero entAliasMappingIdentifier" },
	{ "1.3.6.1.4.1.9.9.23.1.2", "cdpCache", "cdpCacheTable" },
	{ "1.3.6.1.4.1.9.9.23.1.2.1.1", "cdpCacheEntry", "cdpCacheIfIndex cdpCacheDeviceIndex cdpCacheAddressType cdpCacheAddress cdpCacheVersion "
	    "cdpCacheDeviceId cdpCacheDevicePort cdpCachePlatform cdpCacheCapabilities" },
	{ "1.0.8802.1.1.2.1.3", "lldpLocalSystemData", "lldpLocChassisIdSubtype lldpLocChassisId lldpLocSysName lldpLocSysDesc "
	    "lldpLocSysCapSupported lldpLocSysCapEnabled lldpLocPortTable lldpLocManAddrTable" },
	{ "1.0.8802.1.1.2.1.3.7.1", "lldpLocPortEntry", "lldpLocPortNum lldpLocPortIdSubtype lldpLocPortId lldpLocPortDesc" },
	{ "1.0.8802.1.1.2.1.4", "lldpRemoteSystemsData", "lldpRemTable lldpRemManAddrTable" },
	{ "1.0.8802.1.1.2.1.4.1.1", "lldpRemEntry", "lldpRemTimeMark lldpRemLocalPortNum lldpRemIndex lldpRemChassisIdSubtype lldpRemChassisId "
	    "lldpRemPortIdSubtype lldpRemPortId lldpRemPortDesc lldpRemSysName lldpRemSysDesc lldpRemSysCapSupported lldpRemSysCapEnabled" },
};

#define NROWS (sizeof(rows) / sizeof(rows[0]))

struct names {
	struct oid oid[NROWS];
};

struct names *
names_new(void)
{
	struct names *n = calloc(1, sizeof(*n));
	size_t i;

	for (i = 0; n != NULL && i < NROWS; i++)
		(void)oid_parse(rows[i].oid, &n->oid[i]);
	return n;
}

void
names_free(struct names *n)
{
	free(n);
}

static bool
is_name(const char *s, const char *name, size_t len)
{
	return strncmp(s, name, len) == 0 && (s[len] == '\0' || s[len] == ' ');
}

/* One name, without dots. */
static int
find_one(const struct names *n, const char *name, size_t len, struct oid *out)
{
	const char *s;
	uint32_t arc;
	size_t i;

	for (i = 0; i < NROWS; i++) {
		if (is_name(rows[i].name, name, len)) {
			*out = n->oid[i];
			return 0;
		}
		for (s = rows[i].below, arc = 1; *s != '\0'; s += s[strcspn(s, " ")] == '\0' ? strcspn(s, " ") : strcspn(s, " ") + 1, arc++)
			if (*s != '-' && is_name(s, name, len)) {
				*out = n->oid[i];
				return oid_append(out, &arc, 1);
			}
	}
	return -1;
}

/* By numbers alone: what begins elsewhere is meant to stand below internet, but for the IEEE's. */
static int
find_number(const char *text, size_t len, struct oid *out)
{
	static const uint32_t internet[] = { 1, 3, 6, 1 }, ieee[] = { 1, 0, 8802 };
	struct oid o, all = { .n = 4, .id = { 1, 3, 6, 1 } };

	if (oid_read(text, len, &o) < 0)
		return -1;
	if (oid_under(o.id, o.n, internet, 4) || oid_under(o.id, o.n, ieee, 3) || oid_under(internet, 4, o.id, o.n))
		all = o;
	else if (oid_append(&all, o.id, o.n) < 0)
		return -1;
	*out = all;
	return 0;
}

int
names_find(const struct names *n, const char *text, size_t len, struct oid *out)
{
	const char *end = text + len, *at, *dot;
	struct oid o = { 0 }, numbers;

	if (len > 0 && (isdigit((unsigned char)*text) || *text == '.'))
		return find_number(text, len, out);
	for (at = text; at < end; at = dot + 1) {	/* each name says all by itself; the last one counts */
		dot = memchr(at, '.', (size_t)(end - at));
		dot = dot == NULL ? end : dot;
		if (isdigit((unsigned char)*at)) {
			if (o.n == 0 || oid_read(at, (size_t)(end - at), &numbers) < 0 || oid_append(&o, numbers.id, numbers.n) < 0)
				return -1;
			break;
		}
		if (dot == at || find_one(n, at, (size_t)(dot - at), &o) < 0)
			return -1;
	}
	if (o.n == 0)
		return -1;
	*out = o;
	return 0;
}

unsigned
names_of(const struct names *n, const uint32_t *oid, unsigned len, char out[NAME_MAX_LEN])
{
	unsigned best = 0, arc;
	size_t i, row = 0, w;
	const char *s;

	for (i = 0; i < NROWS; i++)
		if (n->oid[i].n > best && oid_under(oid, len, n->oid[i].id, n->oid[i].n)) {
			best = n->oid[i].n;
			row = i;
		}
	if (best == 0)
		return 0;
	snprintf(out, NAME_MAX_LEN, "%s", rows[row].name);
	s = rows[row].below;
	for (arc = 1; best < len && arc < oid[best] && *s != '\0'; arc++) {
		w = strcspn(s, " ");
		s += s[w] == '\0' ? w : w + 1;
	}
	w = strcspn(s, " ");
	if (best == len || oid[best] == 0 || w == 0 || *s == '-')
		return best;
	snprintf(out, NAME_MAX_LEN, "%.*s", (int)w, s);
	return best + 1;
}

bool
names_fixed(const struct names *n, const uint32_t *oid, unsigned len)
{
	size_t i;

	for (i = 0; i < NROWS; i++)
		if (oid_under(n->oid[i].id, n->oid[i].n, oid, len))
			return false;
	return true;
}
