using Synfin.Ip;
using Synfin.Wire;

namespace Synfin.Dhcp;

/// <summary>A route of a lease (RFC 3442, or the router of RFC 2132 3.5).</summary>
/// <param name="Destination">The subnet.</param>
/// <param name="Gateway">The router; null if the subnet is on the link.</param>
public readonly record struct DhcpRoute(AddressPrefix Destination, InternetAddress? Gateway);
