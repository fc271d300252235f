using Synfin.Ip;
using Synfin.Timers;

namespace Synfin.Ethernet;

/// <summary>One of an interface's addresses, as it is now.</summary>
/// <param name="Prefix">The address with the length of its subnet's prefix.</param>
/// <param name="State">Where it is in its life.</param>
/// <param name="IsAutomatic">Whether stateless autoconfiguration made it (RFC 4862).</param>
/// <param name="PreferredUntil">When it becomes deprecated; <see cref="Timestamp.Never"/> unless a router says so.</param>
/// <param name="ValidUntil">When it goes; <see cref="Timestamp.Never"/> unless a router says so.</param>
public readonly record struct InterfaceAddress(
    AddressPrefix Prefix, AddressState State, bool IsAutomatic, Timestamp PreferredUntil, Timestamp ValidUntil);
