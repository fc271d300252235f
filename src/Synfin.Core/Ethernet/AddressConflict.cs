using Synfin.Wire;

namespace Synfin.Ethernet;

/// <summary>Another host on the link uses one of our addresses.</summary>
/// <param name="Address">The address.</param>
/// <param name="Other">The other host's Ethernet address.</param>
/// <param name="GivenUp">Whether we gave the address up; else it is defended (RFC 5227 2.4 (b)).</param>
public readonly record struct AddressConflict(InternetAddress Address, MacAddress Other, bool GivenUp);
